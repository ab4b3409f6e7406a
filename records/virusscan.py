"""A scanner of the machine, where the installation names one: every upload passes it before it is opened."""

import subprocess

from django.conf import settings

from records.errors import UploadRefused

SECONDS = 60


def refuse_infected(data: bytes, name: str) -> None:
    """Give the bytes to the command of VIRUS_SCAN_COMMAND on its standard input; nothing where none is set.

    clamdscan and clamscan end with 0 for clean and 1 for infected. A scanner that gives no answer
    lets nothing pass: whoever sets it up relies on it.
    Errors: UploadRefused.
    """
    command = settings.VIRUS_SCAN_COMMAND
    if not command:
        return
    try:
        code = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False).returncode
    except (OSError, subprocess.SubprocessError):
        code = -1
    if code == 1:
        raise UploadRefused(f"Tệp “{name}” có mã độc nên bị từ chối. Hãy quét vi-rút máy tính trước khi gửi lại.")
    if code != 0:
        raise UploadRefused(f"Chưa quét được vi-rút cho tệp “{name}” nên chưa nhận. Xin thử lại sau ít phút.")
