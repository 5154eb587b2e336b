"""The demo's past: a town's earlier system writes a file, the file is taken over, and days are lived on from there."""

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from fjorten.appointments.models import Appointment
from fjorten.appointments.queries import appointments_on, not_closed
from fjorten.followup.models import Case
from fjorten.messages.models import Message
from fjorten.organisation.models import Municipality
from fjorten.plans.models import PlannedStep
from fjorten.simulation.service import LivedService, town_with_a_past
from fjorten.simulation.town import Town
from tests.generative.test_register_histories import assert_it_balances_and_the_recount_agrees

TAKEN_OVER_ON = date(2026, 3, 10)  # a Tuesday
CHILDREN = 40


def a_town(folder: Path, *, children: int = CHILDREN) -> LivedService:
    folder.mkdir()
    town = Town(seed=14, children=children, begins_on=TAKEN_OVER_ON - timedelta(days=2 * 365))
    return town_with_a_past(town, folder=folder, children=children, on=TAKEN_OVER_ON)


def test_a_town_has_a_past_from_which_days_are_lived_on(db: None, tmp_path: Path, signing_key: None) -> None:
    service = a_town(tmp_path / "by")
    assert (service.done["taken over"] > CHILDREN / 2, service.refused) == (True, {}), "every line can be used"
    behind = PlannedStep.objects.filter(window_until__lte=TAKEN_OVER_ON)
    assert behind.filter(outcome__in=["done", "done_elsewhere"]).count() > 0.8 * behind.count()
    assert Case.objects.exists()
    assert not Case.objects.still_open().exists()
    told = set(Message.objects.values_list("state_reason", flat=True))
    assert told == {"fortalt av det tidligere systemet"}, "nothing is queued"
    assert_it_balances_and_the_recount_agrees(service.municipality, TAKEN_OVER_ON)
    service.live(TAKEN_OVER_ON + timedelta(days=1))
    today = TAKEN_OVER_ON + timedelta(days=2)
    assert [trouble.sentence for trouble in service.wake(today).troubles.all()] == []
    assert_it_balances_and_the_recount_agrees(service.municipality, today)
    assert not_closed(municipality=service.municipality, on=today).count() <= 1
    todays = appointments_on(today, municipality=service.municipality)
    assert todays.count() == todays.still_open().count(), "the day has not begun"
    assert Appointment.objects.still_open().exists()


def test_the_same_seed_has_the_same_past(db: None, tmp_path: Path, signing_key: None) -> None:
    written = []
    for name in ("first", "again"):
        with transaction.atomic():
            a_town(tmp_path / name, children=20)
            written.append((tmp_path / name / "historikk.jsonl").read_bytes())
            transaction.set_rollback(True)
    assert written[0] == written[1]
    assert not Municipality.objects.exists()
