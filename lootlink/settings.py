"""Every setting of LootLink, read from the environment; limits, sizes and rates stand in one block at the end."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
from botocore.config import Config
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.FileAwareEnv()

DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
ALLOWED_ORIGINS = [origin.rstrip("/") for origin in env.list("ALLOWED_ORIGINS", default=[])]
HTTPS = urlsplit(SITE_URL).scheme == "https"

if DEBUG and {*ALLOWED_HOSTS, urlsplit(SITE_URL).hostname} - {"127.0.0.1", "localhost", "[::1]", "::1"}:
    raise ImproperlyConfigured(
        "DEBUG shows source and settings to every visitor: it is refused with a public ALLOWED_HOSTS or SITE_URL."
    )
SECRET_KEY = env("SECRET_KEY", default="only-for-debug-on-this-machine" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. Sessions and reset links are signed with it: set SECRET_KEY or SECRET_KEY_FILE."
    )

INSTALLED_APPS = [
    "apps.live",
    "apps.accounts",
    "apps.notifications",
    "apps.listings",
    "apps.chat",
    "apps.transactions",
    "lootlink",
    "apps.accounts.apps.StaffConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "channels",
    "csp",
]

MIDDLEWARE = [
    "lootlink.trace.Traced",
    "lootlink.metrics.Counted",
    # What adds headers stands before all that may answer or fail.
    "lootlink.middleware.Headers",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "lootlink.middleware.Patience",
    "lootlink.middleware.Methods",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lootlink.middleware.Compressed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "lootlink.middleware.Onward",
    "lootlink.middleware.Private",
    "lootlink.middleware.Snapshot",
]


def _networks(name, given):
    try:
        return [ip_network(each, strict=False) for each in given]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}.") from error


ADMIN_PATH = env("ADMIN_PATH", default="staff/")
# From anywhere else the admin is not there; empty: from everywhere.
ADMIN_ADDRESSES = _networks("ADMIN_ADDRESSES", env.list("ADMIN_ADDRESSES", default=[]))
# Who may read /metrics: these, and whoever brings the token; with neither nobody.
METRICS_ADDRESSES = _networks("METRICS_ADDRESSES", env.list("METRICS_ADDRESSES", default=[]))
METRICS_TOKEN = env("METRICS_TOKEN", default="")
ROOT_URLCONF = "lootlink.urls"
ASGI_APPLICATION = "lootlink.asgi.application"

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
                "lootlink.context.trader",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lootlink.templatetags.kept",
                "lootlink.templatetags.lootlink",
            ],
        },
    }
]

# Data ------------------------------------------------------------------------------------------

DATABASE_URL = env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'lootlink.sqlite3'}")
DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
DATABASES["default"].setdefault("OPTIONS", {})
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    VAR_DIR.mkdir(exist_ok=True)
    # With the default BEGIN a transaction that reads and then writes meets "database is locked" at once,
    # however long the timeout: IMMEDIATE queues writers instead. Snapshots set DEFERRED for themselves.
    DATABASES["default"]["OPTIONS"] |= {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }
    DATABASES["default"]["TEST"] = {"NAME": env("TEST_SQLITE_NAME", default=str(VAR_DIR / "test.sqlite3"))}
else:
    DATABASE_POOL = env.int("DATABASE_POOL", default=20)
    if DATABASE_POOL < 10:
        raise ImproperlyConfigured("DATABASE_POOL: at least 10. The lanes of messages and the tick keep five of them.")
    # Under ASGI a persistent connection belongs to a thread that never comes back; the pool does not leak.
    DATABASES["default"]["OPTIONS"] |= {
        # After a second the pool leaves it to who asks next: its own pauses double, and outlast a short absence by far.
        "pool": {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 5, "reconnect_timeout": 1},
        # A server cut off without a word is noticed in seconds; the kernel's own wait of hours would keep every thread.
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 15_000,  # milliseconds
        # Compiling pays for queries of seconds; the search looks to the planner like one, and takes milliseconds. Only what
        # apps/chat/swift.py runs is prepared: planning it anew would cost as much as running it.
        "options": "-c lock_timeout=3000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=30000 "
        "-c jit=off -c plan_cache_mode=force_generic_plan",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", default="")
REDIS_PREFIX = env("REDIS_PREFIX", default="lootlink")
if REDIS_URL:
    # The default core layer closes idle sockets with redis-py 8 and drops what it can't queue.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "consumers.layer.Layer",
            # consumers/group.py bounds every call itself; redis-py's own bound makes a task of each.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "prefix": REDIS_PREFIX},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer", "CONFIG": {"capacity": 10_000}}}

BUILD = env("BUILD", default="1.0")

# The keys of backups: the public one makes them, the private one is needed only where one is put back.
BACKUP_RECIPIENT = env("BACKUP_RECIPIENT", default="")
BACKUP_IDENTITY = env("BACKUP_IDENTITY", default="")
LAST_BACKUP = VAR_DIR / "backups" / "last"  # touched by each, wherever that lies: monitors are told when

# The log of events shapes its frames and knows its wire by these names only.
LIVE_FRAMES = "consumers.frames.ready"

# People ----------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.CustomUser"
AUTHENTICATION_BACKENDS = ["apps.accounts.backends.TraderBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "apps.accounts.passwords.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "apps.accounts.passwords.SiteWordsValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "listings:home"
LOGOUT_REDIRECT_URL = "listings:home"
PASSWORD_RESET_TIMEOUT = 60 * 60
SESSION_ENGINE = "apps.accounts.store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14  # idle
SESSION_LONGEST = 60 * 60 * 24 * 30  # whatever the trader does
SESSION_STAFF = 60 * 60 * 8  # in the admin
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lootlink.errors.csrf"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="LootLink <noreply@localhost>")

# Language and time -----------------------------------------------------------------------------

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", _("Русский")), ("en", _("Английский"))]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# Files -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "lootlink.bundle.StylesheetFinder",
]
MEDIA_URL = "/media/"
MEDIA_ROOT = Path(env("MEDIA_ROOT", default=str(VAR_DIR / "media")))
USE_S3 = env.bool("USE_S3", default=False)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "lootlink.statics.Storage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if USE_S3:
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("AWS_STORAGE_BUCKET_NAME"),
            "access_key": env("AWS_ACCESS_KEY_ID", default=None),
            "secret_key": env("AWS_SECRET_ACCESS_KEY", default=None),
            "region_name": env("AWS_S3_REGION_NAME", default=None) or None,
            "endpoint_url": env("AWS_S3_ENDPOINT_URL", default=None) or None,
            "custom_domain": env("AWS_S3_CUSTOM_DOMAIN", default=None) or None,
            "querystring_auth": env.bool("AWS_QUERYSTRING_AUTH", default=True),
            "default_acl": None,
            "file_overwrite": False,
            # A bucket that does not answer keeps the thread of a page for seconds, not for minutes.
            "client_config": Config(
                signature_version="s3v4", connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}
            ),
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable", "ContentDisposition": "inline"},
        },
    }
# Where a browser loads pictures from, beside the site itself.
MEDIA_ORIGIN = env("MEDIA_ORIGIN", default=env("AWS_S3_ENDPOINT_URL", default="")) if USE_S3 else ""

# The browser's rules ---------------------------------------------------------------------------

_sources = [SELF, MEDIA_ORIGIN] if MEDIA_ORIGIN else [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": _sources,
        "font-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "connect-src": [SELF, SITE_URL.replace("http", "ws", 1)],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = ALLOWED_ORIGINS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # daphne speaks no TLS, so https always means a proxy in front, which says how it was reached.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Believe X-Forwarded-For from the proxy in front, which must overwrite it.
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)

LOG_FORMAT = env("LOG_FORMAT", default="plain")
if LOG_FORMAT not in {"plain", "json"}:
    raise ImproperlyConfigured("LOG_FORMAT: plain, for people, or json, an object a line.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "lootlink.logs.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "lootlink.logs.Json"},
    },
    "filters": {"strangers": {"()": "lootlink.logs.Strangers"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["strangers"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # A traceback a second while Redis is away; the hub says it in one line.
        "channels_redis": {"level": "CRITICAL"},
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
    },
}

# Limits, sizes and rates -----------------------------------------------------------------------

# off: everything counted over time is free (for load tests); sizes, sockets a user and ten bad frames stay.
RATE_LIMITS = env.bool("LOOTLINK_RATE_LIMITS", default=True)

PAGE_SIZE = 24
PAGE_THREADS = 8  # that the pages of a worker share
PAGE_PATIENCE = 5  # seconds that a request may wait for one of them
HISTORY_PAGE = 50  # messages a page of a talk
MESSAGE_LENGTH = 4_000  # characters
FRAME_BYTES = 32 * 1024
FRAME_RATE, FRAME_BURST = 20, 60  # frames a second of one socket
FRAME_FLOOD = 5  # seconds of too many frames until the socket is closed
FRAME_FLOOD_SIZE = 1_000_000  # characters of them, if that comes sooner
MESSAGE_RATE, MESSAGE_BURST = 1, 10  # messages a second of one user, on each worker
BAD_FRAMES = 10  # in a row
SOCKET_THREADS = 16  # that the sockets of a worker share for their database work
SOCKETS_PER_USER = 20  # on each worker
SOCKET_SILENCE = 75  # seconds
SOCKET_WINDOW = 200  # events sent and not acknowledged
SOCKET_UNSENT = 4 * 1024 * 1024  # bytes that wait for a reader; a window of the longest messages fits
RESUME_LIMIT = 1_000  # events behind; beyond it the page is loaded anew
WATCH_LIMIT = 50  # users, and listings
TICK, TICK_WITHOUT_REDIS = 3, 1  # seconds
PRESENCE_EVERY, ONLINE_FOR = 15, 40  # seconds
LAYER_TIMEOUT = 0.5  # seconds that Redis may take
EVENTS_KEPT = 30  # days

# (how many, seconds)
RATES = {
    "login.account": (5, 15 * 60),
    "login.address": (20, 15 * 60),
    "login.everywhere": (50, 15 * 60),  # failures on one account; beyond it each address has "login.slow" tries
    "login.slow": (2, 15 * 60),
    "register": (5, 60 * 60),
    "reset": (3, 60 * 60),
    "listing": (10, 60 * 60),
    "request": (20, 60 * 60),
    "review": (10, 60 * 60),
    "chat": (20, 60 * 60),
    "search": (60, 60),
    "suggest": (240, 60),
}
ACTIVE_LISTINGS = 50

IMAGE_BYTES = 8 * 1024 * 1024
IMAGE_PIXELS = 25_000_000
IMAGE_SIDE = (32, 8_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 2
