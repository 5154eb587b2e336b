"""The server of the pages, in the process that has checked the installation."""

from typing import Any, Final, NoReturn

from django.core.wsgi import get_wsgi_application
from gunicorn.app.base import Application

_SETTINGS: Final = "python:fjorten.config.server"


def serve(*, bind: str, workers: int) -> NoReturn:
    """This function will serve the pages at an address (`host:port`) from this process and those it forks, until it is told to stop."""
    _Pages(bind, workers).run()
    raise SystemExit


class _Pages(Application):  # type: ignore[misc]  # gunicorn has no types
    """Our pages as gunicorn knows them. What is on the command line, or in gunicorn's own variables, is not for it."""

    def __init__(self, bind: str, workers: int) -> None:
        self.address, self.processes = bind, workers
        super().__init__(prog="fjorten serve")

    def load_config(self) -> None:
        self.load_config_from_module_name_or_filename(_SETTINGS)
        self.cfg.set("bind", self.address)
        self.cfg.set("workers", self.processes)

    def load(self) -> Any:
        return get_wsgi_application()
