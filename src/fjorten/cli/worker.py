"""`fjorten worker`: looks after what families are told between the nights, until it is asked to stop."""

import argparse
import signal
import sys
import time
from types import FrameType
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import now
from fjorten.cli.rounds import stopping

if TYPE_CHECKING:
    from django_tasks_db.management.commands.db_worker import Worker

_ROUND_SECONDS: Final = 60
# Finding out what is owed grows with the municipality; it may take at most this share of the worker's time [default].
_SHARE: Final = 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--once", action="store_true", help="én runde, og så ferdig: for cron")


def run(options: argparse.Namespace) -> int:
    """
    Send what is due every minute, find out what is owed as often as there is time for it, and do at once what is put in the queue.

    SIGTERM and SIGINT let the message in hand be finished, and no other begun. A database that does not answer is waited for. Exit code 0.
    Raises SettingsDoNotFit, before anything is done.
    """
    from fjorten.cli.rounds import look_after

    if options.once:
        done = look_after()
        print(", ".join(f"{name} {number}" for name, number in done.items() if number) or "ingenting å gjøre")
        return 0
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, _stop)
    _work()
    print(f"Stanset {now():%d.%m.%Y kl. %H.%M} UTC. Ingenting er halvgjort.", file=sys.stderr)
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    stopping.set()


def _work() -> None:
    from django.conf import settings
    from django.db import DatabaseError, close_old_connections, connections

    from fjorten.cli.carriers import open_carriers
    from fjorten.cli.hearing import keep_heard
    from fjorten.cli.rounds import round_of
    from fjorten.organisation.models import Municipality

    queue = _queue()
    settle_at = send_at = time.monotonic()
    print("Arbeider. Stans med Ctrl+C eller SIGTERM.", file=sys.stderr, flush=True)
    with open_carriers(settings.OUTSIDE, home=settings.HOME, keep=keep_heard) as carriers:
        while not stopping.is_set():
            try:
                close_old_connections()
                queue.run()  # what others have put there since
                if time.monotonic() >= send_at:
                    begun, settles = time.monotonic(), time.monotonic() >= settle_at
                    for municipality in Municipality.objects.order_by("code"):
                        round_of(municipality, carriers, settle=settles)
                    send_at = begun + _ROUND_SECONDS
                    if settles:
                        settle_at = begun + max(_ROUND_SECONDS, (time.monotonic() - begun) / _SHARE)
            except DatabaseError as error:
                print(f"Databasen svarer ikke ({type(error).__name__}). Prøver igjen.", file=sys.stderr, flush=True)
                connections.close_all()
            stopping.wait(1)


def _queue() -> "Worker":
    """Make the worker of the queue: it does what is ready, and comes back when there is no more."""
    from django.utils.crypto import get_random_string
    from django_tasks_db.management.commands.db_worker import Worker

    return Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
