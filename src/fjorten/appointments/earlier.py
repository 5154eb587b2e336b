"""What an earlier system tells of an appointment, over or still to come. Pure values."""

from dataclasses import dataclass
from datetime import date, datetime

from fjorten.appointments.states import State
from fjorten.programme.steps import Setting


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierTime:
    """
    One time that was set aside for one step, and what became of it; one that is still to come is offered or confirmed.

    `employee` and `doctor` are codes, `room` a name at the clinic, "" when it is not told; `capacity` is how many children a group is for.
    `booked_on` is the day it was given and `said_on` the day the family or the clinic put it off; without them the day itself, or today
    for one to come.
    """

    step: str
    begins_at: datetime
    minutes: int = 30
    setting: Setting = Setting.CLINIC
    employee: str
    doctor: str = ""
    room: str = ""
    capacity: int = 1
    state: State
    booked_on: date | None = None
    said_on: date | None = None
    reason: str = ""
