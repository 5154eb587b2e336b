"""Lists on the terminal, and what may stand on them of a child: an opaque id and a birth date, of a protected one neither."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from rich import box
from rich.console import Console
from rich.table import Table

from fjorten.kernel.times import OSLO

if TYPE_CHECKING:
    from datetime import datetime

    from fjorten.people.models import Person

HIDDEN: Final = "skjult"


def show(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, nothing: str, most: int = 50) -> int:
    """Draw a list under a title, at most so many rows of it, and tell how many there are. `nothing` is said when there are none."""
    console, found = Console(), list(rows)
    if not found:
        console.print(nothing)
        return 0
    table = Table(title=f"{title}: {len(found)}", title_justify="left", box=box.SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        table.add_column(heading, no_wrap=number < 3)
    for row in found[:most]:
        table.add_row(*(str(cell) for cell in row))
    console.print(table)
    if len(found) > most:
        console.print(f"... og {len(found) - most} til.")
    return len(found)


def child(person: "Person") -> str:
    """Tell which child a row is about, by the first part of its opaque id."""
    return HIDDEN if person.is_protected else str(person.public_id)[:8]


def born(person: "Person") -> str:
    """Tell when the child of a row was born."""
    return HIDDEN if person.is_protected else person.born_by.strftime("%d.%m.%Y")


def hour(at: "datetime") -> str:
    """Write an instant by the Norwegian clock."""
    return f"{at.astimezone(OSLO):%d.%m.%Y %H.%M}"
