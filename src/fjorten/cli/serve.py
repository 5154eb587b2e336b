"""`fjorten serve`: the pages, when the installation is safe enough to show them."""

import argparse
import errno
import os
import socket
import sys
from typing import Final, NoReturn

from fjorten.cli.edge import a_number_between
from fjorten.kernel.refusals import Refused

_PORT: Final = 8014
_HERE: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_MOST_WORKERS: Final = 64
_WHY: Final = {
    errno.EADDRINUSE: "porten er opptatt",
    errno.EADDRNOTAVAIL: "adressen er ikke denne maskinens",
    errno.EACCES: "du har ikke lov til å bruke porten",
}
_TAG: Final = "fjorten"  # the checks of config.checks


class AddressIsTaken(Refused):
    """Another program listens there, or the address is not this machine's."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(address)
        self.sentence = f"Kan ikke lytte på {address}: {why}. Går fjorten allerede? Velg ellers en annen port med --port."


class DemoIsForThisMachine(Refused):
    """A demo has no TLS and printed passwords."""

    sentence = "Demoen har ikke TLS og kan bare vises på denne maskinen. Ta bort --bind."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument(
        "--bind", metavar="ADRESSE", default="127.0.0.1", help="adressen det lyttes på (uten: 127.0.0.1, bare denne maskinen)"
    )
    parser.add_argument(
        "--port", metavar="PORT", type=a_number_between(1, 65535), default=_PORT, help=f"porten det lyttes på (uten: {_PORT})"
    )
    parser.add_argument(
        "--workers", metavar="ANTALL", type=a_number_between(1, _MOST_WORKERS), help="antall prosesser (uten: én for hver kjerne, minst to)"
    )
    parser.add_argument("--demo", action="store_true", help="vis demoen i stedet for installasjonen")


def run(options: argparse.Namespace) -> int:
    """
    Check the installation and become the server, until SIGTERM or SIGINT. Exit code 1, with a line for each fault, when it is not safe.

    Raises AddressIsTaken or DemoIsForThisMachine.
    """
    from django.conf import settings

    if settings.DEMO and options.bind not in _HERE:
        raise DemoIsForThisMachine
    faults = _faults()
    if not faults:
        _become_the_server(options)
    for fault in faults:
        print(f"fjorten: {fault}", file=sys.stderr)
    return 1


def _become_the_server(options: argparse.Namespace) -> NoReturn:
    """
    Turn this process into gunicorn, so that signals reach it directly, and what the checks have loaded is not loaded again (performance
    P11). Raises AddressIsTaken.
    """
    from django.db import connections

    from fjorten.cli.server import serve
    from fjorten.cli.static_files import put_out

    _refuse_a_taken_address(options.bind, options.port)
    put_out()
    connections.close_all()  # processes that are forked share no connection
    host = f"[{options.bind}]" if ":" in options.bind else options.bind
    print(f"Svarer på http://{host}:{options.port}/. Stans med Ctrl+C eller SIGTERM.", file=sys.stderr, flush=True)
    workers = options.workers or max(2, os.cpu_count() or 1)
    serve(bind=f"{host}:{options.port}", workers=workers)


def _faults() -> list[str]:
    """Run every check there is, and tell what must be put right: the sentence and its number."""
    from django.core import checks

    found = checks.run_checks() + checks.run_checks(tags=[_TAG], include_deployment_checks=True, databases=["default"])
    return [f"{fault.msg} ({fault.id})" for fault in found if fault.is_serious()]


def _refuse_a_taken_address(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise AddressIsTaken(f"{host}:{port}", _WHY.get(error.errno or 0, error.strerror or "ukjent feil")) from error
