"""`fjorten demo`: a synthetic municipality with families and staff lives until today, by the real inputs and actions; and what it shows."""

import argparse
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import track
from rich.table import Table

from fjorten.cli.edge import a_number_between, now, today

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality

SEED: Final = 14
CHILDREN: Final = 300  # with the days below one to two minutes; 1,500 children take some seconds a day
DAYS: Final = 30
FEWEST_CHILDREN: Final = 20  # fewer have not all the mistakes a journal export is shown with
MOST_CHILDREN: Final = 100_000
MOST_DAYS: Final = 1_500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--seed", type=int, default=SEED, metavar="TALL", help=f"et annet tall gir en annen kommune (uten: {SEED})")
    few, many = FEWEST_CHILDREN, MOST_DAYS
    children = f"omtrent så mange barn, minst {few} (uten: {CHILDREN})"
    parser.add_argument("--children", type=a_number_between(few, MOST_CHILDREN), default=CHILDREN, metavar="TALL", help=children)
    days = f"så mange dager leves, høyst {many} (uten: {DAYS})"
    parser.add_argument("--days", type=a_number_between(0, many), default=DAYS, metavar="TALL", help=days)


def run(options: argparse.Namespace) -> int:
    """Make the municipality anew, in a folder and database of its own, and show it."""
    from django.conf import settings
    from django.core.management import call_command

    from fjorten.cli import reconcile as reconcile_command
    from fjorten.cli.ledger import show as show_ledger
    from fjorten.cli.main import parser_of
    from fjorten.cli.work import show as show_work
    from fjorten.ledger.balance import balance_of
    from fjorten.ledger.signing import ensure_key
    from fjorten.ledger.snapshots import keep
    from fjorten.registers.queries import open_work
    from fjorten.simulation.dirt import Dirt
    from fjorten.simulation.driving import REGISTER
    from fjorten.simulation.service import town_at_work
    from fjorten.simulation.town import Town

    console = Console()
    folder = Path(settings.HOME) / "filer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    call_command("migrate", verbosity=0)
    ensure_key()
    last = today()
    begins_on = last - timedelta(days=options.days)
    town = Town(seed=options.seed, children=options.children, begins_on=begins_on)
    service = town_at_work(town, folder=folder, children=options.children)
    days = [begins_on + timedelta(days=number) for number in range(1, options.days + 1)]
    for day in track(days, description=f"Lever {options.days} dager", console=Console(stderr=True), transient=True):
        service.live(day)
    municipality = service.municipality
    balance = balance_of(municipality=municipality, on=last)
    keep(balance, municipality=municipality, by=REGISTER, at=now())
    console.print(f"[bold]{town.municipality.name} ({municipality.code}) er oppdiktet.[/bold] Alle personer er syntetiske.\n")
    show_ledger(balance, console)
    console.print()
    _show_lists(municipality, last, console)
    console.print()
    show_work(list(open_work(municipality=municipality, on=last)), console, most=12)
    console.print("\n[bold]To filer inn, en liste ut:[/bold] registeruttrekket mot journalene i det systemet kommunen hadde fra før.\n")
    register, journals, out = folder / "register.jsonl", folder / "journaler.csv", folder / "avvik"
    town.write_snapshot(register, on=last)
    town.write_journals(journals, on=last, dirt=Dirt())
    arguments = ["--register", str(register), "--journals", str(journals), "--municipality", municipality.code]
    arguments += ["--on", last.isoformat(), "--out", str(out)]
    reconcile_command.run(parser_of("reconcile").parse_args(arguments))
    console.print(f"\nSe selv: FJORTEN_HOME={settings.HOME} .venv/bin/fjorten ledger --on {last.isoformat()}")
    return 0


def _show_lists(municipality: "Municipality", on: date, console: Console) -> None:
    """Tell how many stand on each list today, and what became of the times given so far."""
    from django.db.models import Count

    from fjorten.appointments.models import Appointment
    from fjorten.appointments.needs import to_place_by_hand
    from fjorten.appointments.queries import appointments_on, appointments_to_rebook, not_closed
    from fjorten.appointments.states import State
    from fjorten.followup.queries import cases_due, open_cases, paused_cases
    from fjorten.messages.queries import open_tasks

    lists = {
        "Timer i dag": appointments_on(on, municipality=municipality).count(),
        "Timer ingen har ført": not_closed(municipality=municipality, on=on).count(),
        "Avlyst av oss, uten ny time": appointments_to_rebook(municipality=municipality, on=on).count(),
        "Time må finnes for hånd": len(to_place_by_hand(municipality=municipality, on=on)),
        "Ring eller finn ut (manuell liste)": open_tasks(municipality=municipality).count(),
        "Oppfølgingssaker": len(open_cases(municipality=municipality, on=on)),
        "  med frist i dag eller før": len(cases_due(municipality=municipality, on=on)),
        "  på vent til en dato": len(paused_cases(municipality=municipality, on=on)),
    }
    table = Table(title="Listene i dag", title_justify="left", show_header=False)
    for name, number in lists.items():
        table.add_row(name, str(number))
    console.print(table)
    states = Appointment.objects.of(municipality).order_by().values_list("state").annotate(number=Count("pk"))
    became = ", ".join(f"{_BECAME[State(state)]} {number}" for state, number in sorted(states))
    console.print(f"Av timene så langt: {became}.")


_BECAME: Final = {
    "offered": "tilbudt",
    "confirmed": "bekreftet",
    "attended": "møtt",
    "did_not_attend": "ikke møtt",
    "not_brought": "ikke fulgt",
    "cancelled_by_family": "avbestilt av familien",
    "moved_by_family": "flyttet av familien",
    "cancelled_by_clinic": "avlyst av oss",
    "moved_by_clinic": "flyttet av oss",
}
