"""The outbox and time: stops, clocks that are wrong, and the nights the clock is put forward and back (reliability F13)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fjorten.appointments.obligations import appointment_obligations
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.messages.actions.receipts import take_receipt
from fjorten.messages.channels.interface import Delivery, Parcel, Receipt
from fjorten.messages.models import Message
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from tests.messages.conftest import JOB, LONG_AGO, Desk
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.django_db

OSLO = ZoneInfo("Europe/Oslo")
APPOINTMENTS = ("2026-03-12 09:00", "2026-03-16 10:00", "2026-03-19 11:00", "2026-03-27 09:30", "2026-03-30 09:00", "2026-04-07 10:30")


def all_is_accounted_for(desk: Desk) -> bool:
    owed = list(appointment_obligations(municipality=desk.municipality, since=LONG_AGO))
    missing = unaccounted_obligations(municipality=desk.municipality, obligations=owed, at=desk.at)
    return not missing and not messages_in_the_air(municipality=desk.municipality, at=desk.at).exists()


class Watched(Gateway):
    """A gateway that notes by its own clock when it was handed what, and reports at once."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(meanwhile=self.note)
        self.desk, self.times = desk, []

    def note(self, parcel: Parcel) -> None:
        self.times.append((self.true_time, parcel))

    @property
    def true_time(self) -> datetime:
        return self.desk.at - self.desk_is_ahead

    desk_is_ahead = timedelta(0)

    def delivered(self) -> None:
        for parcel in self.handed:
            receipt = Receipt(delivery=Delivery.DELIVERED, key=parcel.key)
            desk = self.desk
            take_receipt(municipality=desk.municipality, gateway=self.name, receipt=receipt, staff=desk.staff, by=JOB, at=desk.at)


@pytest.mark.parametrize("down_days", [1, 7, 30])
def test_however_long_the_worker_is_down_nothing_is_lost_doubled_or_late(desk: Desk, down_days: int) -> None:
    desk.channel = gateway = Watched(desk)
    appointments = {desk.time_for(desk.child(), begins).pk: begins for begins in APPOINTMENTS}
    desk.later(days=down_days)
    desk.work()
    gateway.delivered()
    desk.later(minutes=1)
    assert all_is_accounted_for(desk)
    handed = len(gateway.handed)
    desk.work()
    assert len(gateway.handed) == handed
    begins_at = {pk: datetime.fromisoformat(begins).replace(tzinfo=OSLO) for pk, begins in appointments.items()}
    for row in Message.objects.filter(state="delivered"):
        sent_at = next(at for at, parcel in gateway.times if parcel.body == row.sent_text)
        assert sent_at < begins_at[int(row.about.removeprefix("appointment:"))]
    for pk, begins in begins_at.items():
        invitation = Message.objects.get(key=f"appointment:{pk}/told")
        in_time = datetime(2026, 3, 10, 9, tzinfo=UTC) + timedelta(days=down_days) < begins
        assert invitation.state == ("delivered" if in_time else "replaced_by_task")


def test_a_month_with_the_clock_a_day_ahead_and_then_right_again(desk: Desk) -> None:
    desk.channel = gateway = Watched(desk)
    for begins in APPOINTMENTS:
        desk.time_for(desk.child(), begins)

    def days(until: str, *, hours: tuple[int, ...] = (9,)) -> None:
        end = datetime.fromisoformat(until).replace(tzinfo=UTC)
        while desk.at < end:
            for hour in hours:
                desk.at = desk.at.replace(hour=hour, minute=1)
                desk.work()
                gateway.delivered()
            desk.later(days=1)

    gateway.desk_is_ahead = timedelta(days=1)
    desk.later(days=1)  # the clock jumps, the day does not
    days("2026-03-27T00:00")
    desk.later(days=-1)
    gateway.desk_is_ahead = timedelta(0)
    days("2026-04-10T00:00")

    bodies = [parcel.body for _, parcel in gateway.times]
    assert len(bodies) == len(set(bodies)), "no reminder twice"
    for row in Message.objects.exclude(sent_text="").select_related("person"):
        begins_at = datetime.fromisoformat(row.values["begins_at"])
        sent_at = next(at for at, parcel in gateway.times if parcel.body == row.sent_text)
        assert sent_at < begins_at, "nothing after its appointment"
    told = [row.state for row in Message.objects.filter(kind="invitation")]
    assert set(told) == {"delivered"}
    desk.later(minutes=1)
    assert all_is_accounted_for(desk)
    assert list(broken_links(desk.municipality.code)) == []
    numbers = list(AuditEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    times = list(AuditEvent.objects.order_by("seq").values_list("at", flat=True))
    assert times != sorted(times), "the clock did go back, and the trail keeps the order things were done in"


@pytest.mark.parametrize(
    ("monday", "reminded_utc", "morning_utc", "evening_utc"),
    [("2026-03-30", "2026-03-29T08:00", "2026-03-29T06:00", "2026-03-29T18:00"),
     ("2026-10-26", "2026-10-25T09:00", "2026-10-25T07:00", "2026-10-25T19:00")],
    ids=["summer time begins", "summer time ends"],
)  # fmt: skip
def test_the_sunday_the_clock_is_changed(desk: Desk, monday: str, reminded_utc: str, morning_utc: str, evening_utc: str) -> None:
    desk.channel = gateway = Watched(desk)
    desk.at = datetime.fromisoformat(f"{monday}T09:00").replace(tzinfo=UTC) - timedelta(days=14)
    desk.time_for(desk.child(), f"{monday} 09:00")
    desk.work()
    gateway.delivered()
    reminded = datetime.fromisoformat(reminded_utc).replace(tzinfo=UTC)
    desk.at = reminded - timedelta(minutes=1)
    desk.work()
    gateway.delivered()
    before = len(gateway.times)
    desk.at = reminded
    desk.work()
    assert [at.astimezone(OSLO).strftime("%H:%M") for at, _ in gateway.times[before:]] == ["10:00"]
    assert "kl. 09.00" in gateway.handed[-1].body and "mandag" in gateway.handed[-1].body
    # Booked in the evening and in the night of the change: told at eight by the clock on the wall.
    for begins, booked in (("09:30", evening_utc), ("10:00", f"{monday[:8]}{int(monday[8:]) - 1}T00:30")):
        desk.at = datetime.fromisoformat(booked).replace(tzinfo=UTC)
        later = date.fromisoformat(monday) + timedelta(days=3)
        desk.time_for(desk.child(), f"{later} {begins}")
        desk.work()
    waiting = {row.not_before.astimezone(OSLO).strftime("%d %H:%M") for row in Message.objects.filter(state="queued")}
    assert waiting <= {f"{int(monday[8:]) - 1} 08:00", f"{int(monday[8:])} 08:00"}
    desk.at = datetime.fromisoformat(morning_utc).replace(tzinfo=UTC) + timedelta(days=1, hours=1)
    desk.work()
    assert not Message.objects.filter(state="queued").exists()


def test_a_child_born_on_the_twenty_ninth_of_february_is_told_of_like_any_other(desk: Desk) -> None:
    desk.at = datetime(2028, 3, 1, 9, tzinfo=UTC)
    child = desk.child(born_on=date(2024, 2, 29))
    desk.time_for(child, "2028-03-31 09:00", step="C14_Y4")
    desk.work()
    assert desk.sent() == [("invitation", "sent")]
