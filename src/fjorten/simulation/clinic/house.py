"""The house before the first family comes: who works there, which rooms there are, and who receives whom, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fjorten.appointments.actions.rosters import add_opening
from fjorten.organisation.actions import hire, name_deputy, open_room, tell_where_clinic_is
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.programme.steps import Setting
from fjorten.simulation.clinic.workday import OFFICE

# One pair of nurses, with a day and a half of a doctor's week, for so many children: about a tenth more than the programme asks for
# [default]. What the weeks of a pair look like is below.
CHILDREN_A_PAIR = 400
NAMES = ("Kvist", "Pors", "Lyng", "Einer", "Rogn", "Hegg", "Selje", "Osp", "Older", "Bjørk", "Furu", "Gran", "Lind", "Alm", "Ask", "Eik")
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of a roster. `nurse`: the first of the pair or the second."""

    nurse: int
    weekday: int
    begins: time
    ends: time
    setting: Setting = Setting.CLINIC
    slot_minutes: int = 30
    has_doctor: bool = False
    capacity: int = 1
    travel_minutes: int = 0


_WEEK = (
    _Piece(0, MONDAY, time(9), time(12), has_doctor=True),
    _Piece(0, TUESDAY, time(9), time(12)),
    _Piece(0, WEDNESDAY, time(9), time(12), has_doctor=True),
    _Piece(0, FRIDAY, time(9), time(12)),
    _Piece(0, THURSDAY, time(12, 30), time(14), slot_minutes=45),
    _Piece(1, TUESDAY, time(9), time(12), slot_minutes=45, has_doctor=True),
    _Piece(1, THURSDAY, time(9), time(12), slot_minutes=45),
    _Piece(0, TUESDAY, time(13), time(15), Setting.GROUP, 60, capacity=6),
    _Piece(1, WEDNESDAY, time(13), time(15), Setting.GROUP, 60, capacity=6),
    _Piece(1, MONDAY, time(9), time(12), Setting.HOME, 60, travel_minutes=30),
    _Piece(1, WEDNESDAY, time(9), time(12), Setting.HOME, 60, travel_minutes=30),
    _Piece(1, FRIDAY, time(9), time(12), Setting.HOME, 60, travel_minutes=30),
)


def open_house(municipality: Municipality, *, children: int, on: date, at: datetime) -> None:
    """
    This function will staff every clinic of a municipality with so many children, and put up its rosters from a day on.

    Each has a leader, a clerk, a physiotherapist who joins groups now and then, and as many pairs of nurses, with a doctor each, as the
    children need. What families are told to call and where to come is noted too.
    """
    clinics = list(Clinic.objects.of(municipality).order_by("pk"))
    pairs = max(1, -(-children // len(clinics) // CHILDREN_A_PAIR))
    for number, clinic in enumerate(clinics):
        tell_where_clinic_is(
            clinic=clinic, telephone=f"+47000099{number:02d}", visiting_address=f"Oppdiktet gate {number + 1}", by=OFFICE, at=at
        )
        _open_clinic(clinic, number, pairs, on=on, at=at)


def _open_clinic(clinic: Clinic, number: int, pairs: int, *, on: date, at: datetime) -> None:
    since = on - timedelta(days=6 * 365)  # longer than anybody here has been a small child

    def hired(what: str, place: int, role: Employee.Role) -> Employee:
        name = NAMES[(7 * number + 3 * place + len(role.value)) % len(NAMES)]
        code = f"{what}{number + 1}{place + 1}"
        return hire(clinic=clinic, code=code, name=f"{what.capitalize()} {name}", role=role, employed_from=since, by=OFFICE, at=at)

    hired("leder", 0, Employee.Role.LEADER)
    hired("merkantil", 0, Employee.Role.CLERK)
    hired("fysio", 0, Employee.Role.PHYSIOTHERAPIST)
    for pair in range(pairs):
        nurses = [hired("helsesykepleier", 2 * pair + place, Employee.Role.NURSE) for place in (0, 1)]
        doctor = hired("lege", pair, Employee.Role.DOCTOR)
        for one, other in (nurses, nurses[::-1]):
            name_deputy(employee=one, deputy=other, by=OFFICE, at=at)
        rooms = [open_room(clinic=clinic, name=f"Rom {2 * pair + place}", by=OFFICE, at=at) for place in (1, 2)]
        for piece in _WEEK:
            add_opening(
                clinic=clinic,
                employee=nurses[piece.nurse],
                doctor=doctor if piece.has_doctor else None,
                room=None if piece.setting is Setting.HOME else rooms[piece.nurse],
                setting=piece.setting,
                weekday=piece.weekday,
                begins=piece.begins,
                ends=piece.ends,
                valid_from=on,
                slot_minutes=piece.slot_minutes,
                capacity=piece.capacity,
                travel_minutes=piece.travel_minutes,
                by=OFFICE,
                at=at,
            )
