"""`fjorten reconcile`: two files in, a list of findings out. Needs no database and no installation."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from fjorten.cli.edge import a_day, today
from fjorten.kernel.masking import mask
from fjorten.registers.reconcile.request import AgeRange, InputCannotBeUsed, Request

if TYPE_CHECKING:
    from fjorten.registers.reconcile.reconciliation import Reconciliation

NOTHING_TO_DO: Final = 0
FOUND: Final = 1
CANNOT: Final = 2


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
    parser.add_argument("--ages", type=_ages, default=AgeRange(0, 5), metavar="FRA-TIL", help="hele år, begge med (uten: 0-5)")
    parser.add_argument("--out", type=Path, required=True, metavar="MAPPE", help="hit skrives listene; en tidligere kjøring erstattes")
    parser.add_argument("--previous", type=Path, nargs="+", default=[], metavar="FIL", help="forrige uttrekk: hvem er borte siden da?")
    parser.add_argument(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="VÅR=DERES",
        help="en kolonne i journalfilen som ikke ble gjenkjent, for eksempel fnr=Pasientnr; kan gjentas",
    )
    parser.add_argument("--reforms", type=Path, metavar="FIL", help="tabell over kommuneendringer, i tillegg til den som følger med")
    parser.add_argument("--force", action="store_true", help="fortsett selv om de to filene nesten ikke passer sammen")
