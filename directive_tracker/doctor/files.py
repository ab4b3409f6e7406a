"""Where files lie: uploads, the log's head, backups."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from directive_tracker.doctor.findings import error, ok, skipped, warning
from directive_tracker.watching.state import newest_backup

Found = list[tuple]
GIGABYTE = 1024**3
LITTLE, VERY_LITTLE = 5 * GIGABYTE, GIGABYTE // 2
# A day and some hours: last night's backup is still running.
OLD = timedelta(hours=26)
PROBE = b"doctor"


def look_at_storage() -> Found:
    """Whether a file can be written, read and taken away, and how much room is left."""
    # With STORAGE_URL the files lie in a store, not in a folder.
    is_folder = isinstance(default_storage, FileSystemStorage)
    where = str(settings.MEDIA_ROOT) if is_folder else "kho tệp (STORAGE_URL)"
    name = f"doctor-{secrets.token_hex(8)}"
    try:
        kept = default_storage.save(name, ContentFile(PROBE))
        with default_storage.open(kept) as file:
            content = file.read()
        default_storage.delete(kept)
    except OSError as problem:
        words = "hết chỗ trên đĩa" if problem.errno == 28 else problem.strerror or problem.__class__.__name__
        do = "Xem chỗ trống và quyền của thư mục MEDIA_ROOT." if is_folder else "Xem STORAGE_URL và kho tệp."
        return [error(f"Không ghi được tệp vào {where}: {words}.", do)]
    found: Found = []
    if content != PROBE:
        found.append(
            error("Tệp đọc lại khác tệp đã ghi.", "Xem ổ đĩa hoặc kho tệp; dừng nhận tệp cho tới khi sửa xong.")
        )
    media = Path(settings.MEDIA_ROOT)
    if is_folder and media.is_dir():
        found += _room(media)
        if media.stat().st_mode & 0o007:
            found.append(warning(f"Ai trên máy cũng xem được thư mục tệp {media}.", f"chmod o-rwx {media}"))
    return found or [ok("Ghi, đọc, xóa tệp được; còn đủ chỗ.")]


def _room(folder: Path) -> Found:
    disk = os.statvfs(folder)
    free = disk.f_bavail * disk.f_frsize
    if free < VERY_LITTLE:
        return [
            error(
                f"Ổ đĩa của {folder} chỉ còn {free / GIGABYTE:.1f} GB.", "Thêm chỗ ngay: báo cáo có tệp sắp bị từ chối."
            )
        ]
    if free < LITTLE:
        return [warning(f"Ổ đĩa của {folder} còn {free / GIGABYTE:.1f} GB.", "Thêm chỗ.")]
    if disk.f_files and disk.f_favail < 10_000:
        return [warning(f"Ổ đĩa của {folder} sắp hết số tệp (inode).", "Dọn tệp nhỏ hoặc thêm ổ đĩa.")]
    return []


def look_at_kept_files() -> Found:
    """Whether what is kept outside the database can be written."""
    found: Found = []
    for name in ("AUDIT_HEAD_FILE", "ERASED_FILE"):
        path = getattr(settings, name)
        if not path:
            continue
        folder = Path(path).parent
        if not os.access(folder, os.W_OK) or (Path(path).exists() and not os.access(path, os.W_OK)):
            found.append(
                error(f"Không ghi được {name} ({path}).", f"Tạo thư mục {folder} và giao cho tài khoản của dịch vụ.")
            )
    return found or [ok("Ghi được tệp đuôi nhật ký và sổ đã xóa.")]


def look_at_backups() -> Found:
    """How old the newest whole backup is."""
    do = "manage.py backup (hẹn giờ: theodoi-backup.timer)"
    newest = newest_backup()
    if newest is None:
        if settings.DEMO:
            return [skipped("Bản dùng thử: không cần sao lưu.")]
        return [warning(f"Chưa có bản sao lưu nào trong {settings.BACKUP_DIR}.", do)]
    age = datetime.now(UTC) - newest
    if age > OLD:
        return [error(f"Bản sao lưu mới nhất đã {age.total_seconds() / 3600:.0f} giờ.", do)]
    if Path(settings.BACKUP_DIR).stat().st_dev == Path(settings.VAR_DIR).parent.stat().st_dev and not settings.EMBEDDED:
        return [warning("Bản sao lưu nằm cùng ổ đĩa với chương trình.", "Chép sang máy khác mỗi ngày.")]
    return [ok(f"Bản sao lưu mới nhất cách đây {age.total_seconds() / 3600:.0f} giờ.")]
