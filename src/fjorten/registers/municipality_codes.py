"""Which municipality numbers are ours: today's, those a reform gave or took, and what happens when the register renumbers us."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from typing import Final

from fjorten.audit.actor import Actor
from fjorten.organisation.actions import add_code
from fjorten.organisation.models import Municipality, MunicipalityCode
from fjorten.people.models import Person
from fjorten.registers.documents import Payload, numbers_of
from fjorten.registers.reforms.codes import codes_now, shipped_reforms

# The event that says: the address got another municipality number, nobody moved [source: Folkeregisteret, event list].
RENUMBERED: Final = "endringIBostedsadresseVedKommuneregulering"


def own_codes_of(municipality: Municipality) -> frozenset[str]:
    """
    List the municipality's own number, every other the shipped reforms say is as a whole the same municipality, and those told or learnt.

    A split is never guessed.
    """
    others = MunicipalityCode.objects.filter(municipality=municipality).values_list("code", flat=True)
    return frozenset([municipality.code, *others]) | _same_by_reform(municipality.code)


@cache
def _same_by_reform(code: str) -> frozenset[str]:
    now = codes_now(shipped_reforms(), on=date.max)
    latest = now[code].only if code in now else code
    return frozenset(old for old, became in now.items() if latest is not None and became.only == latest) | (
        frozenset([latest]) if latest is not None else frozenset()
    )


def learn_new_code(payloads: Iterable[Payload], *, municipality: Municipality, by: Actor, at: datetime) -> None:
    """
    Take a new number as ours when the register has renumbered most of our children to it, in the caller's transaction.

    `payloads` are the documents behind renumbering events. When a smaller part is renumbered, the municipality may have been split: those
    children stay with us, and whose they are is for a person to say [default].
    """
    known = own_codes_of(municipality)
    moved: dict[str, set[str]] = {}
    for payload in payloads:
        for row in payload["residences"]:
            if row["current"] and row["code"] and row["code"] not in known:
                moved.setdefault(row["code"], set()).update(numbers_of(payload))
    if not moved:
        return
    here = Person.objects.of(municipality).filter(residences__is_here=True, residences__valid_until__isnull=True, is_dead=False)
    residents = here.distinct().count()
    for code, numbers in sorted(moved.items()):
        renumbered = here.filter(identifiers__number__in=sorted(numbers)).distinct().count()
        if renumbered * 2 > residents and not Municipality.objects.filter(code=code).exists():
            add_code(municipality=municipality, code=code, source="hendelser: kommuneregulering", by=by, at=at)
