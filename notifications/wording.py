"""The states of mails in words."""

from datetime import datetime, timedelta

from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime, vn_number
from notifications.forecast import Forecast
from notifications.models import Message, MessageState, Notice


def state_of(mail: Message) -> str:
    """In words: "đã gửi 07:30 16/4/2024", "sẽ gửi từ 07:30 16/4/2024", "không gửi được: …"."""
    if mail.state == MessageState.SENT:
        again = " (có thể đã gửi hai lần)" if mail.suspect else ""
        return f"đã gửi {vn_datetime(mail.sent_at)}{again}"
    if mail.state == MessageState.SENDING:
        return "đang gửi"
    if mail.state == MessageState.HELD:
        return "được giữ lại, chưa gửi"
    if mail.state == MessageState.SUPERSEDED:
        return "không còn cần gửi"
    if mail.state == MessageState.DEAD:
        return f"không gửi được: {mail.last_error or 'không rõ lý do'}"
    if mail.attempts:
        return f"chưa gửi được, sẽ thử lại (lần {mail.attempts}): {mail.last_error}"
    return f"sẽ gửi từ {vn_datetime(mail.due_at)}"


def mail_of(notice: Notice) -> str:
    """What became of the notice's mail, for its recipient; "" for one in the app only."""
    mail = notice.message
    if mail is None:
        return ""
    # The reasons of a mail server are for the office, not for the recipient.
    if mail.state == MessageState.DEAD:
        return "Thư không gửi được"
    if mail.state == MessageState.PLANNED and mail.attempts:
        return "Thư chưa gửi được, sẽ thử lại"
    return f"Thư {state_of(mail)}"


def state_of_work(applies: bool) -> str:
    """Whether what a notice asks for still waits; nothing about who did it."""
    return "Còn phải xử lý" if applies else "Không còn phải xử lý"


def next_sentence(seen: Forecast, now: datetime) -> str:
    """In words: "Ngày mai 07:30 gửi 12 thư, giữ lại 1."."""
    if not seen.mails:
        return f"Chưa có thư nào phải gửi vào {when_words(seen.opens, now)}."
    if seen.all_held:
        own = f"; {vn_number(seen.held)} thư trong số đó giữ riêng" if seen.held else ""
        return f"{vn_number(len(seen.mails))} thư phải gửi đến {when_words(seen.opens, now)} chờ Văn phòng cho gửi tiếp{own}."
    held = f", giữ lại {vn_number(seen.held)}" if seen.held else ""
    return f"{when_words(seen.opens, now).capitalize()} gửi {vn_number(seen.leaving)} thư{held}."


def when_words(moment: datetime, now: datetime) -> str:
    """In words: "hôm nay 07:30", "ngày mai 07:30" or "07:30 ngày 16/4/2024"."""
    day, today = timezone.localdate(moment, ZONE), timezone.localdate(now, ZONE)
    hour = f"{timezone.localtime(moment, ZONE):%H:%M}"
    words = {today: "hôm nay", today + timedelta(days=1): "ngày mai"}
    return f"{words[day]} {hour}" if day in words else f"{hour} ngày {vn_date(day)}"
