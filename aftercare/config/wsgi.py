"""The WSGI entry point: `aftercare.config.wsgi:application`. It refuses a database that could lose rows."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftercare.config.settings")
application = get_wsgi_application()

from aftercare.config.durability import require_durable  # noqa: E402  models must be loaded first

require_durable()
