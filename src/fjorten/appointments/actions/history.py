"""How it is written what became of appointments: the state, the event beside it, what is let go, and the trail."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.plans.actions import REASON_LENGTH, ReasonIsTooLong


def refuse_too_long(reason: str) -> None:
    """Make sure that a reason fits. Raises ReasonIsTooLong."""
    if len(reason) > REASON_LENGTH:
        raise ReasonIsTooLong


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


@transaction.atomic(savepoint=False)
def record_about(*, action: str, appointment: Appointment, reason: str, by: Actor, at: datetime, **detail: str | int) -> None:
    """Add one event about an appointment to the trail: last in an action, like every `record`."""
    record(
        action,
        municipality=appointment.municipality.code,
        about=str(appointment.person.public_id),
        by=by,
        at=at,
        detail={"appointment": appointment.pk, **detail},
        reason=reason,
    )
