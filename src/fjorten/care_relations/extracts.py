"""
The family's extract of the log: who has looked, in plain words (pjl § 18, pbrl § 5-1, GDPR 15 [source]; that the right to the log follows
from these, and which paragraph says so, [unverified]).

Staff are told by role and unit, not by name [default]. What concerns a report to child welfare is left out: the log is not to reveal it to
the person it concerns [default; the right may be limited case by case].
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from fjorten.access.permissions import Role
from fjorten.access.policies import Ground
from fjorten.audit.looks import Look, looks_at
from fjorten.care_relations.oddities import REVIEW
from fjorten.kernel.ages import age_in_years
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.people.models import Person

LEFT_OUT: Final = ("concern.", "assessment.")  # how the names of events begin that are about a report to child welfare
NOT_FOR_GUARDIANS: Final = "not_for_guardians"  # the detail of a look at what guardians are not told of
_GUARDIANS_UNTIL: Final = 16  # years: then the log is the youth's own (pbrl § 3-4 [source])

ROLES: Final = {
    **{role.value: role.words for role in Role},
    "technical_administrator": "den som drifter systemet",
    "family": "familien",
}
GROUNDS: Final = {
    Ground.APPOINTMENT.value: "barnet hadde time",
    Ground.CASE.value: "oppfølging av barnet",
    Ground.CLINIC.value: "barnet hører til helsestasjonen",
    Ground.REGISTER.value: "barnet bor i kommunen og hadde ikke journal",
    Ground.AUTHORISATION.value: "fikk tilgang av lederen",
    Ground.EMERGENCY.value: "åpnet av tungtveiende grunner",
    REVIEW: "kontroll av hvem som har sett i journalen",
}
NO_GROUND: Final = "annet arbeid i tjenesten"
NO_ROLE: Final = "ansatt"


class Asker(StrEnum):
    """Who asks for the extract."""

    GUARDIAN = "guardian"
    THEMSELVES = "themselves"


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """What one member of staff saw on one day on one ground: role, unit and ground in Norwegian, first and last time, and how often."""

    on: date
    role: str
    unit: str
    ground: str
    first_at: datetime
    last_at: datetime
    times: int


class TheLogIsTheYouths(Refused):
    """From sixteen on guardians are given what they need to know, not the log."""

    sentence = "Fra 16 år er det ungdommen selv som får vite hvem som har sett i journalen."


def extract_of_looks(person: Person, *, asker: Asker, on: date) -> list[ExtractLine]:
    """
    This function will list who has looked at one person's record, the latest first, for the family or for the person themselves.

    One line for what one member of staff saw in a day on one ground. Tries that were refused saw nothing and are not in it. Guardians of
    those over twelve are not told of looks at what they are not told of either, and those of a protected child not of the unit: where it is
    followed tells where it lives. Raises TheLogIsTheYouths.
    """
    if asker is Asker.GUARDIAN and age_in_years(person.born_by, on) >= _GUARDIANS_UNTIL:
        raise TheLogIsTheYouths(person.pk)
    ids = [str(person.public_id), *(str(one) for one in person.continued_from.values_list("public_id", flat=True))]
    looks = [look for one in ids for look in looks_at(one, municipality=person.municipality.code, most=None)]
    is_place_secret = person.is_protected and asker is Asker.GUARDIAN
    days: dict[tuple[date, str, str, str, str], list[datetime]] = {}
    for look in looks:
        if is_told(look, asker=asker):
            days.setdefault((oslo_date(look.at), look.who, look.role, look.unit, look.ground), []).append(look.at)
    lines = [
        ExtractLine(
            on=day,
            role=ROLES.get(role, NO_ROLE),
            unit="" if is_place_secret else unit,
            ground=GROUNDS.get(ground, NO_GROUND),
            first_at=min(times),
            last_at=max(times),
            times=len(times),
        )
        for (day, _, role, unit, ground), times in days.items()
    ]
    return sorted(lines, key=lambda line: line.last_at, reverse=True)


def is_told(look: Look, *, asker: Asker) -> bool:
    """This function will tell whether a look stands in the extract: shown, not about a report, and not kept from the one who asks."""
    if not look.was_shown or look.action.startswith(LEFT_OUT):
        return False
    return asker is not Asker.GUARDIAN or not look.detail.get(NOT_FOR_GUARDIANS)
