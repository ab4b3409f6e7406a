"""The settings, and what the machine brings along."""

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks

from directive_tracker import settings as own
from directive_tracker.doctor.findings import error, ok, skipped, warning
from records import office_suite
from records.ocr.tools import find_tools

Found = list[tuple]
# What Django's own check says about a proxy in front, which our settings decide.
SILENT = ("security.W004", "security.W008")


def look_at_settings() -> Found:
    """Mode, secrets, names, https."""
    found: Found = []
    if settings.DEBUG:
        found.append(error("DEBUG đang bật: trang lỗi cho người lạ xem mã nguồn và cài đặt.", "Tắt DEBUG."))
    if settings.EMBEDDED:
        return [*found, *_embedded()]
    if os.geteuid() == 0:
        found.append(
            warning(
                "Lệnh đang chạy bằng root: quyền ghi tệp dưới đây là của root, không phải của dịch vụ.",
                "Chạy lại bằng tài khoản của dịch vụ (runuser -u theodoi -- …).",
            )
        )
    if own.ENV_FILE and Path(own.ENV_FILE).is_file() and Path(own.ENV_FILE).stat().st_mode & 0o007:
        found.append(warning(f"Ai trên máy cũng đọc được tệp biến {own.ENV_FILE}.", f"chmod o-rwx {own.ENV_FILE}"))
    for told in checks.run_checks(include_deployment_checks=True):
        if told.id not in SILENT:
            found.append((error if told.level >= checks.ERROR else warning)(f"{told.id}: {told.msg}", told.hint or ""))
    if urlsplit(settings.SITE_URL).hostname in ("localhost", "127.0.0.1"):
        found.append(error("SITE_URL trỏ về chính máy này; đường dẫn trong thư sẽ không mở được.", "Đặt SITE_URL."))
    if settings.BACKUP_KEY is None:
        found.append(
            warning("Bản sao lưu chưa được mã hóa.", "Đặt BACKUP_KEY (xem .env.example) và giữ khóa ở nơi khác.")
        )
    if not settings.METRICS_TOKEN:
        found.append(warning("Chưa mở /metrics, nên không ai được báo khi hệ thống hỏng.", "Đặt METRICS_TOKEN."))
    return found or [ok("Cài đặt chạy thật: khóa, tên máy, https đều có.")]


def _embedded() -> Found:
    found: Found = []
    for name in ("secret-key", "field-key"):
        path = settings.VAR_DIR / name
        if path.exists() and path.stat().st_mode & 0o077:
            found.append(error(f"Người khác trên máy đọc được khóa {path}.", f"chmod 600 {path}"))
    if not settings.SQLITE and not settings.DEMO:
        found.append(
            warning("EMBEDDED=true với PostgreSQL: không bắt buộc https.", "Đặt EMBEDDED=false khi chạy thật.")
        )
    words = "Bản dùng thử trên một máy" if settings.DEMO else "Bản một máy (EMBEDDED=true): http, chỉ máy này"
    return found or [ok(f"{words}.")]


def look_at_time_zone() -> Found:
    """Whether Asia/Ho_Chi_Minh is seven hours ahead here."""
    try:
        offset = datetime(2024, 4, 15, 12, tzinfo=ZoneInfo(settings.TIME_ZONE)).utcoffset()
    except ZoneInfoNotFoundError:
        return [error(f"Không có dữ liệu múi giờ {settings.TIME_ZONE}.", "Cài lại gói tzdata (requirements.txt).")]
    if offset is None or offset.total_seconds() != 7 * 3600:
        return [error(f"Múi giờ {settings.TIME_ZONE} trên máy này sai: {offset}.", "Cài lại gói tzdata.")]
    return [ok(f"Múi giờ {settings.TIME_ZONE}: UTC+7.")]


def look_at_programs() -> Found:
    """Programs that the application can do without, each with what is missing then."""
    found: Found = []
    if office_suite.find_program() is None:
        found.append(
            warning(
                "Không có LibreOffice: không lập được PDF.", "apt-get install libreoffice-writer-nogui fonts-croscore"
            )
        )
    elif not _has_fonts():
        found.append(warning("Thiếu phông chữ Tinos (thay Times New Roman) cho PDF.", "apt-get install fonts-croscore"))
    if find_tools() is None:
        found.append(
            warning("Không có Tesseract với tiếng Việt: không đọc được bản quét.", "apt-get install tesseract-ocr-vie")
        )
    if not settings.SQLITE and shutil.which("pg_dump") is None:
        found.append(error("Không có pg_dump: không sao lưu được.", "apt-get install postgresql-client"))
    command = settings.VIRUS_SCAN_COMMAND
    if command and shutil.which(command[0]) is None:
        found.append(
            error(f"Không có chương trình quét vi-rút “{command[0]}”: không tệp nào được nhận.", "Cài chương trình đó.")
        )
    return found or [ok("LibreOffice, Tesseract, phông chữ và các chương trình kèm theo đều có.")]


def _has_fonts() -> bool:
    """Whether a font with the widths of Times New Roman is there; True where nobody can say."""
    program = shutil.which("fc-list")
    if program is None:
        return True
    told = subprocess.run([program, ":", "family"], capture_output=True, text=True, check=False, timeout=4)
    return any(name in told.stdout for name in ("Tinos", "Liberation Serif", "Times New Roman"))


def look_at_static() -> Found:
    """Whether the files of the look are collected and are those of this version."""
    if settings.STATIC_ROOT is None:
        return [skipped("Bản một máy: tệp giao diện lấy thẳng từ mã nguồn.")]
    do = "manage.py collectstatic --no-input, rồi khởi động lại dịch vụ web."
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.is_file():
        return [error(f"Chưa gom tệp giao diện: không có {manifest}.", do)]
    newest = max(
        (path.stat().st_mtime for path in (settings.BASE_DIR / "static").rglob("*") if path.is_file()), default=0
    )
    if newest > manifest.stat().st_mtime + 1:
        return [warning("Tệp giao diện trong mã nguồn mới hơn bản đã gom.", do)]
    return [ok("Tệp giao diện đã gom.")]
