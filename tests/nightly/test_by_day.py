"""The rounds by day look only at children for whom something may have changed since all was settled; and at all when that may be anybody."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from fjorten.appointments.actions.outcomes import cancel_by_clinic
from fjorten.appointments.models import Appointment
from fjorten.appointments.owed import DAYS_THAT_MATTER, AppointmentFacts, owed_about
from fjorten.appointments.states import State
from fjorten.kernel.times import OSLO
from fjorten.ledger.owed import children_to_look_at
from fjorten.messages.actions.incoming import take_incoming
from fjorten.messages.channels.interface import Incoming
from fjorten.messages.models import Message, SettledUpTo
from fjorten.messages.outbox import is_too_late
from fjorten.nightly.actions import JOB
from fjorten.nightly.stages import act_on_what_families_wrote, queue_what_has_come_up, queue_what_is_owed, send_messages
from fjorten.organisation.actions import name_for_families
from fjorten.people.actions.families import mark_contact_point_dead, pause_contact, record_placement
from fjorten.people.models import ContactPoint, Person
from fjorten.programme.steps import Setting
from tests.factories.clinic import CLERK, StaffedClinic
from tests.factories.family import a_guardian
from tests.factories.night import AT, a_child_with_a_time, a_night

LATER = AT + timedelta(hours=1)


@pytest.fixture
def settled(here: StaffedClinic, tmp_path: Path) -> StaffedClinic:
    """Everything has been settled at ten o'clock, and there are children with a time in two weeks whom nothing is to be told now."""
    for nth in (3, 4):
        a_child_with_a_time(here, f"2026-03-24 {nth + 6:02}:00", a_guardian(telephone=f"+470000001{nth}", nth=nth))
    queue_what_is_owed(a_night(here, tmp_path))
    return here


@pytest.fixture
def far(settled: StaffedClinic) -> list[Person]:
    """The children whose time is in two weeks."""
    return list(Person.objects.filter(appointments__begins_at__gte=AT + timedelta(days=10)).order_by("pk"))


def looked_at(here: StaffedClinic, at: datetime = LATER) -> set[int] | None:
    return children_to_look_at(municipality=here.municipality, at=at)


def test_it_starts_with_all(here: StaffedClinic) -> None:
    assert looked_at(here) is None


class TestWhoIsLookedAt:
    """After all was settled, with nothing written since but what a settling writes itself."""

    def test_whoever_is_far_from_a_time_is_left_alone(self, settled: StaffedClinic, far: list[Person], tmp_path: Path) -> None:
        queue_what_has_come_up(a_night(settled, tmp_path, at=LATER))
        looked = looked_at(settled, LATER + timedelta(hours=1))
        assert looked is not None
        assert looked.isdisjoint(child.pk for child in far)
        near = Appointment.objects.filter(begins_at__lt=AT + timedelta(days=5), state="offered").values_list("person_id", flat=True)
        assert looked >= set(near), "three days before its hour may have come"

    def test_a_child_of_whom_something_is_written(self, settled: StaffedClinic, far: list[Person], tmp_path: Path) -> None:
        queue_what_has_come_up(a_night(settled, tmp_path, at=LATER))
        appointment = far[0].appointments.get()
        cancel_by_clinic(appointment=appointment, reason="sykdom", by=CLERK, at=LATER)
        looked = looked_at(settled, LATER + timedelta(hours=1))
        assert looked is not None
        assert far[0].pk in looked
        assert far[1].pk not in looked
        assert queue_what_has_come_up(a_night(settled, tmp_path, at=LATER + timedelta(hours=1))).counts["withdrawn"] == 1
        assert Message.objects.get(person=far[0], kind="invitation").state == "lapsed"
        assert Message.objects.get(person=far[1], kind="invitation").state == "queued"

    def test_the_children_of_a_guardian_of_whom_something_is_written(
        self, settled: StaffedClinic, far: list[Person], tmp_path: Path
    ) -> None:
        queue_what_has_come_up(a_night(settled, tmp_path, at=LATER))
        number = far[1].responsibilities.get().responsible_number
        point = ContactPoint.objects.get(adult__number=number)
        mark_contact_point_dead(contact_point=point, on=LATER.date(), reason="finnes ikke", by=JOB, at=LATER)
        looked = looked_at(settled, LATER + timedelta(hours=1))
        assert looked is not None
        assert far[1].pk in looked
        assert far[0].pk not in looked

    def test_the_child_somebody_cares_for_in_their_parents_place(self, settled: StaffedClinic, far: list[Person], tmp_path: Path) -> None:
        carer = ContactPoint.objects.get(adult__number=far[1].responsibilities.get().responsible_number).adult
        record_placement(person=far[0], carer=carer, kind="child_welfare", is_secret=False, source="prøve", on=AT.date(), by=CLERK, at=AT)
        queue_what_has_come_up(a_night(settled, tmp_path, at=LATER))
        mark_contact_point_dead(contact_point=carer.contact_points.get(), on=LATER.date(), reason="finnes ikke", by=JOB, at=LATER)
        assert (looked_at(settled, LATER + timedelta(hours=1)) or set()) >= {child.pk for child in far}

    def test_a_family_that_is_left_in_peace_and_one_that_wrote(self, settled: StaffedClinic, far: list[Person], tmp_path: Path) -> None:
        queue_what_has_come_up(a_night(settled, tmp_path, at=LATER))
        pause_contact(
            person=far[0],
            from_on=AT.date(),
            until_on=AT.date() + timedelta(days=5),
            today=AT.date(),
            reason="i utlandet",
            by=CLERK,
            at=LATER,
        )
        assert (looked_at(settled, LATER + timedelta(hours=1)) or set()) >= {far[0].pk}
        heard = Incoming(reference="1", from_number="+4700000099", text="1")
        take_incoming(municipality=settled.municipality, gateway="prøve", heard=heard, by=JOB, at=LATER)
        assert looked_at(settled, LATER + timedelta(hours=1)) is not None, "one from a number nobody has concerns no family"

    def test_a_family_that_wrote_in_the_evening_is_answered_in_the_morning(self, here: StaffedClinic, tmp_path: Path) -> None:
        evening, night, morning = AT + timedelta(hours=12), AT + timedelta(hours=19), AT + timedelta(hours=23)
        queue_what_is_owed(a_night(here, tmp_path))
        send_messages(a_night(here, tmp_path))
        heard = Incoming(reference="1", from_number="+4700000002", text="2")
        take_incoming(municipality=here.municipality, gateway="file", heard=heard, by=JOB, at=evening)
        act_on_what_families_wrote(a_night(here, tmp_path, at=evening))
        queue_what_is_owed(a_night(here, tmp_path, at=night))
        wrote = Message.objects.filter(adult__contact_points__value="+4700000002").values_list("person_id", flat=True)
        assert not Message.objects.filter(kind="answer_another_time").exists()
        assert (looked_at(here, morning) or set()) >= set(wrote)
        queue_what_has_come_up(a_night(here, tmp_path, at=morning))
        assert Message.objects.filter(kind="answer_another_time").count() == 1


class TestAllAreLookedAt:
    """Whenever it may concern anybody."""

    def test_on_a_new_day_and_when_the_clock_goes_back(self, settled: StaffedClinic) -> None:
        assert looked_at(settled, AT + timedelta(days=1)) is None
        assert looked_at(settled, AT - timedelta(minutes=1)) is None

    def test_when_what_is_written_is_about_nobody_in_particular(self, settled: StaffedClinic) -> None:
        assert looked_at(settled) is not None
        name_for_families(municipality=settled.municipality, brand="Ny kommune", norwegian="nn", by=CLERK, at=LATER)
        assert looked_at(settled) is None

    def test_when_a_child_could_not_be_settled(self, settled: StaffedClinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = SettledUpTo.objects.get().trail_seq

        def fails(*_: object, **__: object) -> None:
            raise ValueError("prøve")

        a_child_with_a_time(settled, "2026-03-24 13:00", a_guardian(telephone="+4700000015", nth=5))
        with monkeypatch.context() as patched:
            patched.setattr("fjorten.messages.actions.owed._wanted", fails)
            assert queue_what_has_come_up(a_night(settled, tmp_path, at=LATER)).failures
        assert SettledUpTo.objects.get().trail_seq == before, "so the next round looks at it again"
        assert queue_what_has_come_up(a_night(settled, tmp_path, at=LATER + timedelta(hours=1))).counts["queued"] == 1
        assert SettledUpTo.objects.get().trail_seq > before


def test_by_the_hour_only_those_near_their_time_come_to_be_owed_anything_or_too_late() -> None:
    """Of every hour of a day, for a time on each of the next twenty days, booked long ago, last night or early today."""
    midnight = datetime(2026, 3, 10, tzinfo=OSLO)
    changing: set[int] = set()
    for days in range(20):
        for setting in (Setting.CLINIC, Setting.GROUP):
            for booked_at in (midnight - timedelta(days=30), midnight - timedelta(hours=2), midnight + timedelta(hours=6)):
                is_of_the_night = booked_at > midnight - timedelta(days=1)
                if _changes_within_the_day(
                    midnight, begins_at=midnight + timedelta(days=days, hours=12), booked_at=booked_at, setting=setting
                ):
                    assert days in DAYS_THAT_MATTER or is_of_the_night
                    changing |= {days} - ({days} if is_of_the_night else set())
    assert changing == set(DAYS_THAT_MATTER), "and none is named that does not"


def _changes_within_the_day(midnight: datetime, *, begins_at: datetime, booked_at: datetime, setting: Setting) -> bool:
    facts = AppointmentFacts(
        pk=1, person_id=1, clinic_id=1, setting=setting, begins_at=begins_at, booked_at=booked_at, state=State.OFFERED, state_at=booked_at
    )
    hours = [hour for number in range(24) if (hour := midnight + timedelta(hours=number, minutes=30)) >= booked_at]
    stands = [[(one.not_before <= hour, is_too_late(hour, one.lapses_at)) for one in owed_about(facts)] for hour in hours]
    return any(earlier != later for earlier, later in pairwise(stands))
