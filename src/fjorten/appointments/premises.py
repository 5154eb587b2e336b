"""What hangs on clinics, rooms, openings and those who are away: what a change of them does is told before it is made."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from fjorten.access.models import RoleHeld
from fjorten.appointments.models import Appointment, RosterOpening
from fjorten.appointments.queries import openings_on
from fjorten.appointments.staffing import opening_of
from fjorten.journal.models import Journal
from fjorten.kernel.times import OSLO
from fjorten.organisation.models import Employee, Municipality
from fjorten.plans.models import Enrolment


@dataclass(frozen=True, slots=True)
class HangsOn:
    """How much hangs on a clinic or a room from a day on: numbers only, of children nobody is named."""

    journals: int = 0
    enrolments: int = 0
    employees: int = 0
    roles: int = 0
    openings: int = 0
    appointments: int = 0

    @property
    def is_nothing(self) -> bool:
        """Tell whether it can be closed."""
        return self == HangsOn()


def what_hangs_on_clinics(municipality: Municipality, *, on: date) -> Mapping[int, HangsOn]:
    """
    This function will count what hangs on each clinic (primary key) from a day on: open journals and enrolments, those employed there,
    roles held there, openings of the rosters, and appointments to come. In six questions, however many there are; nothing: left out.
    """
    clinics = {"clinic__municipality": municipality}
    holds = Q(until_on__isnull=True) | Q(until_on__gt=on)
    return _counted(
        journals=_by("clinic", Journal.objects.still_open().filter(**clinics)),
        enrolments=_by("clinic", Enrolment.objects.still_open().filter(**clinics)),
        employees=_by("clinic", Employee.objects.not_gone_by(on).filter(**clinics)),
        roles=_by("clinic", RoleHeld.objects.filter(holds, user__is_active=True, **clinics)),
        openings=_by("clinic", openings_on(on, municipality)),
        appointments=_by("clinic", Appointment.objects.of(municipality).coming_from(on)),
    )


def what_hangs_on_rooms(municipality: Municipality, *, on: date) -> Mapping[int, HangsOn]:
    """This function will count the openings and the appointments to come in each room (primary key) from a day on; nothing: left out."""
    return _counted(
        openings=_by("room", openings_on(on, municipality).filter(room__isnull=False)),
        appointments=_by("room", Appointment.objects.of(municipality).coming_from(on).filter(room__isnull=False)),
    )


def appointments_given_in(row: RosterOpening, *, on: date) -> list[datetime]:
    """
    This function will list when the open appointments from a day on begin that were given in an opening, in order: they stand when it ends.
    """
    opening = opening_of(row)
    place = {"clinic": row.clinic_id, "employee": row.employee_id, "room": row.room_id, "setting": row.setting}
    theirs = Appointment.objects.of(row.clinic.municipality).coming_from(on).filter(**place)
    coming = theirs.order_by("begins_at", "pk").values_list("begins_at", flat=True)
    local = ((begins_at, begins_at.astimezone(OSLO)) for begins_at in coming)
    return [begins_at for begins_at, there in local if opening.is_on(there.date()) and opening.begins <= there.time() < opening.ends]


def _by(field: str, rows: QuerySet[Any]) -> Iterable[tuple[int, int]]:
    counted: Iterable[tuple[int, int]] = rows.order_by().values_list(field).annotate(many=Count("pk"))
    return counted


def _counted(**kinds: Iterable[tuple[int, int]]) -> Mapping[int, HangsOn]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for kind, counts in kinds.items():
        for place, many in counts:
            found[place][kind] = many
    return {place: HangsOn(**numbers) for place, numbers in found.items()}
