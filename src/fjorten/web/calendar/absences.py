"""Somebody is away: seen before it is recorded, recorded in one act, and taken back."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from fjorten.access.permissions import Permission
from fjorten.appointments.actions.absences import cancel_absence, record_absence, refuse_impossible
from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import appointments_of_those_away, open_during
from fjorten.care_relations.relations import shown_among
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Absence, Clinic, Employee, Room
from fjorten.organisation.queries import absence_numbered, absences_from, clinics_of, rooms_of
from fjorten.organisation.responsibility import staff_on
from fjorten.web import words
from fjorten.web.calendar.forms import AbsenceForm, Away
from fjorten.web.edge import StaffRequest
from fjorten.web.forms import a_number
from fjorten.web.gate import may
from fjorten.web.looking import look_through
from fjorten.web.receipts import Receipt, give_receipt


@dataclass(frozen=True, slots=True)
class Touched:
    """What an absence would cancel: how many, those whoever looks may know of, and how many more there are."""

    heading: str
    names: tuple[str, ...]
    others: str
    button: str
    seen: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """One absence that is not over."""

    number: str
    name: str
    sub: str


@require_http_methods(["GET", "POST"])
@may(Permission.PLAN_ROSTERS)
def absence(request: StaffRequest) -> HttpResponse:
    """Ask who is away and when, show what that would cancel, and record it when that has been seen."""
    whom = _away(request)
    form = AbsenceForm(request.POST if request.method == "POST" else None, whom=whom)
    if request.method != "POST" or not form.is_valid():
        return _asked(request, form, status=422 if request.method == "POST" else 200)
    wanted = form.absence()
    try:
        refuse_impossible(wanted)
        falling = open_during(wanted, appointments_of_those_away(wanted))
        seen = ".".join(str(row.pk) for row in falling)
        if request.POST.get("seen") != seen:
            return _asked(request, form, touched=_touched(request, falling, seen), is_changed="seen" in request.POST)
        given_back = record_absence(
            clinic=wanted.clinic,
            from_on=wanted.from_on,
            until_on=wanted.until_on,
            employee=wanted.employee,
            room=wanted.room,
            begins=wanted.begins,
            ends=wanted.ends,
            reason=wanted.reason,
            by=request.staff.actor(using=Permission.PLAN_ROSTERS),
            at=request.at,
        )
    except Refused as refusal:
        form.refused(refusal)
        return _asked(request, form, status=422)
    number = len(given_back.appointments)
    if not number:
        give_receipt(request, Receipt(gettext("Fraværet er ført. Ingen timer er avlyst.")))
        return redirect("absence")
    said = ngettext(
        "Fraværet er ført, og %(n)d time er avlyst. Gi barnet ny tid her.",
        "Fraværet er ført, og %(n)d timer er avlyst. Gi barna ny tid her.",
        number,
    )
    give_receipt(request, Receipt(said % {"n": number}))
    return redirect("rebook")


@require_POST
@may(Permission.PLAN_ROSTERS)
def end_absence(request: StaffRequest) -> HttpResponse:
    """Take back an absence: the times are free again, and what it cancelled stays cancelled."""
    row = absence_numbered(a_number(request, "absence"), request.staff.municipality)
    if row.clinic_id not in request.staff.clinics:
        raise Http404
    cancel_absence(absence=row, by=request.staff.actor(using=Permission.PLAN_ROSTERS), at=request.at)
    give_receipt(request, Receipt(gettext("Fraværet er tatt tilbake. Timer som ble avlyst, er fortsatt avlyst.")))
    return redirect("absence")


def _away(request: StaffRequest) -> list[Away]:
    """List whoever can be away: those who work at the clinics of whoever asks, the rooms, and the clinics themselves."""
    municipality = request.staff.municipality
    clinics = {clinic.pk: clinic for clinic in clinics_of(municipality) if clinic.pk in request.staff.clinics}
    staff = staff_on(municipality=municipality, on=request.today).employees.values()
    return [
        *(Away(clinics[one.clinic_id], employee=one) for one in sorted(staff, key=_by_name) if one.clinic_id in clinics),
        *(Away(clinics[room.clinic_id], room=room) for room in rooms_of(municipality) if room.clinic_id in clinics),
        *(Away(clinic) for clinic in clinics.values()),
    ]


def _by_name(employee: Employee) -> tuple[str, int]:
    return employee.name, employee.pk


def _asked(
    request: StaffRequest, form: AbsenceForm, *, touched: Touched | None = None, is_changed: bool = False, status: int = 200
) -> HttpResponse:
    recorded = [
        _recorded(row) for row in absences_from(request.today, request.staff.municipality) if row.clinic_id in request.staff.clinics
    ]
    context = {"form": form, "touched": touched, "is_changed": is_changed, "recorded": recorded}
    return render(request, "calendar/absence.html", context, status=status)


def _touched(request: StaffRequest, falling: list[Appointment], seen: str) -> Touched:
    concerned = {row.person_id for row in falling}
    visible = shown_among(concerned, staff=request.staff, at=request.at)
    look_through(request, "absence", rows=len(visible))
    number, hidden = len(falling), sum(row.person_id not in visible for row in falling)
    return Touched(
        heading=ngettext("%(n)d time avlyses", "%(n)d timer avlyses", number) % {"n": number} if number else gettext("Ingen timer avlyses"),
        names=tuple(_line(row) for row in falling if row.person_id in visible),
        others=ngettext("og %(n)d til, som du ikke ser navnet på", "og %(n)d til, som du ikke ser navnene på", hidden) % {"n": hidden}
        if hidden
        else "",
        button=ngettext("Før fraværet og avlys %(n)d time", "Før fraværet og avlys %(n)d timer", number) % {"n": number}
        if number
        else gettext("Før fraværet"),
        seen=seen,
    )


def _line(row: Appointment) -> str:
    return gettext("%(when)s: %(name)s") % {"when": words.when(row.begins_at), "name": words.name_of(row.person)}


def _recorded(row: Absence) -> Recorded:
    last = words.last_day(row.until_on)
    days = words.day(row.from_on) if last == row.from_on else f"{words.short_day(row.from_on)}–{words.day(last)}"
    hours = f"{words.clock_time(row.begins)}–{words.clock_time(row.ends)}" if row.begins and row.ends else ""
    return Recorded(str(row.pk), _whose(row.clinic, row.employee, row.room), words.in_line([days, hours, row.reason]))


def _whose(clinic: Clinic, employee: Employee | None, room: Room | None) -> str:
    return (employee or room or clinic).name
