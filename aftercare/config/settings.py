"""Django's settings. What an operator may change comes from the environment and is told in docs/settings.md."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from aftercare.config import environment, logs

PACKAGE_DIR = Path(__file__).resolve().parent.parent
PROJECT_DIR = PACKAGE_DIR.parent

DATA_DIR = environment.calculate_data_dir(PROJECT_DIR)
DEBUG = environment.is_on("AFTERCARE_DEBUG")
SECRET_KEY = environment.get_secret_key(DATA_DIR)
# Digests of the journal need a key outside the database; changing it makes every older fact look forged.
AFTERCARE_JOURNAL_KEY = environment.get_journal_key(DATA_DIR)
# Heads of the journal's chain, appended outside the database so that a cut of its tail shows.
AFTERCARE_JOURNAL_HEADS = DATA_DIR / "journal-heads.log"
ALLOWED_HOSTS = environment.get_list("AFTERCARE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")


ROOMS = [
    "aftercare.foundation",
    "aftercare.domain.journal",
    "aftercare.domain.people",
    "aftercare.domain.parties",
    "aftercare.domain.catalog",
    "aftercare.domain.ledger",
    "aftercare.domain.files",
    "aftercare.domain.assets",
    "aftercare.domain.entitlement",
    "aftercare.domain.billing",
    "aftercare.domain.quotes",
    "aftercare.domain.settlement",
    "aftercare.domain.feedback",
    "aftercare.domain.inventory",
    "aftercare.domain.custody",
    "aftercare.domain.orders",
    "aftercare.domain.cases",
    "aftercare.domain.work",
    "aftercare.domain.purchasing",
    "aftercare.domain.cores",
    "aftercare.flows",
    "aftercare.reports",
    "aftercare.web",
    "aftercare.api",
    "aftercare.jobs",
    "aftercare.imports",
]

INSTALLED_APPS = [
    *ROOMS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "ninja",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "aftercare.config.middleware.request_id",
    "aftercare.config.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "aftercare.web.middleware.require_policy",
]

ROOT_URLCONF = "aftercare.config.urls"
WSGI_APPLICATION = "aftercare.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "aftercare.web.navigation.shell",
            ],
        },
    },
]

# Transactions belong to actions: wrapping each request would hold SQLite's write lock during slow reads.
DATABASES = {"default": environment.parse_database_url(environment.get_database_url(DATA_DIR))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["aftercare.web.sign_in.adapter.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "aftercare.web.sign_in.adapter.PeopleAdapter"
ACCOUNT_FORMS = {
    "login": "aftercare.web.sign_in.forms.SignInForm",
    "change_password": "aftercare.web.sign_in.forms.OwnPasswordForm",
    "reauthenticate": "aftercare.web.sign_in.forms.AskAgainForm",
}
# Guesses at one account are counted in the database (people); these limits stop guessing across many accounts.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "30/m/ip,10/300s/key"}
MFA_FORMS = {"authenticate": "aftercare.web.sign_in.forms.SecondFactorForm"}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Aftercare"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("zh-hant", _("繁體中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
USE_I18N = True
USE_TZ = True  # stored in UTC
TIME_ZONE = "Asia/Shanghai"  # shown, where a branch names no other zone

STATIC_URL = "/static/"
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 300
# What labels are printed on unless somebody chooses: 40x30, 60x40 (millimetres, rolls) or a4 (three by eight).
AFTERCARE_LABEL_SIZE = os.environ.get("AFTERCARE_LABEL_SIZE", "40x30")
# A paper of five hundred lines is one form; with Django's thousand fields a long one would be refused.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
TRUSTED_PROXY = os.environ.get("AFTERCARE_TRUSTED_PROXY", "127.0.0.1" if environment.is_on("AFTERCARE_HTTPS") else "")
if environment.is_on("AFTERCARE_HTTPS"):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [f"https://{host.replace('*', '', 1)}" for host in ALLOWED_HOSTS if host != "*"]

LOGGING = logs.build_logging(debug=DEBUG)
