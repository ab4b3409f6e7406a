"""Settings, read from the environment; `.env.example` names every variable.

Two ways to run, one code. **Embedded** (`make run`: this machine only, plain http, everything under `var/`) and **production**
(strict). The rule, in this order:

1. `EMBEDDED=true` or `EMBEDDED=false` decides where it is given; the files under `deploy/` give `false`.
2. Otherwise the embedded way is taken for SQLite, and for `DEMO=true`; PostgreSQL without DEMO is production.

Embedded needs no variable at all: its secrets are made once under `var/` (0600). Production requires SECRET_KEY, FIELD_KEY,
ALLOWED_HOSTS, CELERY_BROKER_URL and EMAIL_URL, and refuses DEMO and a shifted clock (TODAY). A demo never answers to a name
but this machine's own: DEMO=true with any other ALLOWED_HOSTS is refused too.

The demo lives in `var/`, a real pilot (`make run DEMO=0`) in `var/pilot/`: invented people and real ones never share a database.
"""

import datetime as dt
import os
import re
import secrets
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import bootstrap_wrapper
import environ
from csp.constants import NONE, SELF

from directive_tracker import env
from directive_tracker.env import SettingError
from directive_tracker.schedule import SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent

# Variables may also stand in a file; what is set in the environment wins. ENV_FILE= (empty) reads none.
ENV_FILE = os.environ.get("ENV_FILE", str(BASE_DIR / ".env"))
if ENV_FILE and Path(ENV_FILE).is_file():
    environ.Env.read_env(ENV_FILE)

# --- Where it runs ---------------------------------------------------------------------------------------------------

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
DEBUG = False
DEMO = env.flag("DEMO", default=False)
TODAY: dt.date | str | None = env.day("TODAY")
VAR_DIR = Path(env.text("VAR_DIR", str(BASE_DIR / "var" if DEMO else BASE_DIR / "var" / "pilot"))).absolute()

_database = env.database("DATABASE_URL", f"sqlite:///{VAR_DIR / 'tracker.sqlite3'}")
SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
EMBEDDED = env.flag("EMBEDDED", default=SQLITE or DEMO)
PORT = env.number("PORT", default=8000, least=1, most=65535)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", LOOPBACK if EMBEDDED else ())

if not EMBEDDED:
    for _name in ("SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS", "CELERY_BROKER_URL", "EMAIL_URL"):
        if env.read(_name) is None:
            raise SettingError(_name, "bắt buộc khi chạy thật (EMBEDDED=false)")
    if DEMO:
        raise SettingError("DEMO", "không dùng dữ liệu thử trên hệ thống chạy thật")
if any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
    raise SettingError("ALLOWED_HOSTS", "phải là tên máy đầy đủ, không dùng * hay dấu chấm đứng đầu")
if DEMO and not set(ALLOWED_HOSTS) <= {*LOOPBACK, "::1", "testserver"}:
    raise SettingError("DEMO", "bản dùng thử chỉ chạy trên máy này; bỏ ALLOWED_HOSTS hoặc đặt DEMO=false")
if not DEMO and TODAY not in (None, env.NOW):
    raise SettingError("TODAY", "chỉ đổi được ngày trong bản dùng thử (DEMO=true)")
if not DEMO and (VAR_DIR / "clock.json").exists():
    raise SettingError(
        "VAR_DIR", f"thư mục {VAR_DIR} đang giữ dữ liệu và đồng hồ của bản dùng thử; hãy chọn thư mục khác"
    )

if EMBEDDED:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    for _folder in ("mail", "media", "cache", "broker/queue", "broker/control", *(["van-ban-den"] if DEMO else [])):
        (VAR_DIR / _folder).mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Secrets ---------------------------------------------------------------------------------------------------------

if EMBEDDED:
    SECRET_KEY = env.read("SECRET_KEY") or env.kept(VAR_DIR / "secret-key", secrets.token_urlsafe(50))
    _field_key = env.read("FIELD_KEY") or env.kept(VAR_DIR / "field-key", env.new_field_key())
else:
    SECRET_KEY = env.text("SECRET_KEY")
    _field_key = env.text("FIELD_KEY")
# 32 bytes: the key of fields that are encrypted in the database.
FIELD_KEY = env.field_key("FIELD_KEY", _field_key)
# Earlier keys: what they sealed stays readable, what is written now is sealed with the key above.
FIELD_KEY_FALLBACKS = [env.field_key("FIELD_KEY_FALLBACKS", key) for key in env.words("FIELD_KEY_FALLBACKS")]
# Old keys stay readable while sessions and links signed with them live.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
if not EMBEDDED:
    if env.is_weak_secret(SECRET_KEY):
        raise SettingError("SECRET_KEY", "phải dài ít nhất 50 ký tự ngẫu nhiên")
    if any(env.is_weak_secret(old) for old in SECRET_KEY_FALLBACKS):
        raise SettingError("SECRET_KEY_FALLBACKS", "mỗi khóa phải dài ít nhất 50 ký tự ngẫu nhiên")
    if env.is_typed_key(FIELD_KEY):
        raise SettingError("FIELD_KEY", "phải là 32 byte ngẫu nhiên, không phải khóa mẫu hoặc chữ gõ tay")

# --- What it is made of ----------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "directive_tracker.apps.TrackerAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "tree_queries",
    "simple_history",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "directive_tracker",
    "records",
    "accounts",
    "units",
    "notifications",
    "tasks",
    "veterans",
]
MIDDLEWARE = [
    # Gives every request its number and a line in the log, whatever becomes of it.
    "directive_tracker.watching.middleware.WatchMiddleware",
    # The next five before all others: what WhiteNoise answers, redirects and errors carry their headers too.
    "directive_tracker.middleware_protection.HeadersMiddleware",
    "directive_tracker.api.middleware.ApiMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before everything that asks the database.
    "directive_tracker.middleware_protection.MethodsMiddleware",
    "directive_tracker.middleware_busy.BusyMiddleware",
    "directive_tracker.middleware_protection.AdminNetworksMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "records.origin.OriginMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "directive_tracker.middleware.LanguageMiddleware",
    "directive_tracker.middleware_access.AccessMiddleware",
    # Not django-otp's own middleware: who has passed stands in the session, without a statement for each page.
    "directive_tracker.middleware_second_factor.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    # Last: session, person and rights are read by then. Not there without a replica.
    "directive_tracker.middleware_replica.ReplicaMiddleware",
]
ROOT_URLCONF = "directive_tracker.urls"
WSGI_APPLICATION = "directive_tracker.wsgi.application"
ASGI_APPLICATION = "directive_tracker.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "directive_tracker.context.page",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# --- Database and cache ----------------------------------------------------------------------------------------------

if SQLITE:
    # IMMEDIATE takes the write lock at the start of a transaction, so that two writers wait for each other instead of
    # failing half-way; it forbids ATOMIC_REQUESTS, which would make every page a writer.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;"
        "PRAGMA cache_size=-20000;PRAGMA mmap_size=134217728;",
    }
else:
    _database["CONN_MAX_AGE"] = 600
    _database["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement pays off from seconds on; here it made pages of 30 ms take 120, whenever the planner thought
    # them dear.
    # A server that is gone without a word (cable, firewall, frozen host) is given up within seconds: 3 to connect, 10 for
    # an acknowledgement of what was sent, 5 + 2 × 3 for a sign of life while an answer is awaited. Long statements are not
    # cut: the other side's kernel answers for them.
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 5,
        "keepalives_interval": 3,
        "keepalives_count": 2,
        "tcp_user_timeout": 10_000,
        "options": "-c jit=off",
        **_database.get("OPTIONS", {}),
    }
DATABASES = {"default": _database}
# A copy that follows the database by streaming; pages that are only read ask it (directive_tracker/replica.py).
if env.read("DATABASE_REPLICA_URL"):
    _replica = env.database("DATABASE_REPLICA_URL", "")
    if SQLITE or _replica["ENGINE"] == "django.db.backends.sqlite3":
        raise SettingError("DATABASE_REPLICA_URL", "chỉ dùng khi cả hai là postgresql://")
    # Who is gone is noticed sooner than the primary is: there is another to ask.
    _hasty = {"connect_timeout": 2, "tcp_user_timeout": 3_000}
    DATABASES["replica"] = {
        **_database,
        **_replica,
        "OPTIONS": {**_database["OPTIONS"], **_hasty, **_replica.get("OPTIONS", {})},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["directive_tracker.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL", "filesystem://localhost")
if CELERY_BROKER_URL.partition("://")[0] not in ("filesystem", "redis", "rediss", "memory"):
    raise SettingError("CELERY_BROKER_URL", "phải bắt đầu bằng redis://, rediss:// hoặc filesystem://")
_redis = CELERY_BROKER_URL.startswith("redis")
# Shared by all processes: the last tick for /readyz, sign-in throttles.
CACHES = {
    "default": {
        "BACKEND": "directive_tracker.shared_cache.PatientRedisCache",
        "LOCATION": CELERY_BROKER_URL,
        "KEY_PREFIX": "tracker",
    }
    if _redis
    else {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}

# --- People and sessions ---------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["units.backends.RoleBackend"]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.CommonVietnamesePasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
SESSION_ENGINE = "accounts.sessions"
# Minutes without a page, and hours altogether, after which one signs in again (accounts/middleware.py, real time).
SESSION_IDLE_MINUTES = env.number("SESSION_IDLE_MINUTES", default=30, least=1, most=720)
SESSION_HOURS = env.number("SESSION_HOURS", default=12, least=1, most=24)
# The cookie outlives both limits: whoever comes too late is known by it, and what was typed is kept for that person.
SESSION_COOKIE_AGE = 7 * 24 * 60 * 60
# Who must sign in with a second factor; the demo's accounts have none, and a reporter alone never needs one.
SECOND_FACTOR_ROLES = env.words("SECOND_FACTOR_ROLES", () if DEMO else ("office", "registrar", "administrator"))
if not set(SECOND_FACTOR_ROLES) <= {"office", "registrar", "administrator", "unit_head", "reader"}:
    raise SettingError("SECOND_FACTOR_ROLES", "chỉ gồm office, registrar, administrator, unit_head, reader")
TRUSTED_DEVICE_DAYS = 30
OTP_TOTP_ISSUER = "Theo dõi văn bản chỉ đạo"
# Networks from which the administration pages open; empty: from anywhere.
ADMIN_ALLOWED_NETWORKS = env.networks("ADMIN_ALLOWED_NETWORKS")
# No script reads a cookie: htmx gets the CSRF token from the page (templates/shell.html).
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
TRUSTED_DEVICE_COOKIE_NAME = "device"

# --- Protection ------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if not EMBEDDED:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    TRUSTED_DEVICE_COOKIE_NAME = "__Host-device"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.flag("BEHIND_TLS_PROXY", default=True):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
    if not all(origin.startswith("https://") and "*" not in origin for origin in CSRF_TRUSTED_ORIGINS):
        raise SettingError("CSRF_TRUSTED_ORIGINS", "chỉ gồm địa chỉ https:// đầy đủ, không dùng *")
# Machines whose X-Forwarded-For is believed (directive_tracker/addresses.py); all others could write anything there.
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", ("127.0.0.0/8", "::1/128"))
# Where links in mails point to.
SITE_URL = env.text("SITE_URL", f"http://127.0.0.1:{PORT}" if EMBEDDED else f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
if not EMBEDDED and SITE_URL.partition("://")[0] != "https":
    raise SettingError("SITE_URL", "phải bắt đầu bằng https://")
if not EMBEDDED and urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
    raise SettingError("SITE_URL", "phải là một tên trong ALLOWED_HOSTS")

# --- Language, time, static files, uploads -----------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
# locale_extra: messages of Django that its own Vietnamese catalogue lacks.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale_extra"]
FORMAT_MODULE_PATH = "directive_tracker.formats"
USE_I18N = True
USE_THOUSAND_SEPARATOR = False  # It would print ids as 1.234 in templates.
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
# Embedded: files are served from where they lie (a collectstatic at every start costs ten seconds).
STATIC_ROOT = None if EMBEDDED else Path(env.text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
# Bootstrap's built files come from a package; nothing of it is copied into our sources.
# Found and not imported: a command that serves no page need not load it.
_swagger = find_spec("ninja")
assert _swagger is not None and _swagger.origin is not None
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
    # Swagger UI, for the pages of the interface's description.
    ("ninja", Path(_swagger.origin).parent / "static" / "ninja"),
]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = Path(env.text("MEDIA_ROOT", str(VAR_DIR / "media")))
STORAGES = {
    # A folder (MEDIA_ROOT), shared where there are several machines, or an S3-compatible store.
    "default": env.storage("STORAGE_URL"),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "directive_tracker.static_files.KeptManifestStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# One file; records' upload checks use it and name it in their message.
UPLOAD_MAX_BYTES = env.number("UPLOAD_MAX_MB", default=20, least=1, most=200) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024  # Everything in a form but its files.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000  # A unit's report has a section per assignment.
DATA_UPLOAD_MAX_NUMBER_FILES = 60
# A scanner that reads a file from its standard input and ends with 0 (clean) or 1; none: files are not scanned.
VIRUS_SCAN_COMMAND = env.text("VIRUS_SCAN_COMMAND").split()
# LibreOffice, which makes PDFs of Word files (records/office_suite.py); empty: what the system's path knows.
SOFFICE = env.text("SOFFICE")

# A folder in which documents arrive; looked into each minute, never changed (tasks/arriving). None: nothing is watched.
INCOMING_DIR = env.text("INCOMING_DIR", str(VAR_DIR / "van-ban-den") if DEMO else "")

# Count and head of the audit's chain, kept outside the database: a cut tail shows (records/chain.py).
AUDIT_HEAD_FILE = Path(env.text("AUDIT_HEAD_FILE", str(VAR_DIR / "audit-head.json")))
# Numbers of erased entries of the registry, kept apart from the backups (veterans/protection/erased_list.py).
ERASED_FILE = env.text("ERASED_FILE", str(VAR_DIR / "erased.jsonl"))

# Where `manage.py backup` puts backups, how many it keeps, and the key under which it seals them (docs/backup.md).
BACKUP_DIR = Path(env.text("BACKUP_DIR", str(VAR_DIR / "backups"))).absolute()
BACKUP_KEEP = env.number("BACKUP_KEEP", default=14, least=1, most=1000)
_backup_key = env.read("BACKUP_KEY")
BACKUP_KEY = env.field_key("BACKUP_KEY", _backup_key) if _backup_key else None
if BACKUP_KEY is not None and (env.is_typed_key(BACKUP_KEY) or BACKUP_KEY in (FIELD_KEY, *FIELD_KEY_FALLBACKS)):
    raise SettingError("BACKUP_KEY", "phải là 32 byte ngẫu nhiên, khác FIELD_KEY")

# --- Work rules ----------------------------------------------------------------------------------------------------

# A section that comes back leaves the unit at least this many working days.
RETURN_WORKING_DAYS = env.number("RETURN_WORKING_DAYS", default=3, least=0, most=30)
# Mails that ask for a report carry a link to it that needs no sign-in (tasks/links); also switched off per document
# and per unit.
REPORT_LINKS = env.flag("REPORT_LINKS", default=True)
# The Standing Committee's digest (tasks/digests): the weekday of its data (1 is Monday, 7 Sunday), the hour of the data,
# and the hour at which its mail may leave on the next working day. Mail leaves within working hours only.
DIGEST_WEEKDAY = env.number("DIGEST_WEEKDAY", default=4, least=1, most=7)
DIGEST_DATA_HOUR = env.hour("DIGEST_DATA_HOUR", default="17:00")
DIGEST_MAIL_HOUR = env.hour("DIGEST_MAIL_HOUR", default="07:30", least="07:30", most="16:30")

# --- Mail ------------------------------------------------------------------------------------------------------------

globals().update(env.email("EMAIL_URL", f"filemail:///{VAR_DIR / 'mail'}"))
# Seconds the mail server may take for one answer. A mail is leased to its worker for six times as long: that is how long
# the mails in a killed worker's hands wait (notifications/delivery.py).
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", default=20, least=1, most=60)
# Short messages: the address of a provider's gateway and its token; empty is off.
SMS_GATEWAY_URL = env.text("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = env.text("SMS_GATEWAY_TOKEN", "")
# Other systems (docs/webhooks.md): networks and ports in which they may stand besides the public ones and 443, an
# authority that has signed their certificates, and the seconds one sending may take.
WEBHOOK_NETWORKS = env.networks("WEBHOOK_NETWORKS")
WEBHOOK_PORTS = env.ports("WEBHOOK_PORTS", (443,))
WEBHOOK_CA_FILE = env.certificates("WEBHOOK_CA_FILE")
WEBHOOK_TIMEOUT = env.number("WEBHOOK_TIMEOUT", default=8, least=1, most=30)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Theo dõi văn bản chỉ đạo <khong-tra-loi@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Jobs ------------------------------------------------------------------------------------------------------------

# The queue is only a bell: what must be told stands in the database, and a lost job is found by the next tick.
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TIMEZONE = TIME_ZONE
if _redis:
    # A job of a killed worker comes back after visibility_timeout; time limits stay below it.
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        "visibility_timeout": 900,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # A link that drops everything without a word: a connection that is silent for this long is given up and made anew.
        "socket_connect_timeout": 5,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
    # A worker waits for its queue for as long as it takes; the default gives up after a hundred tries.
    CELERY_BROKER_CONNECTION_MAX_RETRIES = None
    CELERY_TASK_TIME_LIMIT, CELERY_TASK_SOFT_TIME_LIMIT = 840, 780
elif CELERY_BROKER_URL.startswith("filesystem"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR_DIR / "broker" / "queue"),
        "data_folder_out": str(VAR_DIR / "broker" / "queue"),
        "control_folder": str(VAR_DIR / "broker" / "control"),
    }
CELERY_BEAT_SCHEDULE = SCHEDULE

# --- Watching --------------------------------------------------------------------------------------------------------

# What Prometheus shows to read /metrics; empty: there is no such page.
METRICS_TOKEN = env.text("METRICS_TOKEN")
if METRICS_TOKEN and (len(METRICS_TOKEN) < 20 or not METRICS_TOKEN.isascii()):
    raise SettingError("METRICS_TOKEN", "phải dài ít nhất 20 ký tự ngẫu nhiên (chữ không dấu, số)")

# A Sentry-compatible server for errors (directive_tracker/watching/errors.py); empty: nothing is sent anywhere.
SENTRY_DSN = env.text("SENTRY_DSN")
if SENTRY_DSN:
    if not re.fullmatch(r"https?://\w+@[\w.:-]+(/[\w.-]+)*/\d+", SENTRY_DSN):
        raise SettingError("SENTRY_DSN", "phải có dạng https://khóa@máy/số")
    if find_spec("sentry_sdk") is None:
        raise SettingError("SENTRY_DSN", "cần cài thêm: .venv/bin/pip install -r requirements-sentry.txt")

# --- Log -------------------------------------------------------------------------------------------------------------

_level = env.text("LOG_LEVEL", "WARNING" if EMBEDDED else "INFO")
if _level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
    raise SettingError("LOG_LEVEL", "phải là DEBUG, INFO, WARNING hoặc ERROR")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "class": "directive_tracker.logs.PlainFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
            "datefmt": "%H:%M:%S",
        },
        "json": {"()": "directive_tracker.logs.JsonFormatter"},
    },
    "filters": {
        "hide_links": {"()": "directive_tracker.logs.HideLinks"},
        "away_is_no_fault": {"()": "directive_tracker.logs.AwayIsNoFault"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["hide_links", "away_is_no_fault"],
            # Commands write JSON to stdout and nothing else; the log must not get between.
            "stream": "ext://sys.stderr",
            "formatter": "plain" if EMBEDDED else "json",
        }
    },
    "root": {"handlers": ["stderr"], "level": _level},
    # Django's own handlers write only with DEBUG; everything goes through the one above.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # A mistyped address is no news to whoever watches the window of `make run`.
        "django.request": {"level": "ERROR" if EMBEDDED else "WARNING"},
    },
}
