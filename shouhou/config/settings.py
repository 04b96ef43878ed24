"""All settings on one page, read from the environment; a value that makes no sense stops the start.

`DATABASE_URL` chooses the database everywhere: `sqlite:///path`, `postgresql://user:password@host/name`,
or `postgresql:///name?host=/socket/folder`. Without it: SQLite in `var/`.
"""

import os
import secrets
from pathlib import Path

from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from shouhou.config.environment import database_from_url, flag, one_of, words

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("SHOUHOU_VAR") or ROOT / "var")
VAR.mkdir(parents=True, exist_ok=True)

DEBUG = flag("SHOUHOU_DEBUG", default=False)
# Plain http on one computer or inside the shop's own network; anything reachable from outside runs with TLS.
INSECURE_HTTP = flag("SHOUHOU_INSECURE_HTTP", default=False)


def _secret_key() -> str:
    """The key from the environment, or one made once and kept beside the database (mode 600)."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    file = VAR / "secret_key"
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made by an earlier start, or a moment ago by a process started beside this one
    return file.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS", default="")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", default="")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
    "django_htmx",
    "shouhou.audit",
    "shouhou.access",
    "shouhou.customers",
    "shouhou.catalog",
    "shouhou.ledger",
    "shouhou.policies",
    "shouhou.commitments",
    "shouhou.assets",
    "shouhou.workforce",
    "shouhou.stock",
    "shouhou.custody",
    "shouhou.entitlements",
    "shouhou.workorders",
    "shouhou.workshop",
    "shouhou.forms",
    "shouhou.api",
    "shouhou.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages are compressed on their way. Their length does not tell what stands in them (BREACH): the token of a form is masked
    # anew on each page, and Django adds a random number of bytes.
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shouhou.web.middleware.AnswerInHeadersMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "shouhou.web.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouhou.web.middleware.ActorMiddleware",
    "shouhou.web.once.OnceMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shouhou.config.urls"
WSGI_APPLICATION = "shouhou.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before allauth's, so that the sign-in pages look like the product.
        "DIRS": [ROOT / "shouhou" / "web" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shouhou.web.context.console",
            ],
            "builtins": ["shouhou.web.templatetags.ui"],
        },
    }
]

DATABASES = {"default": database_from_url(os.environ.get("DATABASE_URL") or f"sqlite:///{VAR / 'shouhou.sqlite3'}")}

# Signing in.
AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# The link with which somebody chooses his first password is good for a day.
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "shouhou.web.signin.SignInAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_LOGOUT_ON_GET = False
SOCIALACCOUNT_ADAPTER = "shouhou.web.signin.CompanySignInAdapter"
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "company",
                    "name": os.environ.get("OIDC_NAME", "OIDC"),
                    "client_id": os.environ["OIDC_CLIENT_ID"],
                    "secret": os.environ["OIDC_CLIENT_SECRET"],
                    "settings": {"server_url": os.environ["OIDC_SERVER_URL"]},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
        }
    }
    if os.environ.get("OIDC_SERVER_URL")
    else {}
)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Shouhou"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = INSECURE_HTTP
# Five failures lock this account from this address for a quarter of an hour; another address is not locked out with it.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "shouhou.web.signin.locked_out"
AXES_RESET_ON_SUCCESS = True
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("SHOUHOU_PROXY_COUNT", "0"))
AXES_IPWARE_PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT or None
AXES_VERBOSE = False

# Cookies and transport, as Django's deployment check wants them.
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not INSECURE_HTTP
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if flag("SHOUHOU_BEHIND_TLS_PROXY", default=False) else None
)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Language and time: stored in UTC, shown in the branch's zone.
LANGUAGE_CODE = one_of("SHOUHOU_LANGUAGE", ("zh-hans", "en"), default="zh-hans")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [ROOT / "shouhou" / "locale"]
USE_TZ = True
TIME_ZONE = os.environ.get("SHOUHOU_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "shouhou.web.storage.HashedStaticFiles"},
}
MEDIA_ROOT = VAR / "media"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without a mail server the messages are printed, so that a first start needs nothing.
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": os.environ["SMTP_HOST"],
            "port": int(os.environ.get("SMTP_PORT", "587")),
            "username": os.environ.get("SMTP_USER", ""),
            "password": os.environ.get("SMTP_PASSWORD", ""),
            "use_tls": flag("SMTP_TLS", default=True),
        },
    }
    if os.environ.get("SMTP_HOST")
    else {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("SHOUHOU_LOG_LEVEL", "WARNING")},
}
