"""A mail by which an administrator sees whether mail leaves this machine."""

from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage

from accounts.models import User
from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import vn_datetime
from notifications.letters import Line, Refusal

TEXT = """{demo}Kính gửi đồng chí,

Đây là thư thử của phần mềm Theo dõi văn bản chỉ đạo, gửi lúc {when} theo yêu cầu của chính đồng chí.
Nhận được thư này nghĩa là máy chủ thư đã nối đúng. Địa chỉ phần mềm ghi trong các thư: {site}/

--
Thư tự động; xin không trả lời thư này.
"""


def send_trial(user: User, *, now: datetime) -> Refusal | None:
    """Hand a mail to the person over at once; it stands in no ledger.

    Returns: None when the server took it, else why not, in words.
    """
    demo = f"{DEMO_LINE}\n\n" if settings.DEMO else ""
    mail = EmailMessage(
        subject="Thư thử của phần mềm Theo dõi văn bản chỉ đạo",
        body=TEXT.format(demo=demo, when=vn_datetime(now), site=settings.SITE_URL),
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    with Line() as line:
        return line.send(mail)
