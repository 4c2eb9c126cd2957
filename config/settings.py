"""Every setting, in one file. What differs between installations comes from ``WAYMARK_*`` variables."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.beat import EVERY
from config.broker import transport
from config.env import BadEnvironment, Environment, hosted_problems
from config.installed import INSTALLED_APPS as INSTALLED_APPS
from config.installed import MIDDLEWARE as MIDDLEWARE
from config.logs import LOGGING as LOGGING
from config.second_providers import second_providers
from runner.embedded import CannotUseDataFolder, read_keys

# Lets generic classes (`ModelAdmin[Program]`) be named at run time as they are when types are checked.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(os.environ)

# --- Where it runs -------------------------------------------------------------------------------------------------
# Embedded: one machine, SQLite, keys that bin/up made. Hosted: everything is said, nothing is assumed.
MODE = env.choice("WAYMARK_MODE", ("embedded", "hosted"), "embedded")
HOSTED = MODE == "hosted"
DATA = Path(env.text("WAYMARK_DATA", str(BASE_DIR / ".data"))).absolute()
try:
    _made = {} if HOSTED else read_keys(DATA)
except CannotUseDataFolder as error:
    sys.exit(str(error))

# Error pages with code and settings in them: bin/dev asks for them.
DEBUG = env.flag("WAYMARK_DEBUG", False)
if DEBUG and HOSTED:
    env.problem("WAYMARK_DEBUG: its error pages show code and settings, so it is only for WAYMARK_MODE=embedded.")
SECRET_KEY = env.secret("WAYMARK_SECRET_KEY", _made.get("secret", ""), required=HOSTED)
SECRET_KEY_FALLBACKS = env.secrets("WAYMARK_SECRET_KEY_FALLBACKS")
# The first key encrypts, all decrypt: put a new one first, run `manage.py rotate_keys`, then take the old one out.
ENCRYPTION_KEYS = env.keys(
    "WAYMARK_ENCRYPTION_KEYS", _made["encryption"].replace(" ", "").split(",") if _made else [], required=HOSTED
)
# Deletes what is over: functions of `now` that return how many rows. What was completed is counted first.
SWEEPS = [
    "assessments.actions.tally_completed",
    "assessments.actions.forget_expired",
    "guides.trash.forget_old",
    "messaging.retention.forget_old",
    "privacy.sessions.forget_sessions",
    "privacy.shared_cache.forget_shared_values",
    "referral.actions.drafts.forget_old",
]
# What else `rotate_keys` turns to the newest key: functions of a batch size.
ROTATE_ALSO = ["config.second_factor.rotate", "privacy.sessions.rotate"]
BLIND_INDEX_KEY = env.secret("WAYMARK_BLIND_INDEX_KEY", _made.get("blind_index", ""), required=HOSTED)
# To look at the settings makes no keys. Whatever reads or writes data ends with this sentence where there are none.
MISSING_KEYS = (
    ""
    if HOSTED or (SECRET_KEY and ENCRYPTION_KEYS and BLIND_INDEX_KEY)
    else f"{DATA} holds no keys yet: run bin/up once, or .venv/bin/python manage.py migrate. "
    "If the data lie elsewhere, set WAYMARK_DATA to their folder instead."
)
_schemes = ("https",) if HOSTED else ("http", "https")
BASE_URL = env.url("WAYMARK_BASE_URL", _schemes, "http://127.0.0.1:8000", required=HOSTED).rstrip("/")
ALLOWED_HOSTS = env.words("WAYMARK_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"], required=HOSTED)
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
BEHIND_PROXY = env.flag("WAYMARK_BEHIND_PROXY", False)

# --- Apps ----------------------------------------------------------------------------------------------------------
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
                "guides.context_processors.frame",
            ],
            "builtins": ["ui.site_tags", "ui.frozen", "crispy_forms.templatetags.crispy_forms_filters"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
# The one renderer of every form but the admin's: templates/ui, with Bootstrap's classes.
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "ui"
CRISPY_CLASS_CONVERTERS = {
    **dict.fromkeys(
        ("textinput", "emailinput", "numberinput", "passwordinput", "dateinput", "datetimeinput", "textarea"),
        "form-control",
    ),
    **dict.fromkeys(("select", "levelselect"), "form-select"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Data ----------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": env.database(
        "WAYMARK_DATABASE_URL",
        {"ENGINE": "config.sqlite3", "NAME": str(DATA / "waymark.sqlite3")},
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
REDIS_URL = env.url("WAYMARK_REDIS_URL", ("redis", "rediss", "unix"), "", required=HOSTED)
_in_database = {"BACKEND": "privacy.shared_cache.InDatabase"}
_in_redis = {
    "BACKEND": "privacy.shared_cache.RedisElseDatabase",
    "LOCATION": REDIS_URL,
    "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
}
# Only what all processes must count together: in Redis, and in the database while Redis is away. What must not be
# forgotten when Redis is emptied (a code that was used) is only in the database.
CACHES = {"default": _in_redis if REDIS_URL else _in_database, "database": _in_database}

# --- People --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "privacy.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "config.sign_in.OneLook"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "config.sign_in.SlowedAccounts"
ACCOUNT_FORMS = {
    "login": "config.sign_in_forms.SignInForm",
    "reauthenticate": "config.sign_in_forms.PasswordAgainForm",
    "change_password": "config.sign_in_forms.NewPasswordForm",
    "reset_password": "config.sign_in_forms.ForgottenPasswordForm",
    "reset_password_from_key": "config.sign_in_forms.PasswordByLinkForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"  # which says that they are signed out
# Nobody gets a letter because a stranger typed their address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Waymark: "
# Nobody can lock a name from afar, nor an office from within: failures of a name are counted by axes, for one address,
# and by config/sign_in.py, which also slows an address down. Codes are counted there as well.
ACCOUNT_RATE_LIMITS = {"login_failed": None, "login": "300/m/ip", "reset_password": "20/m/ip,3/10m/key"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Waymark"
# A code typed as its half minute ends is still good (RFC 6238, 5.2).
MFA_TOTP_TOLERANCE = 1
MFA_ADAPTER = "config.second_factor.EncryptedFactors"
MFA_FORMS = {
    "authenticate": "config.sign_in_forms.CodeForm",
    "reauthenticate": "config.sign_in_forms.CodeAgainForm",
    "activate_totp": "config.sign_in_forms.FirstCodeForm",
}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_WHITELIST_CALLABLE = "config.sign_in.is_own_browser"
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
# Allauth's sign-in form calls the field "login" and turns it into a username or an e-mail address.
AXES_USERNAME_CALLABLE = "config.sign_in.axes_name"
# Nothing of what was sent is kept beside a failure: people type passwords and codes into the wrong field.
AXES_SENSITIVE_PARAMETERS = ["login", "username", "ip_address", "email", "code", "next", "csrfmiddlewaretoken"]
AXES_CLIENT_IP_CALLABLE = "config.sign_in.axes_address"
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"

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
# Not "no-referrer": with it browsers post forms as from "null", which the CSRF check must refuse.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = env.flag("WAYMARK_SSL_REDIRECT", True) and SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Whether HSTS binds all subdomains, or goes into the browsers' lists, is for whoever holds the whole domain to choose:
# the site next door may still answer by plain HTTP, and a list is not left within months. A proxy can put its own
# header in the place of ours. An index may carry columns for PostgreSQL that SQLite leaves out.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021", "models.W040"]
# Machines ask by plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# Ten minutes more than answers are kept on a device: a session is not written down at every answer.
SESSION_COOKIE_AGE = 60 * 60 * 12 + 60 * 10
SESSION_ENGINE = "privacy.session_store"
CSRF_FAILURE_VIEW = "config.typed.csrf_failure"
CSRF_COOKIE_AGE = None  # gone with the browser: a family's device may be shared

# --- Languages and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = USE_TZ = True
TIME_ZONE = env.zone("WAYMARK_TIME_ZONE", "America/Los_Angeles")

# --- Files that browsers load --------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".build" / "collected"
STATICFILES_DIRS = [path for path in (BASE_DIR / "static", BASE_DIR / ".build" / "static") if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_storage.Collected"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# A map is for who debugs; packing megabytes of it helps nobody.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif", "gz", "br", "woff", "woff2", "map"]

# --- Directory -----------------------------------------------------------------------------------------------------
# What a program said about its open places counts for so long; then it is shown as not known, with its age.
CAPACITY_FRESH_FOR = timedelta(days=env.whole("WAYMARK_CAPACITY_FRESH_DAYS", 7, least=1, most=365))

# --- Messages ------------------------------------------------------------------------------------------------------
# Ours knows whether a letter had begun to leave when the line broke. Any of django-anymail's backends can be named too.
EMAIL_BACKEND = env.backend("WAYMARK_EMAIL_BACKEND", "messaging.channels.smtp.EmailBackend")
EMAIL_HOST = env.text("WAYMARK_EMAIL_HOST", "127.0.0.1", required=HOSTED)
EMAIL_PORT = env.whole("WAYMARK_EMAIL_PORT", 587 if HOSTED else 8025, least=1, most=65535)
EMAIL_HOST_USER = env.text("WAYMARK_EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("WAYMARK_EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("WAYMARK_EMAIL_TLS", HOSTED)
EMAIL_TIMEOUT = 15
OPERATORS = env.addresses("WAYMARK_OPERATORS")
DEFAULT_FROM_EMAIL = env.text("WAYMARK_EMAIL_FROM", "Waymark <hello@waymark.example>", required=HOSTED)
# What django-anymail's providers need, as NAME=value: POSTMARK_SERVER_TOKEN=…,WEBHOOK_SECRET=user:password
ANYMAIL = env.pairs("WAYMARK_ANYMAIL")
# Each app answers for the messages that it plans.
MESSAGING_CLIENT = "config.owners.Owners"
MESSAGING_TEMPLATES = "config.owners.declared"
# What else operators must hear about: functions that return `messaging.alerts.Alert`s.
ALERTS = ["referral.actions.duty.alerts", "referral.actions.mailboxes.alerts"]
# What is looked after every half minute where there is no broker: functions of `now`.
WATCHES = [
    "referral.actions.duty.call_again",
    "referral.actions.waiting.watch_requests",
    "referral.actions.waiting.watch_ways",
    "referral.actions.escalations.escalate",
    "guides.tasks.look_after",
]
MESSAGING_COURIERS = {
    "email": "messaging.channels.mail.MailCourier",
    "sms": "messaging.channels.twilio.TwilioCourier",
}
# Who carries a channel while the first provider rests after failures: the courier, and what it is made with.
MESSAGING_SECOND = second_providers(env, MESSAGING_COURIERS, hosted=HOSTED, timeout=EMAIL_TIMEOUT)
# How many connections to the provider one worker may use at once.
MESSAGING_LINES = {"email": env.whole("WAYMARK_MAIL_CONNECTIONS", 4, least=1, most=50), "sms": 1}
# The part after the @ of every Message-ID: the domain that the mail comes from.
MESSAGING_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip("> ")
MESSAGING_DAILY_CAP = env.whole("WAYMARK_DAILY_CAP", 3, least=1, most=50)
# A worker gives back what it has not touched after half of this, so what was claimed longer ago is in nobody's hand. A
# letter takes at most six waits of EMAIL_TIMEOUT, so what has been sending for longer is nobody's either.
MESSAGING_CLAIM_LEASE = env.whole("WAYMARK_CLAIM_LEASE_SECONDS", 10, least=2, most=3600)
MESSAGING_SEND_LEASE = env.whole("WAYMARK_SEND_LEASE_SECONDS", 6 * EMAIL_TIMEOUT + 30, least=1, most=3600)
# Time for a late answer, or a provider's webhook, to settle what is uncertain.
MESSAGING_RESOLVE_AFTER = env.whole("WAYMARK_RESOLVE_AFTER_SECONDS", 30, least=0, most=86_400)
# How long "not now" waits the first time.
MESSAGING_RETRY_FIRST = env.whole("WAYMARK_RETRY_FIRST_SECONDS", 60, least=1, most=3600)
# Beyond these an operator is alerted.
MESSAGING_LAG_LIMIT = env.whole("WAYMARK_LAG_LIMIT_SECONDS", 300, least=1, most=86_400)
MESSAGING_UNCERTAIN_LIMIT = env.whole("WAYMARK_UNCERTAIN_LIMIT", 20, least=0, most=100_000)
# How many days what came to rest is kept: what is waiting, uncertain or with a person stays. The link in a message that
# stops them works as long as its row is there, so that is kept longest.
MESSAGING_KEEP_DAYS = {
    "messages": env.whole("WAYMARK_KEEP_MESSAGES_DAYS", 730, least=60, most=3650),
    "reports": env.whole("WAYMARK_KEEP_REPORTS_DAYS", 90, least=30, most=3650),
    "replies": env.whole("WAYMARK_KEEP_REPLIES_DAYS", 365, least=30, most=3650),
}
MESSAGING_MAIL_FOLDER = DATA / "mail"
# Signs what a mail relay reports to /hooks/mail/ (Standard Webhooks); without it that address answers 404.
MESSAGING_MAIL_HOOK_SECRET = env.hook_secret("WAYMARK_MAIL_HOOK_SECRET", _made.get("mail_hook", ""))
# Twilio's API, or the sink that speaks it. Without an account no text is ever sent, and planned ones wait.
MESSAGING_SMS_URL = env.url(
    "WAYMARK_SMS_URL", ("http", "https"), "https://api.twilio.com" if HOSTED else "http://127.0.0.1:8026"
)
# Where to ask whether a mail provider has a Message-ID: GET answers {"found": true or false}. The sink can be asked.
MESSAGING_MAIL_LOOKUP = env.url(
    "WAYMARK_MAIL_LOOKUP_URL", ("http", "https"), "" if HOSTED else f"{MESSAGING_SMS_URL}/mail/"
)
MESSAGING_SMS_ACCOUNT = env.text("WAYMARK_SMS_ACCOUNT", "" if HOSTED else "ACembedded")
# Which channels carry anything here: no page offers or promises another. A second provider alone carries texts, too.
MESSAGING_CHANNELS = ["email", "sms"] if MESSAGING_SMS_ACCOUNT or "sms" in MESSAGING_SECOND else ["email"]
MESSAGING_SMS_TOKEN = env.text("WAYMARK_SMS_TOKEN", _made.get("texts", ""))
MESSAGING_SMS_FROM = env.text("WAYMARK_SMS_FROM", "" if HOSTED else "+16265550100")
# Who shares under a consent, by the name that stands on it.
DISCLOSER = env.text("WAYMARK_DISCLOSER", "Waymark")
# Whether what programs receive falls under 42 CFR part 2 and carries its notice.
PART_2 = env.flag("WAYMARK_PART_2", True)

# --- Guides --------------------------------------------------------------------------------------------------------
# A long guide is one form: sixty blocks are about nine hundred fields, and a refused form would lose an evening.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# Where the links "assessment:", "directory:", "help:" and "crisis:" of a guide lead, by the names of the addresses.
# Named in robots.txt: what there is to find, by the app that knows it.
SITEMAPS = ["sitemap", "program_sitemap"]
GUIDE_DESTINATIONS = {
    "assessment": "assessments:start",
    "directory": "directory:list",
    "help": "portal:ask",
    "crisis": "guides:crisis",
}
# The same for links that name one of many, and the module that finds programs and knows which of them are public.
GUIDE_DESTINATIONS_OF_ONE = {"program": "directory:program"}
GUIDE_PROGRAMS = "directory.links"
# An entry is indexed by the rules of its own language; on SQLite both mean the same.
_search = f"guides.publishing.{'sqlite' if _database['ENGINE'].endswith('sqlite3') else 'postgres'}_search"
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": _search, "SEARCH_CONFIG": "english", "AUTO_UPDATE": False},
    "spanish": {"BACKEND": _search, "SEARCH_CONFIG": "spanish", "AUTO_UPDATE": False},
}

# --- Assessments ---------------------------------------------------------------------------------------------------
QUESTIONNAIRE = "level-of-care"  # the key of the one that families answer
# How long answers are there after the last of them. On their own device as long as the session that alone can open
# them; with a code or a link as the page says; on a shared device no longer than somebody sits there.
RESPONSES_KEPT_FOR = {
    "device": timedelta(hours=12),
    "saved": timedelta(days=30),
    "nowhere": timedelta(hours=1),
}

# --- Celery: Redis only nudges, the database is the truth ------------------------------------------------------------
# Celery spells a socket file in its own way; without Redis a nudge goes nowhere and `drain --loop` does the work.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://") or "memory://"
CELERY_TIMEZONE = "UTC"
# A task is taken off the queue when it is done, so a killed worker's task is done again, by design of every task.
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
# Results are rows in the database: a result backend would be a second truth.
CELERY_TASK_IGNORE_RESULT = True
# A worker that holds tasks it does not run yet holds them back from the others.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# On SIGTERM the running batch may finish; what it has not marked is found by the next drain.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.whole("WAYMARK_WORKER_SHUTDOWN_SECONDS", 30, least=1, most=600)
CELERY_WORKER_SEND_TASK_EVENTS = CELERY_TASK_SEND_SENT_EVENT = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# Redis may come later than the worker, or go away for a day: keep trying.
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# A page that nudges must not wait for a broker that is gone.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = transport(CELERY_BROKER_URL)
CELERY_BEAT_SCHEDULE = EVERY
# Nothing to remember between starts: a schedule file is one more thing that can break.
CELERY_BEAT_SCHEDULER = "celery.beat.Scheduler"

# --- What machines ask -----------------------------------------------------------------------------------------------
METRICS_TOKEN = env.secret("WAYMARK_METRICS_TOKEN", "")
# Functions without arguments that return `config.metrics.Family` tuples.
METRICS = ["config.health.own_metrics", "messaging.metrics.families"]

if HOSTED:
    for sentence in hosted_problems(BASE_URL, ALLOWED_HOSTS, DEFAULT_FROM_EMAIL):
        env.problem(sentence)
    env.together("WAYMARK_SMS_ACCOUNT", "WAYMARK_SMS_TOKEN", "WAYMARK_SMS_FROM")
    env.together("WAYMARK_SECOND_SMS_ACCOUNT", "WAYMARK_SECOND_SMS_TOKEN", "WAYMARK_SECOND_SMS_FROM")
    env.together("WAYMARK_EMAIL_USER", "WAYMARK_EMAIL_PASSWORD")
    env.together("WAYMARK_SECOND_EMAIL_USER", "WAYMARK_SECOND_EMAIL_PASSWORD")
try:
    env.finish()
except BadEnvironment as error:
    sys.exit(str(error))
