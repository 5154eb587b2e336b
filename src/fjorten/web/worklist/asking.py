"""What is asked for of the worklist, as addresses and forms say it: which list, whose, which consultation and language, from where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from fjorten.access.queries import Staff
from fjorten.care_relations.relations import shown_to
from fjorten.ledger.worklist import Group, Place, Row, Wanted
from fjorten.organisation.responsibility import Staff as StaffOfTheDay
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number

NOBODY: Final = "nobody"
PICKED: Final = "pick"  # the name of the boxes that pick rows


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to see, as text: "" asks for all. Values nobody could have chosen ask for nothing in particular."""

    group: str = ""
    owner: str = ""
    step: str = ""
    language: str = ""

    @property
    def address(self) -> str:
        """The address of the page that shows it."""
        return self.address_with()

    def address_with(self, **changed: str) -> str:
        """The address of the page when something else is asked for."""
        fields = {name: value for name, value in (self.fields | changed).items() if value}
        return f"{reverse('worklist')}?{urlencode(fields)}" if fields else reverse("worklist")

    @property
    def fields(self) -> dict[str, str]:
        """What a form sends along to ask for the same."""
        return {"group": self.group, "owner": self.owner, "step": self.step, "language": self.language}

    def wanted(self, staff: Staff, of_the_day: StaffOfTheDay, *, request: StaffRequest) -> Wanted:
        """Turn it into a question, about children shown to somebody only."""
        owner = of_the_day.employees.get(int(self.owner)) if is_number(self.owner) else None
        return Wanted(
            children=shown_to(staff, at=request.at),
            groups=(Group(self.group),) if self.group else tuple(Group),
            owner=owner,
            is_nobodys=self.owner == NOBODY,
            step=self.step,
            language=self.language,
        )


def asked_of(sent: QueryDict) -> Asked:
    """This function will read what is asked for from an address or a form."""
    group = sent.get("group", "")
    owner = sent.get("owner", "")
    return Asked(
        group=group if group in set(Group) else "",
        owner=owner if owner == NOBODY or is_number(owner) else "",
        step=sent.get("step", "")[:20],
        language=sent.get("language", "")[:8],
    )


def place_of(text: str) -> Place | None:
    """This function will read a place on the lists: «due.2026-12-01.12». None for what is none: the list is shown from its beginning."""
    group, _, rest = text.partition(".")
    day, _, row = rest.partition(".")
    if group not in set(Group) or not is_number(row):
        return None
    try:
        return Place(Group(group), date.fromisoformat(day), int(row))
    except ValueError:
        return None


def text_of(place: Place) -> str:
    """This function will write a place on the lists as an address has it. A row's number tells nobody who it is about."""
    return f"{place.group}.{place.due_on.isoformat()}.{place.row}"


def pick_of(row: Row) -> str:
    """This function will write what the box of a row sends: «due.12»."""
    return f"{row.place.group}.{row.place.row}"


def picked_in(values: Iterable[str]) -> Mapping[Group, list[int]]:
    """This function will read what boxes have sent; what no box of ours sends is left out."""
    found: dict[Group, list[int]] = {group: [] for group in Group}
    for value in values:
        group, _, row = value.partition(".")
        if group in set(Group) and is_number(row):
            found[Group(group)].append(int(row))
    return found
