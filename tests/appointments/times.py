"""Children and free times to place them in, for tests; what is not said is as for most. 1 March 2026 is today."""

from datetime import date, datetime, time, timedelta
from typing import Any

from fjorten.appointments.placing import Need, Way
from fjorten.appointments.slots import FreeSlot
from fjorten.kernel.periods import Period
from fjorten.kernel.times import oslo_instant
from fjorten.programme.steps import Performer, Setting

TODAY = date(2026, 3, 1)  # a Sunday
NURSE = frozenset({Performer.PUBLIC_HEALTH_NURSE})
NURSE_AND_DOCTOR = NURSE | {Performer.CLINIC_DOCTOR}
AT_CLINIC = Way(Setting.CLINIC, NURSE, 30)
WITH_DOCTOR = Way(Setting.CLINIC, NURSE_AND_DOCTOR, 30)
IN_GROUP = (Way(Setting.GROUP, NURSE, 60), Way(Setting.CLINIC, NURSE, 30, is_second_best=True))


def a_need(number: int = 1, **traits: Any) -> Need:
    """A child who needs half an hour with the nurse at clinic 1, any day from 9 to 27 March, best on the 16th."""
    usual: dict[str, Any] = {
        "planned_step": number,
        "child": number,
        "step": "C08_M8",
        "clinic": 1,
        "days": Period(date(2026, 3, 9), date(2026, 3, 28)),
        "target_on": date(2026, 3, 16),
        "opens_on": date(2026, 3, 9),
        "until_on": date(2026, 3, 28),
        "ways": (AT_CLINIC,),
    }
    return Need(**(usual | traits))


def a_slot(day: int = 16, clock: str = "09:00", *, minutes: int = 30, travel: int = 0, **traits: Any) -> FreeSlot:
    """A free time on a day of March with nurse 1 in room 1 of clinic 1."""
    begins_at: datetime = oslo_instant(date(2026, 3, day), time.fromisoformat(clock))
    ends_at = begins_at + timedelta(minutes=minutes)
    capacity = traits.get("capacity", 1)
    usual: dict[str, Any] = {
        "clinic_id": 1,
        "employee_id": 1,
        "doctor_id": None,
        "room_id": traits.get("employee_id", 1),
        "setting": Setting.CLINIC,
        "performers": NURSE,
        "begins_at": begins_at,
        "ends_at": ends_at,
        "held_until": ends_at + timedelta(minutes=travel),
        "capacity": capacity,
        "places_left": capacity,
        "sitting": None,
    }
    return FreeSlot(**(usual | traits))
