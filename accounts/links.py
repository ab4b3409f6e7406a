"""Links with which a person sets a password: made, addressed, opened, used once.

The address carries the row's number and an HMAC over the row under SECRET_KEY. The HMAC is stored nowhere: whoever reads
the database cannot open a link, and a link for one purpose or person cannot be turned into another.
All times are real times but `at`, which is the pages' clock and dates the audit and the mails.
"""

import base64
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.debug import sensitive_variables

from accounts import letters, signing, throttle
from accounts.models import AccountLink, LinkPurpose, User
from records import audit

VALID_FOR = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.RESET: timedelta(hours=2)}
# A printed sheet has to be carried to somebody; a reset never lives longer than a day.
PRINTED_RESET = timedelta(hours=24)
PAGES = {LinkPurpose.INVITATION: "accounts:invitation", LinkPurpose.RESET: "accounts:password_reset_link"}
LETTERS = {LinkPurpose.INVITATION: letters.INVITATION, LinkPurpose.RESET: letters.RESET}
# Number and secret in groups, short enough to be typed from paper.
TOKEN = re.compile(r"([1-9][0-9]{0,17})-([a-z2-7]{5}(?:-[a-z2-7]{5}){3})")

ASK_AGAIN = "Hãy xin đường dẫn mới ở trang “Quên mật khẩu” hoặc hỏi người quản trị."
REFUSALS = {
    "forged": "Đường dẫn không đúng. Có thể dòng địa chỉ bị cắt hoặc gõ nhầm; hãy mở lại từ thư.",
    "purpose": "Đường dẫn này dùng cho việc khác. Hãy mở đúng đường dẫn ghi trong thư.",
    "used": "Đường dẫn này đã được dùng. Nếu chính anh/chị đã dùng thì hãy đăng nhập; nếu không, báo ngay cho người quản trị.",
    "replaced": "Đã có đường dẫn mới hơn thay cho đường dẫn này. Hãy dùng thư gửi sau cùng.",
    "ended": f"Đường dẫn này đã bị hủy. {ASK_AGAIN}",
    "expired": f"Đường dẫn đã hết hạn. {ASK_AGAIN}",
    "deactivated": "Tài khoản này đang bị khóa. Xin liên hệ người quản trị.",
    "address": f"Địa chỉ thư của tài khoản đã thay đổi sau khi gửi đường dẫn này. {ASK_AGAIN}",
    "somebody_else": "Đường dẫn này gửi cho người khác, không phải người đang đăng nhập trên máy này. Hãy đăng xuất rồi mở lại.",
}


class LinkRefused(Exception):
    """A link that opens nothing; `code` is a key of REFUSALS, the text its sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(REFUSALS[code])
        self.code = code


# --- making -------------------------------------------------------------------------------------


@transaction.atomic
def make_many(
    users: Iterable[User], purpose: str, by: User | None, now: datetime, *, printed: bool = False
) -> list[AccountLink]:
    """One open link for each person; the open ones they had are ended.

    Args:
        users: to whom; an inactive person gets none.
        purpose: a LinkPurpose.
        by: who has it made; None when the person asked for it.
        now: real time.
        printed: handed over on paper: it is bound to no mail address.

    Returns: the new links, by the persons' numbers.
    """
    # The lock keeps two who make a link for the same person apart: one open link a person.
    found = User.objects.select_for_update().filter(pk__in=[user.pk for user in users], is_active=True).order_by("pk")
    people = list(found)
    end_open(people, now=now)
    valid_for = PRINTED_RESET if printed and purpose == LinkPurpose.RESET else VALID_FOR[LinkPurpose(purpose)]
    return AccountLink.objects.bulk_create(
        AccountLink(
            user=user,
            purpose=purpose,
            nonce=secrets.token_urlsafe(32),
            email="" if printed else user.email,
            made_by=by,
            made_at=now,
            expires_at=now + valid_for,
        )
        for user in people
    )


def make(user: User, purpose: str, by: User | None, now: datetime, *, printed: bool = False) -> AccountLink:
    """One link for one person; see make_many. Errors: LinkRefused("deactivated") for an inactive person."""
    made = make_many([user], purpose, by, now, printed=printed)
    if not made:
        raise LinkRefused("deactivated")
    return made[0]


def end_open(users: Iterable[User], *, now: datetime) -> int:
    """Let the open links of these people open nothing any more; how many there were."""
    return AccountLink.objects.filter(
        user__in=[user.pk for user in users], used_at__isnull=True, ended_at__isnull=True
    ).update(ended_at=now)


# --- telling ------------------------------------------------------------------------------------


@transaction.atomic
def send_many(
    users: Sequence[User], purpose: str, *, by: User | None, now: datetime, at: datetime, ip: str | None = None
) -> int:
    """Make links and have them mailed; one row in the audit, with the count where there are several.

    Args:
        users: to whom; people without a mail address or switched off are left out.
        purpose: a LinkPurpose.
        by: who sends; None when the person asked.
        now, at: real time and the pages' clock.
        ip: the caller's address.

    Returns: how many links were sent.
    """
    made = make_many([user for user in users if user.email], purpose, by, now)
    if not made:
        return 0
    letters.tell_many([letters.Letter(LETTERS[LinkPurpose(purpose)], link.user, link) for link in made], now=at)
    verb = "account.invited" if purpose == LinkPurpose.INVITATION else "account.reset_sent"
    one = made[0].user if len(made) == 1 else None
    audit.record(verb, by=by, at=at, target=one, data={} if one else {"count": len(made)}, ip=ip)
    return len(made)


@dataclass(frozen=True)
class Invited:
    """What became of inviting several people: links sent, and who was left out why."""

    sent: int
    had_password: int
    without_mail: int
    switched_off: int

    def sentence(self) -> str:
        """In words, for the page that asked."""
        left_out = [
            f"{words} ({count})"
            for words, count in (
                ("đã có mật khẩu", self.had_password),
                ("chưa có địa chỉ thư", self.without_mail),
                ("tài khoản đang khóa", self.switched_off),
            )
            if count
        ]
        return f"Đã gửi {self.sent} lời mời." + (f" Bỏ qua: {', '.join(left_out)}." if left_out else "")


def invite(users: Iterable[User], *, by: User, now: datetime, at: datetime, ip: str | None = None) -> Invited:
    """Invite all of these people who have no password yet; see send_many."""
    people = list(users)
    active = [user for user in people if user.is_active]
    new = [user for user in active if not user.has_usable_password()]
    reachable = [user for user in new if user.email]
    return Invited(
        sent=send_many(reachable, LinkPurpose.INVITATION, by=by, now=now, at=at, ip=ip),
        had_password=len(active) - len(new),
        without_mail=len(new) - len(reachable),
        switched_off=len(people) - len(active),
    )


def without_password() -> QuerySet[User]:
    """Active people who never set a password."""
    return User.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)


def not_invited(*, now: datetime) -> QuerySet[User]:
    """Those of them who hold no invitation that could be used now."""
    usable = AccountLink.objects.filter(
        Q(email="") | Q(email=OuterRef("email")),
        user=OuterRef("pk"),
        used_at__isnull=True,
        ended_at__isnull=True,
        expires_at__gt=now,
    )
    return without_password().exclude(Exists(usable))


def purpose_for(user: User) -> str:
    """An invitation for somebody who never had a password, else a reset."""
    return LinkPurpose.RESET if user.has_usable_password() else LinkPurpose.INVITATION


# --- the address --------------------------------------------------------------------------------


def _mac(link: AccountLink, key: str) -> str:
    """The secret of a link under one key: 100 bits of an HMAC, in letters and digits that paper does not confuse."""
    value = "\n".join((str(link.pk), link.purpose, link.nonce, str(link.user_id), link.email))
    digest = salted_hmac("accounts.links", value, secret=key, algorithm="sha256").digest()
    text = base64.b32encode(digest).decode().lower()
    return "-".join(text[start : start + 5] for start in range(0, 20, 5))


def token(link: AccountLink) -> str:
    """The last part of the address: the row's number and its secret."""
    return f"{link.pk}-{_mac(link, settings.SECRET_KEY)}"


def address(link: AccountLink) -> str:
    """The full address that opens the link. It belongs into a mail or onto a sheet, and nowhere else."""
    return settings.SITE_URL + reverse(PAGES[LinkPurpose(link.purpose)], args=[token(link)])


def is_open(link: AccountLink, *, now: datetime) -> bool:
    """Whether the link could be used now by the person it was made for."""
    return _refusal(link, now=now) is None


def _refusal(link: AccountLink, *, now: datetime) -> str | None:
    """Why a genuine link opens nothing, or None."""
    if link.used_at:
        return "used"
    if link.ended_at:
        newer = AccountLink.objects.filter(user=link.user_id, pk__gt=link.pk).exists()
        return "replaced" if newer else "ended"
    if link.expires_at <= now:
        return "expired"
    if not link.user.is_active:
        return "deactivated"
    if link.email and link.email != link.user.email:
        return "address"
    return None


def open_link(token: str, purpose: str, now: datetime, *, signed_in: Any = None) -> AccountLink:
    """The link of an address, unchanged.

    Args:
        token: the last part of the address.
        purpose: the LinkPurpose of the page that was opened.
        now: real time.
        signed_in: who is signed in on this browser, if anybody.

    Errors: LinkRefused with the sentence to show.
    """
    # Typed from paper, capitals make no difference.
    found = TOKEN.fullmatch(token.lower())
    link = AccountLink.objects.select_related("user").filter(pk=int(found[1])).first() if found else None
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    # An unknown number answers like a wrong secret.
    if link is None or not any(hmac.compare_digest(_mac(link, key), found[2]) for key in keys):
        raise LinkRefused("forged")
    if link.purpose != purpose:
        raise LinkRefused("purpose")
    if signed_in is not None and signed_in.is_authenticated and signed_in.pk != link.user_id:
        raise LinkRefused("somebody_else")
    code = _refusal(link, now=now)
    if code:
        raise LinkRefused(code)
    return link


@sensitive_variables("typed")
def is_name_of(link: AccountLink, typed: str, *, now: datetime, at: datetime, ip: str | None = None) -> bool:
    """Whether the typed user name is the one of the link's person: a link that was forwarded is worth nothing alone.

    Wrong names are slowed down like wrong passwords, counted by link and address.
    Errors: signing.WaitFirst.
    """
    # A sign that no form lets through: nobody reaches this counter by typing a name on the sign-in page.
    subject = f"\0link {link.pk}"
    wait = throttle.begin(subject, ip, now=now)
    if wait:
        raise signing.WaitFirst(signing.wait_sentence(wait))
    if User.normalize_username(typed) == link.user.username:
        throttle.succeeded(subject, ip)
        return True
    audit.record("account.link_wrong_name", by=None, at=at, target=link.user, ip=ip)
    return False


# --- using --------------------------------------------------------------------------------------


@sensitive_variables("password")
@transaction.atomic
def use(link: AccountLink, password: str, now: datetime, *, at: datetime, ip: str | None = None) -> User:
    """Consume the link and set the password; everything that was signed in with the old one ends.

    Args:
        link: as open_link gave it.
        password: checked against the rules already.
        now, at: real time and the pages' clock.
        ip: the caller's address.

    Returns: the person. Errors: LinkRefused when the link was used, ended or outdated meanwhile.
    """
    # The person first: making a link locks in the same order.
    user = User.objects.select_for_update().get(pk=link.user_id)
    won = AccountLink.objects.filter(
        pk=link.pk, used_at__isnull=True, ended_at__isnull=True, expires_at__gt=now, user__is_active=True
    ).update(used_at=now)
    if not won or (link.email and link.email != user.email):
        raise LinkRefused(_refusal(AccountLink.objects.select_related("user").get(pk=link.pk), now=now) or "address")
    user.set_password(password)
    user.save(update_fields=["password"])
    signing.end_sessions(user)
    user.trusted_devices.filter(revoked_at__isnull=True).update(revoked_at=now)
    invited = link.purpose == LinkPurpose.INVITATION
    verb = "account.invitation_accepted" if invited else "account.password_reset"
    audit.record(verb, by=user, at=at, target=user, ip=ip)
    if not invited:
        letters.tell(letters.PASSWORD_CHANGED, user, now=at)
    return user
