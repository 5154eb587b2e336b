"""
`fjorten demo`: a synthetic municipality brings two years of history along, and families and staff live its last days until the morning of a
working day, by the real inputs and actions; what it shows; and its pages, served on this machine.
"""

import argparse
import os
import shutil
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from rich.console import Console
from rich.progress import track
from rich.table import Table

from fjorten.cli.edge import a_number_between, today
from fjorten.cli.home import remember_demos_morning, start_demos_clock
from fjorten.kernel.times import oslo_instant
from fjorten.kernel.working_days import add_working_days

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality
    from fjorten.simulation.accounts import DemoAccount
    from fjorten.simulation.town import Town

SEED: Final = 14
CHILDREN: Final = 1_500
DAYS: Final = 5  # a weekend never takes all of them
PAST_DAYS: Final = 2 * 365  # told of by the register and the clinics' earlier system
FEWEST_CHILDREN: Final = 20  # fewer have not all the mistakes a journal export is shown with
MOST_CHILDREN: Final = 100_000
MOST_DAYS: Final = 1_500
BEFORE_WORK: Final = time(6)  # when everybody has an account
MORNING: Final = time(9, 40)  # when the pages begin: some families have come, and more are on their way
PORT: Final = 8014
_SERVE: Final = "import sys; from fjorten.cli.main import main; sys.exit(main(['serve', *sys.argv[1:]]))"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--seed", type=int, default=SEED, metavar="TALL", help=f"et annet tall gir en annen kommune (uten: {SEED})")
    few, many = FEWEST_CHILDREN, MOST_DAYS
    children = f"omtrent så mange barn, minst {few} (uten: {CHILDREN})"
    parser.add_argument("--children", type=a_number_between(few, MOST_CHILDREN), default=CHILDREN, metavar="TALL", help=children)
    days = f"så mange dager leves, høyst {many} (uten: {DAYS})"
    parser.add_argument("--days", type=a_number_between(1, many), default=DAYS, metavar="TALL", help=days)
    port = f"porten sidene vises på (uten: {PORT})"
    parser.add_argument("--port", type=a_number_between(1, 65535), default=PORT, metavar="PORT", help=port)
    parser.add_argument("--only-show", action="store_true", help="vis regnskapet og listene, og avslutt uten å vise sidene")


def run(options: argparse.Namespace) -> int:
    """Make the municipality anew, in a folder and database of its own; show it; and serve its pages until somebody stops them."""
    from django.conf import settings
    from django.core.management import call_command

    from fjorten.ledger.signing import ensure_key
    from fjorten.simulation.accounts import open_demo_accounts
    from fjorten.simulation.looks import look_where_others_look

    console = Console()
    folder = Path(settings.HOME) / "filer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    call_command("migrate", verbosity=0)
    ensure_key()
    on = add_working_days(today() + timedelta(days=1), -1)  # today, or the last working day: a clinic is shut at the week-end
    morning = oslo_instant(on, MORNING)
    town, municipality = _lived(options, on, folder)
    accounts = open_demo_accounts(municipality, on=on, at=oslo_instant(on, BEFORE_WORK))
    look_where_others_look(municipality, on=on)
    remember_demos_morning(morning)
    console.print(f"[bold]{town.municipality.name} ({municipality.code}) er oppdiktet.[/bold] Alle personer er syntetiske.\n")
    _show_balance(municipality, on, morning, console)
    _show_two_files(town, municipality, on, folder, console)
    console.print(f"\nSe selv: FJORTEN_HOME={settings.HOME} .venv/bin/fjorten ledger --on {on.isoformat()}\n")
    _show_accounts(accounts, console)
    if not options.only_show:
        start_demos_clock()
        _serve(options.port)
    return 0


def _serve(port: int) -> NoReturn:
    """Begin anew as the server: what made the municipality has threads, and is not to be forked."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-c", _SERVE, "--port", str(port)])  # noqa: S606  # no shell, and nothing of a stranger's


def _lived(options: argparse.Namespace, on: date, folder: Path) -> "tuple[Town, Municipality]":
    """Take over the municipality's past some days before a day, and live them; of the day itself only the night and its first hours."""
    from fjorten.simulation.service import town_with_a_past
    from fjorten.simulation.town import Town

    taken_over_on = on - timedelta(days=options.days)
    town = Town(seed=options.seed, children=options.children, begins_on=taken_over_on - timedelta(days=PAST_DAYS))
    service = town_with_a_past(town, folder=folder, children=options.children, on=taken_over_on)
    days = [taken_over_on + timedelta(days=number) for number in range(1, options.days)]
    for day in track(days, description=f"Lever {options.days} dager", console=Console(stderr=True), transient=True):
        service.live(day)
    service.wake(on)
    service.begin(on, until=oslo_instant(on, MORNING))
    return town, service.municipality


def _show_balance(municipality: "Municipality", on: date, morning: datetime, console: Console) -> None:
    """Keep the day's ledger, and tell it and what waits for people."""
    from fjorten.cli.ledger import show as show_ledger
    from fjorten.cli.work import show as show_work
    from fjorten.ledger.balance import balance_of
    from fjorten.ledger.snapshots import keep
    from fjorten.registers.queries import open_work
    from fjorten.simulation.driving import REGISTER

    balance = balance_of(municipality=municipality, on=on)
    keep(balance, municipality=municipality, by=REGISTER, at=morning)
    show_ledger(balance, console)
    console.print()
    _show_lists(municipality, on, console)
    console.print()
    show_work(list(open_work(municipality=municipality, on=on)), console, most=12)


def _show_two_files(town: "Town", municipality: "Municipality", on: date, folder: Path, console: Console) -> None:
    """Compare an extract of the register with the journals of the system the municipality had before."""
    from fjorten.cli import reconcile as reconcile_command
    from fjorten.cli.main import parser_of
    from fjorten.simulation.dirt import Dirt

    console.print("\n[bold]To filer inn, en liste ut:[/bold] registeruttrekket mot journalene i det systemet kommunen hadde fra før.\n")
    register, journals, out = folder / "register.jsonl", folder / "journaler.csv", folder / "avvik"
    town.write_snapshot(register, on=on)
    town.write_journals(journals, on=on, dirt=Dirt())
    arguments = ["--register", str(register), "--journals", str(journals), "--municipality", municipality.code]
    arguments += ["--on", on.isoformat(), "--out", str(out)]
    reconcile_command.run(parser_of("reconcile").parse_args(arguments))


def _show_accounts(accounts: "list[DemoAccount]", console: Console) -> None:
    from fjorten.simulation.accounts import PASSWORD

    table = Table(title=f"Logg inn som (passord for alle: {PASSWORD})", title_justify="left")
    for heading in ("Brukernavn", "Sted"):
        table.add_column(heading)
    for account in accounts:
        table.add_row(account.login, account.place)
    console.print(table)


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
