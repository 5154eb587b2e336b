"""The worker's rounds: what families wrote, what they are owed, and sending it, between the nights."""

import threading
from collections import Counter
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from fjorten.cli.edge import now

if TYPE_CHECKING:
    from fjorten.messages.carriers import Carriers
    from fjorten.nightly.stages import Night
    from fjorten.organisation.models import Municipality

# Told when the worker is to stop: the message that is being handed over is finished, those in hand are given back, no more are taken.
stopping: Final = threading.Event()

# How long what a message centre has to tell is waited for when nobody speaks.
_LISTEN_SECONDS: Final = 0.5


def look_after(codes: "Collection[str] | None" = None, *, settle: bool = True) -> dict[str, int]:
    """
    Do one round in some municipalities (by number; None: all), and tell what was done. Without `settle` only what is queued is sent.

    What goes wrong in one part is in the log; the others are done, and the next round tries again. Raises SettingsDoNotFit.
    """
    from django.conf import settings

    from fjorten.cli.carriers import open_carriers
    from fjorten.cli.hearing import keep_heard
    from fjorten.organisation.models import Municipality

    done: Counter[str] = Counter()
    with open_carriers(settings.OUTSIDE, home=settings.HOME, keep=keep_heard) as carriers:
        for municipality in Municipality.objects.order_by("code"):
            if codes is None or municipality.code in codes:
                done.update(round_of(municipality, carriers, settle=settle))
    return dict(done)


def round_of(municipality: "Municipality", carriers: "Carriers", *, settle: bool) -> Counter[str]:
    """Do one round in one municipality, and within it."""
    from fjorten.organisation.wall import within

    with within(municipality):
        return _done_in(municipality, carriers, settle=settle)


def _done_in(municipality: "Municipality", carriers: "Carriers", *, settle: bool) -> Counter[str]:
    import logging

    from django.db import DatabaseError

    from fjorten.nightly.stages import BY_DAY

    done: Counter[str] = Counter()
    _listen(carriers)
    for name, stage in BY_DAY.items():
        if name == "owed" and not settle:
            continue
        try:
            came = stage(_moment(municipality, carriers))
        except DatabaseError:
            raise
        except Exception:  # one part's trouble is not the others'; the next round tries again
            logging.getLogger(__name__).exception("%s could not be done in %s", name, municipality.code)
            continue
        done.update(came.counts)
        for failure in came.failures:
            logging.getLogger(__name__).error("%s: %s (%s)", name, failure.sentence, failure.error)
    return done


def _moment(municipality: "Municipality", carriers: "Carriers") -> "Night":
    from fjorten.kernel.times import oslo_date
    from fjorten.nightly.actions import JOB, since_when
    from fjorten.nightly.stages import Night

    at = now()
    return Night(
        municipality=municipality,
        on=oslo_date(at),
        since=since_when(municipality=municipality, at=at),
        register=None,
        register_is_a_folder=False,
        carriers=carriers,
        by=JOB,
        at=at,
        clock=now,
        is_stopping=stopping.is_set,
    )


def _listen(carriers: "Carriers") -> None:
    """Hear what a message centre has to tell over the connection it keeps open; the others call us."""
    listen = getattr(carriers.sms, "listen", None)
    if listen is not None:
        listen(_LISTEN_SECONDS)
