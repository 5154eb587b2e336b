"""Looks somebody else should go through, in a simulated municipality: for the demo, whose leader is to have something to review."""

from datetime import date, time
from typing import Final

from fjorten.access.permissions import Permission
from fjorten.access.queries import Staff, staff_at
from fjorten.audit.looks import note_look, note_refused
from fjorten.care_relations.actions import break_glass
from fjorten.care_relations.models import ReasonOfEmergency
from fjorten.care_relations.relations import may_open_child
from fjorten.journal.models import Journal
from fjorten.kernel.times import oslo_instant
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person

_TRIED: Final = time(8, 5)
_OPENED: Final = time(8, 20)
_WHY: Final = "Legevakten ringte om barnet i natt og trenger å vite hvilke vaksiner det har fått."


def look_where_others_look(municipality: Municipality, *, on: date) -> int:
    """
    This function will let one who has no relation to a child open its record in an emergency, and another try to without one, on the
    morning of a day; tells how many looks there were.

    None where everybody belongs to the only clinic.
    """
    at = oslo_instant(on, _OPENED)
    able = [staff for staff in staff_at(municipality, at=at) if staff.may(Permission.BREAK_GLASS) and staff.employee is not None]
    pairs = [(staff, child) for staff in able if (child := _somebody_elses(staff, on)) is not None]
    if not pairs:
        return 0
    tries, child = pairs[0]
    at_first = oslo_instant(on, _TRIED)
    persons = [str(child.public_id)]
    note_refused("child.refused", municipality=municipality.code, persons=persons, detail={"page": "child"}, by=tries.actor(), at=at_first)
    staff, child = pairs[-1]
    by = staff.actor(ground="emergency")
    break_glass(staff=staff, person=child, code=ReasonOfEmergency.ACUTE, reason=_WHY, by=by, at=at)
    note_look("child.seen", municipality=municipality.code, persons=[str(child.public_id)], detail={"page": "child"}, by=by, at=at)
    return 2


def _somebody_elses(staff: Staff, on: date) -> Person | None:
    """A child of another clinic whom they may open in an emergency only."""
    others = Journal.objects.still_open().filter(clinic__municipality=staff.municipality).exclude(clinic__in=staff.clinics)
    for journal in others.select_related("person").order_by("pk")[:20]:
        if may_open_child(journal.person, staff=staff, at=oslo_instant(on, _OPENED)).may_break_glass:
            return journal.person
    return None
