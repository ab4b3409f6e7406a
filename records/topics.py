"""What an event is about: the groups by which the log is filtered and by which it is decided who sees what.

The topic is stored with the event and is part of its hash: nobody can move an event out of sight afterwards.
"""

from django.db import models


class Topic(models.TextChoices):
    SIGN_IN = "sign_in", "Đăng nhập, tài khoản"
    RIGHTS = "rights", "Quyền, vai trò"
    UNITS = "units", "Đơn vị, địa bàn, lịch"
    DIRECTIVES = "directives", "Văn bản chỉ đạo"
    WORK = "work", "Phần việc"
    REPORTS = "reports", "Báo cáo"
    NOTICES = "notices", "Nhắc việc, thư"
    FILES = "files", "Xem và tải tệp"
    EXPORTS = "exports", "Kết xuất"
    REGISTRY = "registry", "Sổ tri ân"
    SYSTEM = "system", "Hệ thống"


# By the word before the dot of a verb; words that are missing go by the kind of object.
_BY_VERB = {
    "account": Topic.SIGN_IN,
    "session": Topic.SIGN_IN,
    "device": Topic.SIGN_IN,
    "second_factor": Topic.SIGN_IN,
    "link": Topic.SIGN_IN,
    "api_token": Topic.SIGN_IN,
    "membership": Topic.RIGHTS,
    "deputation": Topic.RIGHTS,
    "people": Topic.RIGHTS,
    "unit": Topic.UNITS,
    "calendar": Topic.UNITS,
    "directive": Topic.DIRECTIVES,
    "text": Topic.DIRECTIVES,
    "cited": Topic.DIRECTIVES,
    "task": Topic.WORK,
    "assignment": Topic.WORK,
    "extension": Topic.WORK,
    "report": Topic.REPORTS,
    "section": Topic.REPORTS,
    "message": Topic.NOTICES,
    "notice": Topic.NOTICES,
    "file": Topic.FILES,
    "export": Topic.EXPORTS,
    "person": Topic.REGISTRY,
    "registry": Topic.REGISTRY,
    "area": Topic.REGISTRY,
    "audit": Topic.SYSTEM,
    "backup": Topic.SYSTEM,
}
# Whole verbs that belong elsewhere than their first word says.
_BY_WHOLE_VERB = {
    "account.left": Topic.RIGHTS,
    "account.first_administrator": Topic.RIGHTS,
    "units.imported": Topic.RIGHTS,
    "units.exported": Topic.EXPORTS,
}
# By the beginning of the kind of object, the longest first.
_BY_TARGET = (
    ("tasks.directive", Topic.DIRECTIVES),
    ("tasks.unitreport", Topic.REPORTS),
    ("tasks.progressreport", Topic.REPORTS),
    ("tasks.", Topic.WORK),
    ("accounts.", Topic.RIGHTS),
    ("units.membership", Topic.RIGHTS),
    ("units.deputation", Topic.RIGHTS),
    ("units.", Topic.UNITS),
    ("notifications.", Topic.NOTICES),
    ("veterans.", Topic.REGISTRY),
)
# Rows attached to another one that are about rights, whatever the page was about.
_RIGHTS = {"units.membership", "units.deputation"}


def topic_of(verb: str, target_type: str, data: dict | None = None) -> Topic:
    """The topic of an event.

    An event about somebody's entry in the registry is always of the registry, an export of it too: only who keeps
    the registry sees it.
    """
    if target_type.startswith("veterans."):
        return Topic.REGISTRY
    if data and _RIGHTS & set(data.get("rows") or ()):
        return Topic.RIGHTS
    known = _BY_WHOLE_VERB.get(verb) or _BY_VERB.get(verb.partition(".")[0])
    if known is not None:
        return known
    return next((topic for start, topic in _BY_TARGET if target_type.startswith(start)), Topic.SYSTEM)
