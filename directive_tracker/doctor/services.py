"""Queue, workers, mail server, the certificate on the outside."""

import math
import os
import smtplib
import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

import redis
from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from kombu.exceptions import OperationalError
from redis.exceptions import AuthenticationError, RedisError, ResponseError

from directive_tracker.doctor.findings import error, ok, skipped, warning
from directive_tracker.watching.jobs import recent_beats
from directive_tracker.watching.state import queue_state

Found = list[tuple]
SECONDS = 3.0
# A queue with older jobs is not being worked on.
OLD = 180
SOON, LATE = 21, 7


def look_at_queue() -> Found:
    """Whether the queue answers, survives a restart, and keeps what it took."""
    url = settings.CELERY_BROKER_URL
    if not url.startswith("redis"):
        folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS.get("data_folder_out", "")
        if url.startswith("filesystem") and not os.access(folder, os.W_OK):
            return [error(f"Không ghi được vào hàng đợi {folder}.", "Xem quyền của thư mục VAR_DIR.")]
        return [skipped("Bản một máy: hàng đợi là một thư mục.")]
    client = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
    try:
        memory, persistence = client.info("memory"), client.info("persistence")
        length, oldest = queue_state()
    except AuthenticationError:
        return [error("Redis từ chối mật khẩu.", "Xem mật khẩu trong CELERY_BROKER_URL.")]
    except ResponseError as problem:
        return [error(f"Redis từ chối: {problem}", "Xem quyền của người dùng trong CELERY_BROKER_URL (ACL).")]
    except (RedisError, OSError):
        return [
            error(
                f"Redis ({urlsplit(url).hostname}:{urlsplit(url).port or 6379}) không trả lời: trang vẫn chạy, việc nền và thư chờ nhịp sau.",
                "Khởi động Redis (systemctl status redis-server) hoặc sửa CELERY_BROKER_URL.",
            )
        ]
    finally:
        client.close()
    found: Found = []
    policy = memory.get("maxmemory_policy", "noeviction")
    if memory.get("maxmemory", 0) and policy != "noeviction":
        found.append(
            warning(
                f"Redis được phép bỏ dữ liệu khi đầy ({policy}): có thể mất việc đang chờ.",
                "maxmemory-policy noeviction",
            )
        )
    if not persistence.get("aof_enabled") and persistence.get("rdb_last_bgsave_status") != "ok":
        found.append(warning("Redis không ghi được dữ liệu xuống đĩa.", "Xem chỗ trống và quyền của thư mục Redis."))
    if oldest is not None and oldest > OLD:
        found.append(
            error(f"{length} việc chờ trong hàng đợi, việc đầu đã {oldest / 60:.0f} phút.", "Khởi động worker.")
        )
    return found or [ok(f"Redis trả lời, {length} việc đang chờ.")]


def look_at_workers() -> Found:
    """Whether a worker answers, and how many beats ring."""
    do = "Khởi động worker (systemctl start theodoi-worker theodoi-beat; bản một máy: make run)."
    url = settings.CELERY_BROKER_URL
    try:
        with current_app.connection_for_write(url, connect_timeout=2) as link:
            link.ensure_connection(max_retries=0, timeout=2)
            answers = current_app.control.inspect(timeout=2.0, connection=link).ping() or {}
    except (OperationalError, RedisError, OSError):
        return [error("Không hỏi được worker vì hàng đợi không trả lời.", "Xem mục “queue”.")]
    if not answers:
        return [error("Không worker nào trả lời: thư, tệp Excel, PDF đều chờ.", do)]
    return beats() or [ok(f"{len(answers)} worker trả lời.")]


def beats() -> Found:
    """What is to be said about those who ring each minute."""
    found = recent_beats()
    if len(found) < 2:
        return []
    return [warning(f"{len(found)} beat cùng chạy ({', '.join(found)}): không hại, nhưng thừa.", "Giữ một beat.")]


def look_at_mail() -> Found:
    """Whether the mail server lets us in; no mail is sent."""
    backend = settings.EMAIL_BACKEND
    if not backend.endswith("smtp.EmailBackend"):
        folder = getattr(settings, "EMAIL_FILE_PATH", "")
        if folder and not os.access(folder, os.W_OK):
            return [error(f"Không ghi được thư vào {folder}.", "Xem quyền của thư mục đó.")]
        return [skipped(f"Thư được ghi vào thư mục {folder or 'thử'}, không gửi đi.")]
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    server = get_connection(timeout=SECONDS)
    try:
        server.open()
    except smtplib.SMTPAuthenticationError:
        return [error(f"Máy gửi thư {where} từ chối người dùng hoặc mật khẩu.", "Sửa EMAIL_URL.")]
    except ssl.SSLError as problem:
        return [
            error(
                f"Chứng chỉ của máy gửi thư {where} không dùng được: {problem.reason}.",
                "Xem chứng chỉ, hoặc smtp+tls/smtp+ssl trong EMAIL_URL.",
            )
        ]
    except (smtplib.SMTPException, OSError) as problem:
        return [
            error(
                f"Máy gửi thư {where} không nhận: {problem.__class__.__name__}.",
                "Xem EMAIL_URL, tường lửa và máy gửi thư.",
            )
        ]
    finally:
        server.close()
    found: Found = []
    if settings.DEFAULT_FROM_EMAIL.endswith("@localhost>"):
        found.append(warning("Người gửi trên thư là …@localhost: nhiều máy sẽ từ chối.", "Đặt DEFAULT_FROM_EMAIL."))
    return found or [ok(f"Máy gửi thư {where} nhận.")]


def look_at_certificate() -> Found:
    """How long the certificate of SITE_URL is good for."""
    site = urlsplit(settings.SITE_URL)
    if site.scheme != "https" or not site.hostname:
        return [skipped("Địa chỉ không dùng https.")]
    port = site.port or 443
    try:
        with (
            socket.create_connection((site.hostname, port), SECONDS) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=site.hostname) as safe,
        ):
            ends = safe.getpeercert()["notAfter"]
    except ssl.SSLCertVerificationError as problem:
        return [
            error(f"Chứng chỉ của {site.hostname} không dùng được: {problem.verify_message}.", "Cấp lại chứng chỉ.")
        ]
    except OSError as problem:
        says = f"Từ máy này không mở được {site.hostname}:{port} ({problem.__class__.__name__})."
        return [warning(says, "Xem nginx, tường lửa và DNS; hoặc máy này không được gọi ra địa chỉ đó.")]
    left = math.floor(
        (datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) - datetime.now(UTC)).total_seconds() / 86400
    )
    if left < LATE:
        return [error(f"Chứng chỉ của {site.hostname} còn {left} ngày.", "Cấp lại chứng chỉ ngay.")]
    if left < SOON:
        return [warning(f"Chứng chỉ của {site.hostname} còn {left} ngày.", "Cấp lại chứng chỉ.")]
    return [ok(f"Chứng chỉ của {site.hostname} còn {left} ngày.")]
