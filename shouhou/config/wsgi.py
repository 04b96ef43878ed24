"""The WSGI application, for any server: `granian --interface wsgi shouhou.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouhou.config.settings")
application = get_wsgi_application()
