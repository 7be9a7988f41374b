"""Settings of the tests: the product's own, with a throw-away database and a quick password hash."""

import os
import tempfile
from pathlib import Path

_scratch = tempfile.TemporaryDirectory(
    prefix="aftercare-test-", dir="/dev/shm" if Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK) else None
)
os.environ["AFTERCARE_DATA_DIR"] = _scratch.name
os.environ.setdefault("AFTERCARE_SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ["AFTERCARE_DATABASE_URL"] = os.environ.get("AFTERCARE_TEST_DATABASE_URL", "")

from aftercare.config.settings import *  # noqa: E402, F403
from aftercare.config.settings import DATABASES  # noqa: E402

AFTERCARE_JOURNAL_KEY = "only-for-tests"
AFTERCARE_JOURNAL_HEADS = None  # tests of the chain name a file of their own
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Every test client has a middleware of its own, which would read all files of the design system at its start.
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite"):
    # A file, not memory: racing connections of one test must meet on the same locks as in production.
    _database["TEST"] = {"NAME": str(Path(_scratch.name) / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] = _database["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
else:
    _database["TEST"] = {"TEMPLATE": os.environ.get("AFTERCARE_TEST_TEMPLATE")}
    _database["OPTIONS"].pop("pool", None)  # a pool keeps connections, and the test database could not be dropped
