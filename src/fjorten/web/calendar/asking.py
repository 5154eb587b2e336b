"""What is asked for of the calendar, as addresses say it: which clinic, which week, by staff or by room, and whose."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode

from fjorten.appointments.capacity import Week
from fjorten.organisation.models import Clinic
from fjorten.organisation.queries import clinics_of
from fjorten.web.day_converter import is_shown
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import is_number

ROOMS: Final = "rooms"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to see. `one` is the employee or room (by primary key) the week is narrowed to, None for all."""

    clinic: Clinic
    clinics: tuple[Clinic, ...]
    week: Week
    by_room: bool
    one: int | None

    def address(self, *, week: Week | None = None, **changed: str) -> str:
        """The address of the week when something else is asked for."""
        fields = {
            "clinic": str(self.clinic.pk) if len(self.clinics) > 1 else "",
            "by": ROOMS if self.by_room else "",
            "one": str(self.one or ""),
        }
        said = {name: value for name, value in (fields | changed).items() if value}
        there = reverse("week", args=[(week or self.week).monday])
        return f"{there}?{urlencode(said)}" if said else there


def asked_of(request: StaffRequest, day: date) -> Asked:
    """
    This function will read what is asked for. Values nobody could have chosen ask for nothing in particular.

    Raises Http404 for a clinic that is not theirs.
    """
    theirs = tuple(clinic for clinic in clinics_of(request.staff.municipality) if clinic.pk in request.staff.clinics)
    wanted, one = request.GET.get("clinic", ""), request.GET.get("one", "")
    clinic = next((clinic for clinic in theirs if not wanted or str(clinic.pk) == wanted), None)
    if clinic is None:
        raise Http404
    return Asked(
        clinic=clinic,
        clinics=theirs,
        week=Week.of(day),
        by_room=request.GET.get("by") == ROOMS,
        one=int(one) if is_number(one) else None,
    )


def week_asked(request: StaffRequest, field: str) -> Week | None:
    """This function will read a week from an address, as any day of it; None for what is no day, or too far away."""
    try:
        day = date.fromisoformat(request.GET.get(field, ""))
    except ValueError:
        return None
    return Week.of(day) if is_shown(day) else None
