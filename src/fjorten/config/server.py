"""
How gunicorn serves the pages: read by `fjorten serve`, which adds address, port, and number of processes.

Every name here is one of gunicorn's settings.
"""

import os
from pathlib import Path
from typing import Any, Final

from fjorten.config.settings import BEHIND_PROXY

wsgi_app: Final = "fjorten.config.wsgi:application"

# Threads wait for the database while another answers; a process that is stuck for a minute is replaced.
worker_class: Final = "gthread"
threads: Final = 4
timeout: Final = 60
graceful_timeout: Final = 20  # seconds those who are being answered have when we are asked to stop
keepalive: Final = 5
max_requests: Final = 2_000  # a process that has answered so many gives its memory back, and not all at once
max_requests_jitter: Final = 200
preload_app: Final = True  # what cannot be loaded is told at once, and memory is shared
_MEMORY = Path("/dev/shm")  # noqa: S108  # processes tell here that they live: a busy disk must not look like a dead process
worker_tmp_dir: Final = str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None
control_socket_disable: Final = True

# Only the server in front may say that a request came over TLS, or for whom.
forwarded_allow_ips: Final = ",".join(BEHIND_PROXY)

# When, what, and how long it took: never who asked, what they searched for (%(q)s, %(r)s, %(f)s), or an identity number.
accesslog: Final = "-"
access_log_format: Final = "%(m)s %(U)s %(s)s %(B)s %(M)sms"
logconfig_dict: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"masked": {"()": "fjorten.config.logs.MaskNationalIds"}, "queries": {"()": "fjorten.config.logs.WithoutQueries"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["queries", "masked"], "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "gunicorn.error": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "gunicorn.access": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
    },
}
