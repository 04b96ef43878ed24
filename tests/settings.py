"""The product's settings as the tests run them: the same, but fast, and writing into a folder of their own."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# What stands in the environment of whoever runs the tests must not change their result, and nothing may reach `var/`.
for _name in [name for name in os.environ if name.startswith(("SHOUHOU_", "OIDC_", "SMTP_"))]:
    if not _name.startswith(("SHOUHOU_TEST_", "SHOUHOU_CHROMIUM", "SHOUHOU_REQUIRE_BROWSER", "SHOUHOU_SCREENSHOTS")):
        del os.environ[_name]
for _name in ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS"):
    os.environ.pop(_name, None)
if "SHOUHOU_TEST_FOLDER" not in os.environ:  # made once, by the process that starts the others
    os.environ["SHOUHOU_TEST_FOLDER"] = tempfile.mkdtemp(prefix="shouhou-test-")
    atexit.register(shutil.rmtree, os.environ["SHOUHOU_TEST_FOLDER"], ignore_errors=True)
_folder = Path(os.environ["SHOUHOU_TEST_FOLDER"], os.environ.get("PYTEST_XDIST_WORKER", "alone"))
os.environ["SHOUHOU_VAR"] = str(_folder)
os.environ["SHOUHOU_INSECURE_HTTP"] = "yes"

from shouhou.config.settings import *  # noqa: E402, F403
from shouhou.config.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: an in-memory database is shared between threads in a way no shop ever runs it.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)
