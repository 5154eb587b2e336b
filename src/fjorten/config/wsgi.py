"""What a web server runs: `gunicorn fjorten.config.wsgi:application`, or `fjorten serve`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fjorten.config.settings")

application = get_wsgi_application()
