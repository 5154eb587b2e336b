"""The server of the pages, in the process that has checked the installation."""

import atexit
import gc
from itertools import count
from typing import Any, Final, NoReturn

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import Application

_SETTINGS: Final = "python:fjorten.config.server"
_WARM: Final = 100  # answers; most of what is loaded when it is asked for has been by then [default]


def serve(*, bind: str, workers: int) -> NoReturn:
    """This function will serve the pages at an address (`host:port`) from this process and those it forks, until it is told to stop."""
    _Pages(bind, workers).run()
    raise SystemExit


def settle() -> None:
    """
    This function will have the search for garbage leave alone what is there now: code, texts and templates stay as long as the process, and
    looking through them held up every thirtieth page by a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # extensions complain of what they find left when a process ends


class _Pages(Application):  # type: ignore[misc]  # gunicorn has no types
    """Our pages as gunicorn knows them. What is on the command line, or in gunicorn's own variables, is not for it."""

    def __init__(self, bind: str, workers: int) -> None:
        self.address, self.processes = bind, workers
        super().__init__(prog="fjorten serve")

    def load_config(self) -> None:
        self.load_config_from_module_name_or_filename(_SETTINGS)
        self.cfg.set("bind", self.address)
        self.cfg.set("workers", self.processes)
        answers = count(1)
        self.cfg.set("post_worker_init", lambda _worker: settle())
        self.cfg.set("post_request", lambda _worker, _request, _environ, _answer: settle() if next(answers) == _WARM else None)

    def load(self) -> Any:
        return get_wsgi_application()
