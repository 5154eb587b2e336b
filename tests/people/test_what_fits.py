"""What staff write and does not fit is refused with what to do, on both databases alike, and never cut off."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fjorten.appointments.actions.absences import record_absence
from fjorten.audit.models import AuditEvent
from fjorten.kernel.refusals import Refused
from fjorten.kernel.writing import EmailIsInvalid, TextIsTooLong
from fjorten.organisation.actions import add_code, hire, open_clinic, open_municipality, open_room
from fjorten.organisation.models import Employee, Municipality
from fjorten.people.actions.families import pause_contact, record_address, record_adult, record_contact_point, record_placement
from fjorten.people.models import Adult, ContactPoint, Person
from fjorten.plans.reasons import ReasonIsTooLong
from fjorten.registers.models import WorkItem
from fjorten.registers.work import put_aside, resolve
from tests.factories.clinic import LEADER, a_staffed_clinic, an_enrolled_child

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ON = date(2026, 3, 10)
LONG = "x" * 2_001
WHO = {"by": LEADER, "at": AT}


class Desk:
    """Everything the actions below are about."""

    def __init__(self, municipality: Municipality) -> None:
        self.municipality, self.here = municipality, a_staffed_clinic(municipality)
        self.clinic = self.here.clinic
        self.child: Person = an_enrolled_child(self.here).person
        self.adult: Adult = record_adult(municipality=municipality, name="Mor Prøve", **WHO)
        self.item = WorkItem.objects.create(
            municipality=municipality,
            person=self.child,
            rule="address_protected",
            severity="high",
            owner=WorkItem.Owner.NURSES,
            suggested_action="x",
            opened_on=ON,
            opened_at=AT,
            deadline_on=ON,
        )


EMAIL, NURSE = ContactPoint.Kind.EMAIL, Employee.Role.NURSE
FAMILY = ContactPoint.Source.FAMILY
CASES: list[tuple[type[Refused], Callable[[Desk], Any]]] = [
    (TextIsTooLong, lambda _: open_municipality(code="9903", name=LONG, **WHO)),
    (TextIsTooLong, lambda desk: add_code(municipality=desk.municipality, code="9904", source=LONG, **WHO)),
    (TextIsTooLong, lambda desk: open_clinic(municipality=desk.municipality, name=LONG, **WHO)),
    (TextIsTooLong, lambda desk: open_room(clinic=desk.clinic, name=LONG, **WHO)),
    (TextIsTooLong, lambda desk: hire(clinic=desk.clinic, code=LONG, name="N", role=NURSE, employed_from=ON, **WHO)),
    (TextIsTooLong, lambda desk: hire(clinic=desk.clinic, code="ny", name=LONG, role=NURSE, employed_from=ON, **WHO)),
    (EmailIsInvalid, lambda desk: hire(clinic=desk.clinic, code="ny", name="N", role=NURSE, employed_from=ON, email="kari", **WHO)),
    (TextIsTooLong, lambda desk: record_adult(municipality=desk.municipality, name=LONG, **WHO)),
    (TextIsTooLong, lambda desk: record_adult(municipality=desk.municipality, language=LONG, **WHO)),
    (EmailIsInvalid, lambda desk: record_contact_point(adult=desk.adult, kind=EMAIL, value="mor", source=FAMILY, **WHO)),
    (TextIsTooLong, lambda desk: record_contact_point(adult=desk.adult, kind=EMAIL, value=LONG, source=FAMILY, **WHO)),
    (TextIsTooLong, lambda desk: record_address(adult=desk.adult, lines=[LONG], postal_code="1", place="X", source="mor", **WHO)),
    (TextIsTooLong, lambda desk: record_address(adult=desk.adult, lines=["X"], postal_code=LONG, place="X", source="mor", **WHO)),
    (TextIsTooLong, lambda desk: record_address(adult=desk.adult, lines=["X"], postal_code="1", place=LONG, source="mor", **WHO)),
    (TextIsTooLong, lambda desk: record_address(adult=desk.adult, lines=["X"], postal_code="1", place="X", source=LONG, **WHO)),
    (
        TextIsTooLong,
        lambda desk: record_address(adult=desk.adult, lines=["X"], postal_code="1", place="X", country=LONG, source="mor", **WHO),
    ),
    (
        TextIsTooLong,
        lambda desk: record_placement(person=desk.child, carer=desk.adult, kind="private", is_secret=False, source=LONG, on=ON, **WHO),
    ),
    (
        TextIsTooLong,
        lambda desk: pause_contact(person=desk.child, from_on=ON, until_on=date(2026, 4, 1), today=ON, reason=LONG, **WHO),
    ),
    (
        TextIsTooLong,
        lambda desk: record_absence(clinic=desk.clinic, from_on=ON, until_on=date(2026, 4, 1), reason=LONG, **WHO),
    ),
    (ReasonIsTooLong, lambda desk: resolve(item=desk.item, resolution=WorkItem.Resolution.CORRECTED, reason=LONG, **WHO)),
    (ReasonIsTooLong, lambda desk: put_aside(item=desk.item, until=date(2026, 4, 1), today=ON, reason=LONG, **WHO)),
]


@pytest.mark.parametrize(("refusal", "does"), CASES)
def test_it_is_refused_and_nothing_is_written(municipality: Municipality, refusal: type[Refused], does: Callable[[Desk], Any]) -> None:
    desk = Desk(municipality)
    before = AuditEvent.objects.count()
    with pytest.raises(refusal) as refused:
        does(desk)
    assert str(refused.value).endswith((".", "!"))
    assert AuditEvent.objects.count() == before
