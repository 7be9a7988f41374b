"""The ASGI entry point, for those whose server speaks nothing else. WSGI is two to three times faster here."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftercare.config.settings")
application = get_asgi_application()
