"""`fjorten demo`: a synthetic municipality lives for some months through the real inputs; its ledger, its findings and its work."""

import argparse
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import track

SEED: Final = 14
CHILDREN: Final = 400
BEGINS_ON: Final = date(2026, 6, 1)
DAYS: Final = 90


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--seed", type=int, default=SEED, metavar="TALL", help=f"et annet tall gir en annen kommune (uten: {SEED})")
    parser.add_argument("--children", type=int, default=CHILDREN, metavar="TALL", help=f"omtrent så mange barn (uten: {CHILDREN})")
    parser.add_argument("--days", type=int, default=DAYS, metavar="TALL", help=f"så mange dager leves (uten: {DAYS})")


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
    from fjorten.simulation.driving import REGISTER, LivedMunicipality, morning_of
    from fjorten.simulation.town import Town

    console = Console()
    folder = Path(settings.HOME) / "filer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    call_command("migrate", verbosity=0)
    ensure_key()
    town = Town(seed=options.seed, children=options.children, begins_on=BEGINS_ON)
    lived = LivedMunicipality(town=town, folder=folder)
    lived.begin()
    last = BEGINS_ON + timedelta(days=options.days)
    for number in track(
        range(1, options.days + 1), description=f"Lever {options.days} dager", console=Console(stderr=True), transient=True
    ):
        day = BEGINS_ON + timedelta(days=number)
        lived.live(day)
        if day.weekday() == 0:
            keep(balance_of(municipality=lived.municipality, on=day), municipality=lived.municipality, by=REGISTER, at=morning_of(day))
    lived.reconcile(last)
    municipality = lived.municipality
    balance = balance_of(municipality=municipality, on=last)
    keep(balance, municipality=municipality, by=REGISTER, at=morning_of(last))
    console.print(f"[bold]{town.municipality.name} ({municipality.code}) er oppdiktet.[/bold] Alle personer er syntetiske.\n")
    show_ledger(balance, console)
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
