"""The same seed lives the same life: what is drawn goes by the world, never by row numbers, opaque ids or the clock."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from fjorten.appointments.models import Appointment
from fjorten.messages.models import Message
from fjorten.simulation.service import town_at_work
from fjorten.simulation.town import Town

BEGINS_ON = date(2026, 1, 15)


def a_life(folder: Path, *, seed: int) -> tuple[Counter[str], list[object]]:
    """Live four days and undo them; tells what was done, and the times and messages that came of it, without keys."""
    with transaction.atomic():
        service = town_at_work(Town(seed=seed, children=15, begins_on=BEGINS_ON), folder=folder, children=15)
        for number in range(1, 5):
            service.live(BEGINS_ON + timedelta(days=number))
        times = Appointment.objects.order_by("begins_at", "employee__code", "place").values_list("begins_at", "employee__code", "state")
        told = Message.objects.order_by("kind", "sent_to", "sent_text", "state").values_list("kind", "way", "state", "sent_to", "sent_text")
        came_of_it = [*times, *told]
        transaction.set_rollback(True)
    return service.done, came_of_it


@pytest.mark.django_db
def test_the_same_seed_lives_the_same_life_again(tmp_path: Path, signing_key: None) -> None:
    first = a_life(tmp_path / "first", seed=1)
    assert first == a_life(tmp_path / "again", seed=1)
    assert first[0].total() > 0, "something was done"
