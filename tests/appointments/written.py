"""What stands in the tables after an action, in a form a test can spell out."""

from typing import Any

from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.audit.models import AuditEvent
from fjorten.kernel.times import OSLO


def holds_by_clock(appointment: Appointment) -> dict[str, str]:
    """What an appointment holds now, by the Norwegian clock."""
    return {
        hold.resource: f"{hold.begins_at.astimezone(OSLO):%H:%M}-{hold.ends_at.astimezone(OSLO):%H:%M}"
        for hold in Hold.objects.filter(appointment=appointment)
    }


def history_of(appointment: Appointment) -> list[tuple[Any, ...]]:
    """What was said of an appointment, in the order it was written: from, to, by whom, in which role, why."""
    events = AppointmentEvent.objects.filter(appointment=appointment).order_by("pk")
    return list(events.values_list("from_state", "to_state", "by", "role", "reason"))


def newest_in_the_trail() -> dict[str, Any]:
    """The newest event of the trail."""
    event = AuditEvent.objects.latest("seq")
    return {"action": event.action, "about": event.about, "who": event.who, "detail": event.detail}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row an action of this room can write, the trail included."""
    from django.apps import apps

    rooms = ("appointments", "plans", "organisation", "audit")
    models = [model for room in rooms for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: sorted(model._default_manager.values_list(), key=repr) for model in models}
