"""The database, and what it says about the work: tick, mails, keys, the log."""

import time
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection, connections
from django.db.models import Min
from django.utils import timezone

from directive_tracker import clock, crypto, replica
from directive_tracker.backups import loading
from directive_tracker.doctor.findings import error, ok, skipped, warning
from directive_tracker.health import TICK_OVERDUE
from directive_tracker.logs import masked
from directive_tracker.watching.state import pending_rooms
from notifications.models import ChannelKind, Message, MessageState, Pulse, UnitAddress
from records import headfile
from records.models import AuditEvent
from veterans import sensitive
from veterans.models import SensitiveValue

Found = list[tuple]
# PostgreSQL as Django 5.2 wants it.
LEAST_POSTGRES = 14
SKEW = 2.0
SLOW = 0.05


def look_at_database() -> Found:
    """Whether it answers, what it is, how fast, how many connections are left."""
    try:
        connection.ensure_connection()
        began = time.perf_counter()
        _ask("SELECT 1")
        seconds = time.perf_counter() - began
        found = _sqlite() if connection.vendor == "sqlite" else _postgres()
    except Error as problem:
        where = headfile.database_name()
        return [error(f"Cơ sở dữ liệu ({where}) không trả lời: {_words(problem)}.", _what_to_do(str(problem)))]
    if seconds > SLOW:
        found.append(warning(f"Câu hỏi nhỏ nhất mất {seconds * 1000:.0f} ms.", "Đặt cơ sở dữ liệu gần máy web hơn."))
    return found


def _ask(sql: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()


def _words(problem: Error) -> str:
    """The first line of what the database said."""
    return masked(str(problem)).strip().partition("\n")[0] or problem.__class__.__name__


def _what_to_do(said: str) -> str:
    """The likely reason, from PostgreSQL's own words."""
    for needle, words in (
        ("password authentication failed", "Sai người dùng hoặc mật khẩu trong DATABASE_URL."),
        ("Connection refused", "Dịch vụ PostgreSQL chưa chạy, hoặc máy/cổng trong DATABASE_URL sai."),
        ("does not exist", "Chưa có cơ sở dữ liệu hoặc người dùng đó; tạo theo docs/deployment.md."),
        ("could not translate host name", "Tên máy trong DATABASE_URL không có trong DNS."),
        ("too many clients", "Hết kết nối: tăng max_connections hoặc giảm WEB_WORKERS."),
        ("remaining connection slots", "Hết kết nối: tăng max_connections hoặc giảm WEB_WORKERS."),
        ("no pg_hba.conf entry", "Máy này chưa được phép trong pg_hba.conf."),
        ("unable to open database file", "Thư mục của tệp SQLite không có hoặc không ghi được."),
        ("file is not a database", "Tệp SQLite hỏng; khôi phục từ bản sao lưu (manage.py restore)."),
    ):
        if needle in said:
            return words
    return "Xem DATABASE_URL, dịch vụ cơ sở dữ liệu và nhật ký của nó."


def _sqlite() -> Found:
    (mode,) = _ask("PRAGMA journal_mode")
    found: Found = []
    if mode != "wal":
        found.append(
            warning(
                f"SQLite đang ở chế độ “{mode}”, không phải WAL: người đọc và người ghi chờ nhau.", "Khởi động lại."
            )
        )
    if not settings.EMBEDDED:
        found.append(
            warning("Chạy thật bằng SQLite: chỉ hợp với một máy.", "Chuyển sang PostgreSQL khi có nhiều đơn vị.")
        )
    (whole,) = _ask("PRAGMA quick_check(1)")
    if whole != "ok":
        found.append(error("Tệp SQLite hỏng.", "Dừng chương trình, khôi phục từ bản sao lưu (manage.py restore)."))
    return found or [ok("SQLite trả lời, tệp nguyên vẹn.")]


def _postgres() -> Found:
    version, encoding, collation, used, most, reads_only = _ask(
        "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datcollate, "
        "(SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), "
        "current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int, "
        "pg_is_in_recovery() FROM pg_database WHERE datname = current_database()"
    )
    found: Found = []
    if version // 10000 < LEAST_POSTGRES:
        found.append(error(f"PostgreSQL {version // 10000} quá cũ.", f"Nâng lên PostgreSQL {LEAST_POSTGRES} trở lên."))
    if encoding != "UTF8":
        found.append(
            error(
                f"Bảng mã của cơ sở dữ liệu là {encoding}, không phải UTF8.",
                "Tạo lại cơ sở dữ liệu với ENCODING 'UTF8'.",
            )
        )
    if reads_only:
        found.append(error("DATABASE_URL trỏ tới máy bản sao chỉ đọc.", "Trỏ DATABASE_URL tới máy chính."))
    if used > 0.8 * most:
        found.append(
            warning(
                f"Đã dùng {used} trong {most} kết nối.",
                "Tăng max_connections hoặc giảm WEB_WORKERS, số luồng của worker.",
            )
        )
    good = f"PostgreSQL {version // 10000}, UTF8, {collation}, {used}/{most} kết nối."
    return found or [ok(good)]


def look_at_clock() -> Found:
    """Whether this machine and the database's agree about the time."""
    if connection.vendor == "sqlite":
        return [skipped("SQLite dùng đồng hồ của chính máy này.")]
    before = time.time()
    (there,) = _ask("SELECT EXTRACT(EPOCH FROM clock_timestamp())::float8")
    skew = there - (before + time.time()) / 2
    if abs(skew) > SKEW:
        return [
            error(
                f"Đồng hồ máy này lệch {abs(skew):.0f} giây so với máy cơ sở dữ liệu.",
                "Bật đồng bộ giờ (NTP: systemd-timesyncd hoặc chrony) trên cả hai máy.",
            )
        ]
    return [ok("Đồng hồ khớp với máy cơ sở dữ liệu.")]


def look_at_migrations() -> Found:
    """Whether the tables are those of this code."""
    try:
        rooms = pending_rooms()
    except Error:
        rooms = ["tất cả"]
    if rooms:
        return [error(f"Bảng dữ liệu cũ hơn chương trình ({', '.join(rooms)}).", "manage.py migrate")]
    return [ok("Bảng dữ liệu đúng phiên bản.")]


def look_at_restore() -> Found:
    """Whether a restore stopped half-way: its data must not be used, or have not come at all."""
    if loading.mark_is_there():
        return [
            error(
                "Lần khôi phục trước dừng giữa chừng: dữ liệu đã nạp nhưng chưa dùng được, mọi thư bị giữ.",
                "Dừng web, worker, beat; chạy lại đúng lệnh cũ: manage.py restore TÊN-TỆP",
            )
        ]
    if left := loading.left_half():
        return [
            error(
                f"Một lần khôi phục đang nạp, hoặc đã bị ngắt lúc nạp: có tệp {left}.",
                f"Nếu không còn lệnh nào đang chạy: chạy lại manage.py restore TÊN-TỆP; không khôi phục nữa thì rm {left}",
            )
        ]
    return [ok("Không có lần khôi phục nào dở dang.")]


def look_at_tick() -> Found:
    """When reminding ran last."""
    last = Pulse.objects.filter(pk=1).values_list("last_tick", flat=True).first()
    do = "Khởi động worker và beat (systemctl status theodoi-worker theodoi-beat)."
    if last is None:
        return [warning("Chưa có nhịp nhắc việc nào: thư chưa bao giờ được gửi.", do)]
    age = timezone.now() - last
    if age > TICK_OVERDUE:
        return [error(f"Nhịp nhắc việc dừng {_span(age)} rồi: thư nhắc không đi.", do)]
    return [ok(f"Nhịp nhắc việc gần nhất cách đây {_span(age)}.")]


def _span(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    for size, word in ((86400, "ngày"), (3600, "giờ"), (60, "phút")):
        if seconds >= 2 * size:
            return f"{seconds // size} {word}"
    return f"{max(0, seconds)} giây"


def look_at_sending() -> Found:
    """Whether mails are held, given up, or lie too long."""
    found: Found = []
    held = Pulse.objects.filter(pk=1, held_since__isnull=False).values_list("held_reason", flat=True).first()
    if held is not None:
        found.append(
            warning(f"Mọi thư đang được giữ lại: {held}", "Xem trang Thư của hệ thống, bấm “Gửi lại bình thường”.")
        )
    dead = Message.objects.filter(state=MessageState.DEAD).count()
    if dead:
        found.append(
            warning(f"{dead} thư không gửi được.", "Xem lý do ở trang Thư của hệ thống, sửa địa chỉ rồi gửi lại.")
        )
    failing = Message.objects.filter(state=MessageState.PLANNED, attempts__gte=3)
    count = failing.count()
    if count:
        found.append(
            warning(f"{count} thư đã thử ba lần trở lên mà chưa đi.", "Xem mục “mail” ở đây và trang Thư của hệ thống.")
        )
    return found or [ok("Không thư nào bị giữ hay hỏng.")]


def look_at_keys() -> Found:
    """Whether FIELD_KEY opens what stands sealed in the database."""
    tried = closed = 0
    for value in [*SensitiveValue.objects.order_by("-pk")[:5], *SensitiveValue.objects.order_by("pk")[:5]]:
        tried += 1
        try:
            sensitive.opened(value)
        except crypto.Unreadable:
            closed += 1
    for address in UnitAddress.objects.filter(channel=ChannelKind.WEBHOOK).order_by("-pk")[:5]:
        tried += 1
        try:
            _ = address.secrets
        except crypto.Unreadable:
            closed += 1
    if closed:
        return [
            error(
                f"FIELD_KEY không mở được {closed} trong {tried} giá trị đã mã hóa vừa thử.",
                "Đặt lại đúng FIELD_KEY, hoặc thêm khóa cũ vào FIELD_KEY_FALLBACKS; đừng nhập gì cho tới khi sửa xong.",
            )
        ]
    return (
        [ok(f"FIELD_KEY mở được {tried} giá trị vừa thử.")] if tried else [skipped("Chưa có giá trị nào được mã hóa.")]
    )


def look_at_log() -> Found:
    """Whether the log is sealed, and its end is what the file outside the database says."""
    found: Found = []
    oldest = AuditEvent.objects.filter(number__isnull=True).aggregate(oldest=Min("at"))["oldest"]
    if oldest is not None and clock.now() - oldest > timedelta(minutes=10):
        found.append(
            error(
                f"Nhật ký có dòng chưa niêm phong từ {_span(clock.now() - oldest)} trước.",
                "Xem worker có chạy không; nếu có, chạy manage.py verify_audit.",
            )
        )
    try:
        path = headfile.own_path()
        head = headfile.read(path) if path else None
    except headfile.HeadFileError as problem:
        return [*found, error(f"Tệp đuôi nhật ký: {problem}", "Xem quyền của tệp AUDIT_HEAD_FILE.")]
    if path is None:
        return [
            *found,
            warning("Không giữ tệp đuôi nhật ký: không thấy được khi nhật ký bị cắt.", "Đặt AUDIT_HEAD_FILE."),
        ]
    if head is None:
        there = AuditEvent.objects.filter(number__isnull=False).exists()
        if there:
            found.append(warning(f"Chưa có tệp đuôi nhật ký {path}.", "Xem thư mục đó có ghi được không."))
        return found or [skipped("Nhật ký còn trống.")]
    row = AuditEvent.objects.filter(number=head.count).values_list("hash", flat=True).first()
    if row != head.hash:
        found.append(
            error(
                f"Nhật ký trong cơ sở dữ liệu không còn dòng {head.count} mà tệp {path.name} đã ghi.",
                "Nhật ký bị cắt hoặc cơ sở dữ liệu là bản cũ hơn: chạy manage.py verify_audit.",
            )
        )
    return found or [ok(f"Nhật ký khớp với tệp đuôi ({head.count} dòng).")]


def look_at_replica() -> Found:
    """Whether the replica answers and follows."""
    if replica.ALIAS not in connections.settings:
        return [skipped("Không dùng máy bản sao (DATABASE_REPLICA_URL).")]
    try:
        follows, lag = replica.standing()
    except Error as problem:
        return [
            warning(f"Máy bản sao không trả lời: {_words(problem)}.", "Trang vẫn chạy bằng máy chính; xem máy bản sao.")
        ]
    finally:
        connections[replica.ALIAS].close()
    if not follows:
        return [
            error(
                "DATABASE_REPLICA_URL không phải máy bản sao đang theo máy chính.", "Sửa địa chỉ hoặc dựng lại bản sao."
            )
        ]
    if lag is not None and lag > 60:
        return [warning(f"Máy bản sao chậm {lag:.0f} giây.", "Xem mạng và ổ đĩa của máy bản sao.")]
    return [ok("Máy bản sao theo kịp.")]
