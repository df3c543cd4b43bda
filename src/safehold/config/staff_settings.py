"""Settings that only a site with staff pages has: sign-in, sessions, tasks, the CMS."""

from safehold.config.environment import read

_ENVIRONMENT = read()

AUTH_USER_MODEL = "staff.StaffMember"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/staff/account/login/"
LOGIN_REDIRECT_URL = "/staff/"
LOGOUT_REDIRECT_URL = "/staff/account/login/"

SESSION_COOKIE_PATH = "/staff/"
SESSION_COOKIE_NAME = "staff"
SESSION_COOKIE_SECURE = _ENVIRONMENT.https
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 60 * 60  # one shift
CSRF_COOKIE_PATH = "/staff/"
CSRF_COOKIE_NAME = "staffcsrf"
CSRF_COOKIE_SECURE = _ENVIRONMENT.https
CSRF_FAILURE_VIEW = "safehold.accounts.errors.form_refused"
CSRF_TRUSTED_ORIGINS = (
    [f"https://{host}" for host in _ENVIRONMENT.hosts] if _ENVIRONMENT.https else []
)

ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "safehold.accounts.adapter.StaffAccountAdapter"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
# Limits by the name typed, never by the address it came from: no address is kept anywhere. The
# library's limit on all sign-ins goes by address only, so it is off.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}
MFA_ADAPTER = "safehold.accounts.adapter.StaffMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Staff desk"
# One step of 30 seconds to either side, as RFC 6238 (5.2) allows for the time a code is on its way:
# without it a code that is typed as its half minute ends is refused. A code still works once.
MFA_TOTP_TOLERANCE = 1

TASKS = {
    "default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]},
}

WAGTAIL_SITE_NAME = "Public pages"
WAGTAILADMIN_BASE_URL = ""
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILADMIN_LOGIN_URL = "/staff/account/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/staff/account/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_I18N_ENABLED = False
TAGGIT_CASE_INSENSITIVE = True
