"""Strict reading of environment variables: a value we do not understand stops the start, by name.

Every reader takes the variable's name and returns its value; each accepts NAME_FILE instead, the path of a file that holds
the value (Docker and systemd hand secrets over that way). Messages are Vietnamese: the person who starts the program reads them.
"""

import base64
import binascii
import datetime as dt
import importlib.util
import ipaddress
import os
import secrets
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

NOW = "now"


class SettingError(ImproperlyConfigured):
    """A variable is missing or its value is not understood; the message names the variable and says what to do."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"Biến môi trường {name}: {problem}; xem .env.example")
        self.name = name


def read(name: str) -> str | None:
    """Return the stripped value of NAME or the content of the file NAME_FILE; None when neither is given or it is empty.

    Raises SettingError when both are given, or when the file cannot be read.
    """
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip()
    if not path:
        return value or None
    if value:
        raise SettingError(name, f"chỉ đặt một trong hai, {name} hoặc {name}_FILE")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}_FILE", f"không đọc được tệp {path} ({error.__class__.__name__})") from error


def text(name: str, default: str = "") -> str:
    """Return the value as it stands, or `default`."""
    return read(name) or default


def flag(name: str, *, default: bool) -> bool:
    """Return a boolean. Only the words "true" and "false" are accepted, so that a typing error cannot mean "no"."""
    value = read(name)
    if value is None:
        return default
    if value not in ("true", "false"):
        raise SettingError(name, f"phải là true hoặc false, không phải “{value}”")
    return value == "true"


def number(name: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`; raises SettingError otherwise."""
    value = read(name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise SettingError(name, f"phải là số nguyên từ {least} đến {most}, không phải “{value}”")
    return int(value)


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """Return the comma-separated parts, without spaces around them and without empty ones."""
    value = read(name)
    if value is None:
        return list(default)
    return [part.strip() for part in value.split(",") if part.strip()]


def networks(name: str, default: tuple[str, ...] = ()) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Return the networks of a comma-separated list such as 10.1.0.0/16, 192.168.1.7; raises SettingError otherwise."""
    found = []
    for word in words(name, default):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError as error:
            raise SettingError(name, f"phải là các mạng dạng 10.1.0.0/16, không phải “{word}”") from error
    return found


def ports(name: str, default: tuple[int, ...]) -> list[int]:
    """Return the port numbers of a comma-separated list; raises SettingError otherwise."""
    found = []
    for word in words(name, tuple(str(number) for number in default)):
        if not (word.isascii() and word.isdigit()) or not 1 <= int(word) <= 65535:
            raise SettingError(name, f"phải là các cổng từ 1 đến 65535, không phải “{word}”")
        found.append(int(word))
    return found


def certificates(name: str) -> str:
    """Return the path of a file of certificates in PEM form, or ""; raises SettingError when it cannot be read as one."""
    path = text(name)
    if path:
        try:
            ssl.create_default_context(cafile=path)
        except (OSError, ssl.SSLError) as error:
            raise SettingError(name, f"không đọc được chứng chỉ PEM trong tệp {path}") from error
    return path


def day(name: str) -> dt.date | str | None:
    """Return a date (YYYY-MM-DD), the word "now", or None when not given; raises SettingError otherwise."""
    value = read(name)
    if value is None or value == NOW:
        return value
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise SettingError(name, f"phải là ngày dạng 2024-04-15 hoặc now, không phải “{value}”") from error


def hour(name: str, *, default: str, least: str = "00:00", most: str = "23:59") -> dt.time:
    """Return a time of day (HH:MM) from `least` to `most`; raises SettingError otherwise."""
    value = read(name) or default
    try:
        found = dt.datetime.strptime(value, "%H:%M").time()
    except ValueError as error:
        raise SettingError(name, f"phải là giờ dạng {default}, không phải “{value}”") from error
    if not least <= f"{found:%H:%M}" <= most:
        raise SettingError(name, f"phải từ {least} đến {most}, không phải “{value}”")
    return found


def database(name: str, default: str) -> dict[str, Any]:
    """Return Django's database settings for a SQLite or PostgreSQL address; raises SettingError for anything else."""
    value = read(name) or default
    # Not Env.db(): that one reads a value starting with "$" as the name of another variable.
    scheme = value.partition("://")[0]
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise SettingError(name, "phải bắt đầu bằng sqlite:// hoặc postgresql://")
    try:
        return environ.Env.db_url_config(value)
    except ValueError as error:
        raise SettingError(name, "địa chỉ cơ sở dữ liệu viết sai") from error


def storage(name: str) -> dict[str, Any]:
    """Return Django's entry for the files: a folder, or the store of s3://key:secret@host:port/bucket?region=…

    Plain http only with ?http=1 and only to an address inside a network: files and their keys would be readable on the way.
    Raises SettingError for anything else, and where the packages are missing.
    """
    value = read(name)
    if value is None:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    try:
        parts = urlsplit(value)
        port, asked = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise SettingError(name, "viết sai; phải là s3://khóa:mật-khẩu@máy:cổng/kho?region=…") from error
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password and bucket) or "/" in bucket:
        raise SettingError(name, "phải là s3://khóa:mật-khẩu@máy:cổng/kho?region=…")
    if asked.keys() - {"region", "http"} or asked.get("http", "1") != "1":
        raise SettingError(name, "sau dấu ? chỉ có region=… và http=1")
    if "http" in asked and not _is_inside(parts.hostname):
        raise SettingError(name, "http=1 chỉ dùng với máy trong mạng nội bộ; ra ngoài phải là https")
    if importlib.util.find_spec("storages") is None or importlib.util.find_spec("boto3") is None:
        raise SettingError(name, "cần cài thêm: pip install -r requirements-s3.txt")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return {
        "BACKEND": "directive_tracker.object_store.ObjectStorage",
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password),
            "bucket_name": bucket,
            "region_name": asked.get("region", "us-east-1"),
            "endpoint_url": f"{'http' if 'http' in asked else 'https'}://{host}{f':{port}' if port else ''}",
        },
    }


def _is_inside(host: str) -> bool:
    """Whether a host is of an own network: a private address, or a name without a domain."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return address.is_private


def email(name: str, default: str) -> dict[str, Any]:
    """Return Django's EMAIL_* settings for an address such as smtp://host:25 or filemail:////folder."""
    value = read(name) or default
    try:
        return environ.Env.email_url_config(value)
    except (ImproperlyConfigured, ValueError) as error:
        raise SettingError(name, "phải bắt đầu bằng smtp://, smtp+tls://, smtp+ssl:// hoặc filemail://") from error


def field_key(name: str, value: str) -> bytes:
    """Return the 32 bytes of a base64 key for encrypted fields; raises SettingError when it is something else."""
    try:
        key = base64.urlsafe_b64decode(value)
    except (binascii.Error, ValueError) as error:
        raise SettingError(name, "phải là khóa 32 byte viết bằng base64") from error
    if len(key) != 32:
        raise SettingError(name, "phải là khóa 32 byte viết bằng base64")
    return key


def is_typed_key(key: bytes) -> bool:
    """Whether a key of 32 bytes cannot be a random one: all alike, or nothing but typed signs, as in examples."""
    return len(set(key)) < 16 or all(0x20 <= byte < 0x7F for byte in key)


def is_weak_secret(secret: str) -> bool:
    """Whether a signing secret is too short, of too few signs, or one that a tool made as a placeholder."""
    return len(secret) < 50 or len(set(secret)) < 10 or secret.startswith("django-insecure-")


def new_field_key() -> str:
    """Return a fresh key for FIELD_KEY."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")


def kept(path: Path, fresh: str) -> str:
    """Return the secret kept in `path`; the first caller stores `fresh` there, readable by the owner only.

    Several processes may start at once: the file appears complete or not at all, and all of them get the same value.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(fresh)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another process was first; its value counts.
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()
