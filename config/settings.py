"""Every setting, in one file. What differs between installations comes from ``WAYMARK_*`` variables."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded import CannotUseDataFolder, keys
from config.env import BadEnvironment, Environment

# Lets generic classes (`ModelAdmin[Program]`) be named at run time as they are when types are checked.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)

# --- Where it runs -------------------------------------------------------------------------------------------------
# Embedded: one machine, SQLite, keys made on the first start. Hosted: everything is said, nothing is assumed.
MODE = env.choice("WAYMARK_MODE", ("embedded", "hosted"), "embedded")
HOSTED = MODE == "hosted"
DATA = Path(env.text("WAYMARK_DATA", str(BASE_DIR / ".data"))).absolute()
try:
    _made = {} if HOSTED else keys(DATA)
except CannotUseDataFolder as error:
    sys.exit(str(error))

DEBUG = False
SECRET_KEY = env.text("WAYMARK_SECRET_KEY", _made.get("secret", ""), required=HOSTED)
SECRET_KEY_FALLBACKS = env.words("WAYMARK_SECRET_KEY_FALLBACKS", [])
# The first key encrypts, all decrypt: put a new one first, run `manage.py rotate_keys`, then take the old one out.
ENCRYPTION_KEYS = env.words("WAYMARK_ENCRYPTION_KEYS", [_made.get("encryption", "")], required=HOSTED)
BLIND_INDEX_KEY = env.text("WAYMARK_BLIND_INDEX_KEY", _made.get("blind_index", ""), required=HOSTED)
BASE_URL = env.url("WAYMARK_BASE_URL", ("http", "https"), "http://127.0.0.1:8000", required=HOSTED).rstrip("/")
ALLOWED_HOSTS = env.words("WAYMARK_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], required=HOSTED)
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# --- Rooms ---------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "referral",
    "assessments",
    "directory",
    "guides",
    "messaging",
    "privacy",
    "content_editor",
    "django_prose_editor",
    "modelsearch",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "phonenumber_field",
    "anymail",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["config.look"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data ----------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database(
        "WAYMARK_DATABASE_URL",
        {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA / "waymark.sqlite3")},
        required=HOSTED,
    )
}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN, so that two writers wait for each other instead of failing half-way.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;",
    }
    # A test database in memory is one connection; threads and processes in tests need a file.
    _database["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
else:
    _database["OPTIONS"].setdefault("connect_timeout", 10)
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
REDIS_URL = env.url("WAYMARK_REDIS_URL", ("redis", "rediss", "unix", "redis+socket"), "", required=HOSTED)

# --- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "privacy.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "privacy.accounts.ClosedAccounts"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Waymark"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False

# --- What the browser may do ---------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "no-referrer"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = SECURE and env.flag("WAYMARK_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("WAYMARK_BEHIND_PROXY", False) else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 12

# --- Languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "America/Los_Angeles"

# --- Files that browsers load --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".build" / "collected"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BASE_DIR / ".build" / "static") if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Messages ------------------------------------------------------------------------------------------------------
EMAIL_BACKEND = env.text("WAYMARK_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.text("WAYMARK_EMAIL_HOST", "127.0.0.1", required=HOSTED)
EMAIL_PORT = env.whole("WAYMARK_EMAIL_PORT", 8025, least=1, most=65535)
EMAIL_HOST_USER = env.text("WAYMARK_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("WAYMARK_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("WAYMARK_EMAIL_TLS", HOSTED)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.text("WAYMARK_EMAIL_FROM", "Waymark <hello@waymark.example>", required=HOSTED)
MESSAGING_CLIENT = "referral.outbox.ReferralClient"

# --- Celery: Redis only nudges, the database is the truth ------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or None
CELERY_TIMEZONE = "UTC"

# --- Logs: no address, name, answer or token is ever a log argument --------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}

try:
    env.finish()
except BadEnvironment as error:
    sys.exit(str(error))
