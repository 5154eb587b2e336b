"""Changes to who is where, which weekday, for what."""

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Q

from fjorten.appointments.locks import change_the_rosters_alone
from fjorten.appointments.models import RosterOpening
from fjorten.appointments.rosters import Opening, OpeningIsInvalid
from fjorten.appointments.staffing import PERFORMERS, opening_of
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail, record
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Clinic, Employee, Room
from fjorten.programme.steps import Setting


class OpeningGivesNoTime(Refused):
    """An opening without a slot in it, or that never comes."""

    sentence = (
        "Åpningen gir ingen timer. Sjekk at den slutter etter at den begynner, at det er plass til minst én time på minst 5 minutter, "
        "at det er 1–30 plasser og 1–52 uker imellom, og at siste dag er etter første."
    )


class ReceivesNobody(Refused):
    """Only those the programme names can receive a child."""

    sentence = "Bare helsesykepleier, lege, fysioterapeut og jordmor kan ha timer. Velg en av dem."


class IsNotADoctorBeside(Refused):
    """The doctor of an opening is a doctor, and somebody else than the one who receives."""

    sentence = "Legen i åpningen må være en lege, og en annen enn den som tar imot. Velg en lege, eller la feltet stå tomt."


class RoomIsMissing(Refused):
    """Only a home visit is without a room."""

    sentence = "Velg et rom. Bare hjemmebesøk er uten rom."


class OpeningIsAnotherMunicipalitys(Refused):
    """Staff and room are the clinic's own municipality's, and the room is in the clinic."""

    sentence = "De ansatte må være ansatt i kommunen, og rommet må høre til helsestasjonen. Velg på nytt."


class EmployeeHasAnOpeningThen(Refused):
    """The employee stands in the roster at that time already."""

    sentence = "Den ansatte har allerede en åpning på denne tiden. Avslutt den først, eller velg en annen tid."


class RoomHasAnOpeningThen(Refused):
    """The room stands in the roster at that time already."""

    sentence = "Rommet er allerede satt opp på denne tiden. Velg et annet rom eller en annen tid."


class RoomIsClosed(Refused):
    """Nobody is received in a room that is closed."""

    sentence = "Rommet er stengt. Velg et annet, eller åpne det igjen under Helsestasjoner og rom."


class OpeningEndsBeforeItBegins(Refused):
    """An opening was to end on a day before its first."""

    sentence = "Åpningen kan ikke avsluttes før dagen den begynte. Sjekk datoen."


class OpeningHasEnded(Refused):
    """The opening has ended on that day already, or before it."""

    sentence = "Åpningen er allerede avsluttet fra denne dagen eller tidligere."


@transaction.atomic
def add_opening(
    *,
    clinic: Clinic,
    employee: Employee,
    setting: Setting,
    weekday: int,
    begins: time,
    ends: time,
    valid_from: date,
    valid_until: date | None = None,
    slot_minutes: int,
    room: Room | None = None,
    doctor: Employee | None = None,
    every_weeks: int = 1,
    capacity: int = 1,
    travel_minutes: int = 0,
    by: Actor,
    at: datetime,
) -> RosterOpening:
    """
    Put a piece into the rosters: Monday is weekday 0, clock times are Norwegian, days are `[valid_from, valid_until)`.

    One employee, and one room, has one opening at a time; a doctor may be beside several. Raises OpeningGivesNoTime, ReceivesNobody,
    IsNotADoctorBeside, RoomIsMissing, RoomIsClosed, OpeningIsAnotherMunicipalitys, EmployeeHasAnOpeningThen or RoomHasAnOpeningThen.
    """
    row = RosterOpening(
        clinic=clinic,
        employee=employee,
        doctor=doctor,
        room=room,
        setting=setting.value,
        weekday=weekday,
        begins=begins,
        ends=ends,
        valid_from=valid_from,
        valid_until=valid_until,
        every_weeks=every_weeks,
        slot_minutes=slot_minutes,
        capacity=capacity,
        travel_minutes=travel_minutes,
        recorded_at=at,
        recorded_by=by.who,
    )
    _refuse_wrong_staff(row)
    opening = _value_of(row)
    change_the_rosters_alone(clinic.municipality)
    _refuse_if_in_use(row, opening)
    row.save(force_insert=True)
    _record("opening.added", row, by=by, at=at, valid_from=valid_from.isoformat())
    return row


@transaction.atomic
def end_opening(*, opening: RosterOpening, on: date, by: Actor, at: datetime) -> None:
    """
    Let an opening give no more slots from a day on. Appointments given in it stand until somebody moves them.

    Raises OpeningEndsBeforeItBegins or OpeningHasEnded.
    """
    if on < opening.valid_from:
        raise OpeningEndsBeforeItBegins(opening.pk)
    still_open = RosterOpening.objects.in_force_from(on).filter(pk=opening.pk)
    if not still_open.update(valid_until=on):
        raise OpeningHasEnded(opening.pk)
    _record("opening.ended", opening, by=by, at=at, on=on.isoformat())


@transaction.atomic
def change_opening(
    *,
    opening: RosterOpening,
    on: date,
    clinic: Clinic,
    employee: Employee,
    setting: Setting,
    weekday: int,
    begins: time,
    ends: time,
    valid_until: date | None,
    slot_minutes: int,
    room: Room | None,
    doctor: Employee | None,
    every_weeks: int,
    capacity: int,
    travel_minutes: int,
    by: Actor,
    at: datetime,
) -> RosterOpening:
    """
    Let an opening give way to another from a day on, in one: what it was stays for the days before. Raises as `end_opening` and
    `add_opening` do; appointments given in it stand.
    """
    end_opening(opening=opening, on=on, by=by, at=at)
    return add_opening(
        clinic=clinic,
        employee=employee,
        setting=setting,
        weekday=weekday,
        begins=begins,
        ends=ends,
        valid_from=on,
        valid_until=valid_until,
        slot_minutes=slot_minutes,
        room=room,
        doctor=doctor,
        every_weeks=every_weeks,
        capacity=capacity,
        travel_minutes=travel_minutes,
        by=by,
        at=at,
    )


def _refuse_wrong_staff(row: RosterOpening) -> None:
    if row.employee.role not in PERFORMERS:
        raise ReceivesNobody(row.employee_id)
    is_doctor_twice = row.employee.role == Employee.Role.DOCTOR
    if row.doctor is not None and (row.doctor.role != Employee.Role.DOCTOR or is_doctor_twice):
        raise IsNotADoctorBeside(row.doctor_id)
    if row.room is None and row.setting != Setting.HOME.value:
        raise RoomIsMissing
    if row.room is not None and row.room.closed_on is not None:
        raise RoomIsClosed(row.room_id)
    staff = [employee.municipality_id for employee in (row.employee, row.doctor) if employee is not None]
    if set(staff) != {row.clinic.municipality_id} or (row.room is not None and row.room.clinic_id != row.clinic_id):
        raise OpeningIsAnotherMunicipalitys(row.clinic_id)


def _value_of(row: RosterOpening) -> Opening:
    has_days = row.valid_until is None or row.valid_until > row.valid_from
    if not has_days or row.slot_minutes < 5 or row.capacity > 30:
        raise OpeningGivesNoTime
    try:
        return opening_of(row)
    except OpeningIsInvalid as wrong:
        raise OpeningGivesNoTime from wrong


def _refuse_if_in_use(row: RosterOpening, opening: Opening) -> None:
    shared = Q(employee=row.employee) if row.room is None else Q(employee=row.employee) | Q(room=row.room)
    others = RosterOpening.objects.filter(shared, weekday=row.weekday).select_related("employee").order_by("pk")
    for other in others:
        if opening.meets(opening_of(other)):
            raise EmployeeHasAnOpeningThen(other.pk) if other.employee_id == row.employee_id else RoomHasAnOpeningThen(other.pk)


def _record(action: str, row: RosterOpening, *, by: Actor, at: datetime, **detail: str) -> None:
    about: Detail = {"opening": row.pk, "employee": row.employee.code, "weekday": row.weekday, "begins": row.begins.isoformat("minutes")}
    record(action, municipality=row.clinic.municipality.code, by=by, at=at, detail={**about, **detail})
