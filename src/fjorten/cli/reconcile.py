"""`fjorten reconcile`: two files in, a list of findings out. Needs no database and no installation."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from fjorten.cli.edge import a_day, today
from fjorten.kernel.masking import mask
from fjorten.registers.reconcile.request import AgeRange, InputCannotBeUsed, Request

if TYPE_CHECKING:
    from fjorten.registers.reconcile import progress
    from fjorten.registers.reconcile.reconciliation import Reconciliation

NOTHING_TO_DO: Final = 0
FOUND: Final = 1
CANNOT: Final = 2

# A narrower window shows what was found and leaves what to do to the report.
_ROOM_FOR_ACTIONS: Final = 120


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument(
        "--register",
        type=Path,
        nargs="+",
        required=True,
        metavar="FIL",
        help="uttrekk fra Folkeregisteret: JSON Lines (også .gz) eller Parquet; flere filer leses som én",
    )
    parser.add_argument("--journals", type=Path, required=True, metavar="FIL", help="eksport av journalene: CSV, Parquet eller Excel")
    parser.add_argument("--municipality", required=True, metavar="NNNN", help="kommunenummeret, fire siffer")
    parser.add_argument("--on", type=a_day, metavar="DATO", help="dagen det gjelder for (uten: i dag)")
    parser.add_argument("--ages", default="0-5", metavar="FRA-TIL", help="hele år, begge med (uten: 0-5)")
    parser.add_argument("--out", type=Path, required=True, metavar="MAPPE", help="hit skrives listene; en tidligere kjøring erstattes")
    parser.add_argument("--previous", type=Path, nargs="+", default=[], metavar="FIL", help="forrige uttrekk: hvem er borte siden da?")
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="VÅR=DERES",
        help="en kolonne i journalfilen som ikke blir gjenkjent, for eksempel fnr=Pasientnr; kan gjentas",
    )
    parser.add_argument("--reforms", type=Path, metavar="FIL", help="tabell over kommuneendringer, i tillegg til den som følger med")
    parser.add_argument("--force", action="store_true", help="fortsett selv om de to filene nesten ikke passer sammen")


def run(options: argparse.Namespace) -> int:
    """
    Read, compare, write the lists, and sum up in words.

    Exit code 0 when there is nothing to do, 1 when something was found, 2 when the input cannot be used: then a Norwegian sentence says why
    and what to change, and the lists of an earlier run are left as they were. No national number and no name reaches the terminal.
    """
    # The whole machinery is loaded only when something is to be read: `--help` and a mistyped command answer at once.
    from fjorten.registers.reconcile.reading import read_inputs
    from fjorten.registers.reconcile.reconciliation import reconcile
    from fjorten.registers.reconcile.results import write_results
    from fjorten.registers.reconcile.workspace import private_database

    try:
        request = _request(options)
        with watched(Console(stderr=True)) as progress, private_database() as connection:
            read = read_inputs(connection, request, progress)
            progress("Sammenligner", None)
            answer = reconcile(connection, request, notes=read.notes)
            progress("Skriver listene", None)
            write_results(answer)
    except InputCannotBeUsed as unusable:
        print(f"fjorten reconcile: {mask(unusable.sentence)}", file=sys.stderr)
        return CANNOT
    show(answer, Console())
    return FOUND if answer.total else NOTHING_TO_DO


@contextmanager
def watched(console: Console) -> Iterator["progress.Progress"]:
    """Show how far a run has come while it lasts, on a terminal; nothing is left of it, and a pipe or a log sees nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks: dict[str, TaskID] = {}

        def tell(phase: str, fraction: float | None) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(phase, total=None)
            if fraction is not None:
                bars.update(tasks[phase], total=1.0, completed=fraction)

        yield tell


def show(answer: "Reconciliation", console: Console) -> None:
    """Sum up a run: how many children, how many findings of each kind, and where the lists are. Counts only."""
    from fjorten.registers.reconcile import words
    from fjorten.registers.reconcile.rules import BY_CODE

    counts, request = answer.counts, answer.request
    console.print(f"[bold]Kommune {request.municipality}, barn {request.ages} år, {words.day(request.on)}[/bold]")
    console.print(f"{words.children(counts.residents)} bor her. {words.amount(counts.with_journal)} av dem har åpen journal.")
    if answer.warning:
        console.print(f"[yellow]Filene passer nesten ikke sammen.[/yellow] {answer.warning}")
    if answer.total:
        console.print(_table(answer, has_room=console.width >= _ROOM_FOR_ACTIONS))
    else:
        console.print("Ingenting å gjøre: registeret og journalene stemmer.")
    for note in answer.notes:
        console.print(mask(note), markup=False, style="dim")
    if counts.rejected_rows:
        console.print(f"[yellow]{words.counted(counts.rejected_rows, 'rad', 'rader')} kunne ikke leses.[/yellow] Se rejected.csv.")
    if counts.failed_lookups:
        console.print(f"[yellow]{words.amount(counts.failed_lookups)} oppslag i registerfilen fikk feil til svar.[/yellow]")
    if answer.protected:
        console.print(BY_CODE["address_protected"].action.sentence)
    console.print(f"Listene ligger i {request.out}. Åpne report.html først.", soft_wrap=True, highlight=False)


def _table(answer: "Reconciliation", *, has_room: bool) -> Table:
    from fjorten.registers.reconcile import words
    from fjorten.registers.reconcile.rules import BY_CODE

    table = Table(box=None, pad_edge=False)
    table.add_column("Alvor")
    table.add_column("Antall", justify="right")
    table.add_column("Funn")
    if has_room:
        table.add_column("Gjør dette", style="dim")
    for code, count in answer.count_by_rule.items():
        if count:
            rule = BY_CODE[code]
            cells = (words.SEVERITIES[rule.severity], words.amount(count), rule.title, rule.action.sentence)
            table.add_row(*cells[: len(table.columns)])
    return table


def _request(options: argparse.Namespace) -> Request:
    return Request(
        register_paths=tuple(options.register),
        journals_path=options.journals,
        municipality=options.municipality,
        on=options.on or today(),
        ages=AgeRange.parse(options.ages),
        out=options.out,
        previous_paths=tuple(options.previous),
        column_map=dict(_mapping(text) for text in options.map),
        force=options.force,
        reform_table=options.reforms,
    )


def _mapping(text: str) -> tuple[str, str]:
    ours, equals, theirs = text.partition("=")
    if not (ours.strip() and equals and theirs.strip()):
        raise InputCannotBeUsed(
            "--map er ikke forstått. Skriv vår kolonne, likhetstegn og deres overskrift, for eksempel --map fnr=Pasientnr."
        )
    return ours.strip(), theirs.strip()
