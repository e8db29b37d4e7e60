"""Settings. Everything that differs between machines comes from the environment (docs/operators.md lists it)."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from conference.operate import postgres, running
from conference.pages.critical import critical_hash

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()


def _listed(name: str) -> list[str]:
    """The comma-separated values of an environment variable."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _secret_key() -> str:
    """SECRET_KEY from the environment or from the file that ./run made in the data folder."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    file = DATA_DIR / "secret_key"
    if file.is_file():
        return file.read_text().strip()
    raise ImproperlyConfigured(f"Set SECRET_KEY, or start once with ./run, which makes {file}.")


SECRET_KEY = _secret_key()
DEBUG = False
# A command in another shell speaks for the ./run that uses this data folder.
_running = running.environment(DATA_DIR)
BASE_URL = (os.environ.get("BASE_URL") or _running.get("BASE_URL") or "http://localhost:8000").rstrip("/")
_secure = urlsplit(BASE_URL).scheme == "https"
_own_hosts = f"localhost,127.0.0.1,[::1],{urlsplit(BASE_URL).hostname}"
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS") or _running.get("ALLOWED_HOSTS", _own_hosts).split(",")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = _listed("TRUSTED_PROXIES")

RATE_LIMITS = os.environ.get("RATE_LIMITS", "on") != "off"
if not RATE_LIMITS and _secure:
    raise ImproperlyConfigured("RATE_LIMITS=off is for load tests only and refused when BASE_URL is https.")

AUTH_USER_MODEL = "conference.User"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "papers",
    "conference.apps.ConferenceConfig",
]

MIDDLEWARE = [
    "conference.pages.middleware.DatabaseAway",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "conference.pages.middleware.Refusals",
]

ROOT_URLCONF = "conference.urls"
WSGI_APPLICATION = "conference.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "libraries": {
                "clock": "conference.pages.templatetags.clock",
                "qr": "conference.pages.templatetags.qr",
                "prose": "conference.pages.templatetags.prose",
            },
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "conference.pages.context.house",
            ],
        },
    }
]

DATABASE_URL = os.environ.get("DATABASE_URL") or postgres.database_url(DATA_DIR)
LISTEN_DATABASE_URL = os.environ.get("LISTEN_DATABASE_URL") or DATABASE_URL
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    # As many as the bridge has threads (conference/asgi.py), plus one for the periodic jobs.
    "pool": {"min_size": 1, "max_size": 5, "timeout": 5},
    "connect_timeout": 3,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "sesame.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "staff-start"
LOGOUT_REDIRECT_URL = "start"
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 24 * 3600

SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
DEVICE_COOKIE_NAME = "__Host-device" if _secure else "device"
LINK_COOKIE_NAME = "__Host-link" if _secure else "link"
# Read by the front too, which knows nothing of the scheme: one name everywhere.
HALL_COOKIE_NAME = "hall_pass"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = COOKIES_SECURE = _secure
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "conference.pages.views.token_missing"
SECURE_SSL_REDIRECT = False  # Caddy redirects; behind it we speak plain HTTP.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = 31536000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # The redirect to https is Caddy's.
    "security.W021",  # Preloading is the domain owner's decision, not ours.
]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF],
        # Computed when first used, at start-up; the file is part of the checkout.
        "style-src": [SELF, critical_hash()],
        "worker-src": [SELF],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("cs", _("Czech"))]
LOCALE_PATHS = [BASE_DIR / "conference" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "conference.operate.logs.Formatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A refusal (404, 403, 422) is an answer, not a fault of ours.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security.DisallowedHost": {"level": "ERROR"}},
}
