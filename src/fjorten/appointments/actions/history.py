"""How it is written what became of appointments: the state, the event beside it, what is let go, and what the trail is told."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import transaction

from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.trail import Detail


@transaction.atomic(savepoint=False)
def write_state(
    *, appointments: Sequence[Appointment], to: State, reason: str, corrects: AppointmentEvent | None = None, by: Actor, at: datetime
) -> None:
    """Write one state of appointments whose rows are locked. Those that no longer hold their time let go of it."""
    Appointment.objects.filter(pk__in=[row.pk for row in appointments]).update(
        state=to.value, state_at=at, state_by=by.who, state_reason=reason
    )
    AppointmentEvent.objects.bulk_create(
        [
            AppointmentEvent(
                appointment=row, from_state=row.state, to_state=to.value, corrects=corrects, at=at, by=by.who, role=by.role, reason=reason
            )
            for row in appointments
        ]
    )
    if not to.is_holding:
        Hold.objects.filter(appointment__in=appointments).delete()


class About(TypedDict):
    municipality: str
    about: str
    detail: Detail


def about(appointment: Appointment, **detail: str | int) -> About:
    """Tell the trail what an event is about: whose appointment, and which."""
    child = str(appointment.person.public_id)
    return {"municipality": appointment.municipality.code, "about": child, "detail": {"appointment": appointment.pk, **detail}}
