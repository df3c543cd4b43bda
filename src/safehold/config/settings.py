"""Django's settings for the three sites, from one environment."""

from __future__ import annotations

import os
from pathlib import Path

from safehold.config import languages, stores
from safehold.config.environment import SECRETS, load_force, read

ENVIRONMENT = read()
PACKAGE = Path(__file__).resolve().parent.parent

SITE = ENVIRONMENT.site
HAS_PUBLIC = SITE in {"public", "all"}
HAS_STAFF = SITE in {"staff", "all"}
SAFEHOLD_DATA = ENVIRONMENT.data
KEYS_FOLDER = ENVIRONMENT.keys
OPEN_DATA = SAFEHOLD_DATA / "open-data"
AUDIT_HEADS = list(ENVIRONMENT.audit_heads)
FORCE = load_force(ENVIRONMENT.force_file)
DEMONSTRATION = ENVIRONMENT.demonstration
LAPTOP = ENVIRONMENT.laptop
WORKERS = ENVIRONMENT.workers
BIND = ENVIRONMENT.bind  # what `safehold serve` listens on; unknown under another server

DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
HTTPS = ENVIRONMENT.https


def _secret() -> str:
    path = KEYS_FOLDER / SECRETS["public" if SITE == "public" else "staff"]
    try:
        return path.read_text().strip()
    except OSError:
        return ""  # `startup` refuses to serve; `setup` needs to run before the file exists.


SECRET_KEY = _secret() or "not-set-up-" + os.urandom(24).hex()
SECRET_KEY_MISSING = SECRET_KEY.startswith("not-set-up-")

_SHARED_APPS = [
    "django.contrib.staticfiles",
    "safehold.design",
    "safehold.records.intake",
    "safehold.records.snapshots",
    "safehold.records.gazetteer",
    "safehold.records.places_published",
    "safehold.records.usage",
    "safehold.records.services",
]
_PUBLIC_APPS = ["safehold.public"]
_STAFF_APPS = [
    "safehold.accounts",
    "safehold.protection",
    "safehold.patrol",
    "safehold.partnership",
    "safehold.content",
    "safehold.records.staff",
    "safehold.records.audit",
    "safehold.records.places",
    "safehold.records.people",
    "safehold.records.incidents",
    "safehold.records.cases",
    "safehold.records.histories",
    "safehold.records.exports",
    "safehold.records.orders",
    "safehold.records.marac",
    "safehold.records.imports",
    "safehold.records.risk",
    "safehold.records.phones",
    "safehold.records.agencies",
    "safehold.records.safety",
    "safehold.records.shares",
    "safehold.records.contacts",
    "safehold.records.exhibits",
    "safehold.records.conversations",
    "safehold.records.calls",
    "safehold.records.nudges",
    "safehold.records.clocks",
    "safehold.records.deadlines",
    "safehold.records.duty",
    "safehold.records.conflicts",
    "safehold.records.triage",
    "safehold.records.beside",
    "safehold.records.dvds",
    "safehold.records.feedback",
    "safehold.records.retention",
    "safehold.records.jobs",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks_db",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
]
INSTALLED_APPS = (
    _SHARED_APPS + (_PUBLIC_APPS if HAS_PUBLIC else []) + (_STAFF_APPS if HAS_STAFF else [])
)

_STAFF_MIDDLEWARE = [
    "safehold.config.staff_middleware.Sessions",
    "safehold.config.staff_middleware.Csrf",
    "safehold.config.staff_middleware.Authentication",
    "safehold.config.staff_middleware.Messages",
    "allauth.account.middleware.AccountMiddleware",
    "safehold.accounts.middleware.WhoAsks",
    "safehold.accounts.middleware.SecondFactorRequired",
]
MIDDLEWARE = [
    *(["safehold.config.snapshots_middleware.SnapshotMiddleware"] if HAS_PUBLIC else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    *(["safehold.config.compression.CompressPublic"] if HAS_PUBLIC else []),
    "safehold.config.response_headers.ResponseHeaders",
    *(["safehold.public.languages.middleware.Speaking"] if HAS_PUBLIC else []),
    *(["safehold.public.consent.middleware.CookieBlock"] if HAS_PUBLIC else []),
    "django.middleware.common.CommonMiddleware",
    *(
        ["safehold.public.errors.FillEmptyErrors", "safehold.config.public_guard.PublicGuard"]
        if HAS_PUBLIC
        else []
    ),
    "safehold.config.own_charset.OnlyOurCharset",
    *(_STAFF_MIDDLEWARE if HAS_STAFF else []),
]

ROOT_URLCONF = f"safehold.config.urls.{SITE}"
WSGI_APPLICATION = "safehold.config.wsgi.application"
APPEND_SLASH = True

_ROOMS = sorted(path.parent for path in PACKAGE.glob("*/jinja2"))
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [room / "jinja2" for room in _ROOMS],
        "OPTIONS": {
            "environment": "safehold.design.environment.environment",
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "safehold.accounts.context.officer",
            ]
            if HAS_STAFF
            else [],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                *(
                    [
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                    if HAS_STAFF
                    else []
                ),
            ],
        },
    },
]

_AS_OWNER = os.environ.get("SAFEHOLD_AS_OWNER") == "1"  # set by `safehold migrate` alone
DATABASES = stores.databases(
    site=SITE,
    records_url=ENVIRONMENT.records_owner_url if _AS_OWNER else ENVIRONMENT.records_url,
    intake_url=ENVIRONMENT.intake_owner_url if _AS_OWNER else ENVIRONMENT.intake_url,
)
DATABASE_ROUTERS = ["safehold.config.stores.StoreRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits on signing in must hold across workers, so the cache is shared (`startup` checks it).
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "shared_cache"}
        if HAS_STAFF
        else {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    )
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
LOCALE_PATHS = [
    *([ENVIRONMENT.invented_languages] if ENVIRONMENT.invented_languages else []),
    languages.FOLDER,
]
# What visitors may choose, English first; read from the profile's approvals once, at the start.
LANGUAGES_OFFERED = languages.offered(FORCE, invented=ENVIRONMENT.invented_languages)
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = SAFEHOLD_DATA / "static" / SITE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "safehold.config.static_storage.StaticStorage"},
}
MEDIA_ROOT = SAFEHOLD_DATA / "media"
MEDIA_URL = "/staff/media/"

# By what nudges go: nothing, unless the environment says so.
NUDGE_CHANNELS = ENVIRONMENT.nudges.channels
NUDGE_SMTP = ENVIRONMENT.nudges.smtp
NUDGE_FROM = ENVIRONMENT.nudges.sender
NUDGE_SMS = ENVIRONMENT.nudges.sms
NUDGE_TEXTS = ENVIRONMENT.nudges.texts

# What a form may weigh: a long account fits, a flood does not reach memory.
CLAMD_SOCKET = ENVIRONMENT.clamd_socket
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# A file that a page does not ask for is never written anywhere; the page that takes files, and the
# CMS, name their own.
FILE_UPLOAD_HANDLERS = ["safehold.config.uploads.Refusing"]

SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = False  # the proxy redirects: it can answer before TLS, we cannot
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"

# No address and no path with a code reaches a log: our own lines only.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["no_request"],
        },
        # Without a handler at all Python would print the record itself.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "filters": {"no_request": {"()": "safehold.config.log_filter.WithoutTheRequest"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"level": "WARNING"},
        "safehold": {"level": "INFO"},
        # Its warnings are one line for each page that is not there, with its address.
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}

if HAS_STAFF:
    from safehold.config.staff_settings import *  # noqa: F403 - the staff half, kept apart
