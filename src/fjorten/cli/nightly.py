"""`fjorten nightly`: everything that must be looked after each day, in every municipality of the installation."""

import argparse
import sys
from typing import TYPE_CHECKING

from fjorten.cli.edge import now, today, with_day
from fjorten.kernel.national_id import mask
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from fjorten.nightly.models import Run
    from fjorten.organisation.models import Municipality

_MOST_TROUBLES_SHOWN = 20


class NightIsInTheFuture(Refused):
    """A night is run for today, or for a day that has been."""

    sentence = "Natten er fram i tid. Kjør for i dag, eller for en dag som har vært."


class NightCannotBeRun(Refused):
    """The database does not answer, or is not the one this version of fjorten makes."""

    sentence = (
        "Nattkjøringen stanset: databasen svarte ikke, eller er ikke oppgradert. Det som var gjort, står. Kjør `fjorten nightly` på nytt "
        "når den svarer, eventuelt `fjorten init` først."
    )


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_day(parser, "dagen natten gjelder for")
    parser.add_argument("--municipality", metavar="NNNN", help="bare denne kommunen (uten: alle i installasjonen)")
    parser.add_argument("--register", metavar="MAPPE|ADRESSE", help="Folkeregisteret (uten: innstillingen FJORTEN_REGISTER)")


def run(options: argparse.Namespace) -> int:
    """
    Run the night of one or all municipalities, and tell of each what was done and, a line each, what was not.

    Exit code 0 when all was done and every ledger balances, 1 when something was found, 2 when it could not be run.
    """
    from django.conf import settings
    from django.db import DatabaseError

    from fjorten.cli.carriers import open_carriers, open_contact_register, register_of
    from fjorten.cli.hearing import keep_heard
    from fjorten.nightly.actions import JOB, run_night, since_when
    from fjorten.nightly.stages import Night
    from fjorten.organisation.queries import municipalities_named
    from fjorten.organisation.wall import within

    on = options.on or today()
    if on > today():
        raise NightIsInTheFuture
    register, is_folder = register_of(settings.OUTSIDE, options.register)
    is_well = True
    try:
        with (
            open_carriers(settings.OUTSIDE, home=settings.HOME, keep=keep_heard) as carriers,
            open_contact_register(settings.OUTSIDE) as contact_register,
        ):
            for municipality in municipalities_named(options.municipality):
                with within(municipality):
                    at = now()
                    night = Night(
                        municipality=municipality,
                        on=on,
                        since=since_when(municipality=municipality, at=at),
                        register=register,
                        register_is_a_folder=is_folder,
                        carriers=carriers,
                        by=JOB,
                        at=at,
                        clock=now,
                        contact_register=contact_register,
                    )
                    is_well &= show(run_night(night=night), municipality)
    except DatabaseError as error:
        raise NightCannotBeRun from error
    return 0 if is_well else 1


def show(night: "Run", municipality: "Municipality") -> bool:
    """Tell how a night went; True when nothing was found. Nobody is named: a child is its opaque id."""
    counts = ", ".join(f"{name} {number}" for stage in night.counts.values() for name, number in stage.items() if number)
    print(f"{municipality}, natten til {night.on.strftime('%d.%m.%Y')}: {counts or 'ingenting å gjøre'}.")
    troubles = night.troubles.select_related("person").order_by("pk")
    for trouble in troubles[:_MOST_TROUBLES_SHOWN]:
        about = f" (barn {trouble.person.public_id})" if trouble.person else f" ({trouble.about})" if trouble.about else ""
        print(mask(f"  {trouble.sentence}{about}"))
    left = troubles.count() - _MOST_TROUBLES_SHOWN
    if left > 0:
        print(f"  ... og {left} til.")
    if not night.balanced:
        print("  Regnskapet går ikke opp." if night.balanced is False else "  Regnskapet ble ikke gjort opp.", file=sys.stderr)
    return bool(night.balanced) and not troubles.exists()
