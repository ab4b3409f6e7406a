"""The project's settings for tests: nothing of this machine's environment but the services that were given.

They stand here and not in conftest.py because pytest-django reads the settings before any conftest.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_SHM = Path("/dev/shm")
# In memory where the machine has such a folder: SQLite's files are written thousands of times.
SCRATCH = Path(tempfile.mkdtemp(prefix="tracker-test-", dir=_SHM if os.access(_SHM, os.W_OK) else None))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)

for _name in (
    "TODAY",
    "ALLOWED_HOSTS",
    "SECRET_KEY",
    "FIELD_KEY",
    "EMAIL_URL",
    "SITE_URL",
    "LOG_LEVEL",
    "DATABASE_REPLICA_URL",
):
    os.environ.pop(_name, None)
os.environ.update({"ENV_FILE": "", "DEMO": "false", "EMBEDDED": "true", "VAR_DIR": str(SCRATCH)})

from directive_tracker.settings import *  # noqa: E402, F403
from directive_tracker.settings import DATABASES, SQLITE, STORAGES  # noqa: E402

if SQLITE:
    # A file, as in `make run`: threads of the live server and of the test lock each other as there.
    DATABASES["default"]["NAME"] = str(SCRATCH / "unused.sqlite3")
    DATABASES["default"]["TEST"] = {"NAME": str(SCRATCH / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
else:
    # The runner drops the database while a live server's connection may still be open.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # A transactional test empties every table at its end; the log's guard lets that through for us alone.
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c tracker.emptying=on"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
# Every client of a test is a server of its own; reading all folders of static files again would cost it 15 ms.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A job that is rung for by the code under test goes nowhere; tests call the job's function themselves.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
# Tests sign in with a password alone; those about the second factor, the networks of the administration and the audit's file say so.
SECOND_FACTOR_ROLES = []
AUDIT_HEAD_FILE = None
# A program that every machine has: only tests that name the real office suite make PDFs.
SOFFICE = "true"
