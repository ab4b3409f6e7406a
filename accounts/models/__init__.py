from accounts.models.links import AccountLink, LinkPurpose
from accounts.models.sessions import HeldForm, Session, TrustedDevice
from accounts.models.user import PeopleManager, SignInFailure, User

__all__ = [
    "AccountLink",
    "HeldForm",
    "LinkPurpose",
    "PeopleManager",
    "Session",
    "SignInFailure",
    "TrustedDevice",
    "User",
]
