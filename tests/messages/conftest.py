"""A clinic that sends messages into a folder, and a child with a time in three weeks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fjorten.appointments.actions.booking import book
from fjorten.appointments.models import Appointment
from fjorten.appointments.obligations import appointment_obligations
from fjorten.audit.actor import Actor
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.ledger.owed import why_not_owed
from fjorten.messages.actions.in_hand import Handful, take_in_hand
from fjorten.messages.actions.last_look import StillOwed
from fjorten.messages.actions.owed import Settled, settle_obligations
from fjorten.messages.actions.receipts import look_after_sent, take_up_cut_off
from fjorten.messages.actions.sending import Worked, send_due
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.channels.interface import Channel
from fjorten.messages.models import ContactTask, Message
from fjorten.organisation.actions import name_for_families, tell_where_clinic_is
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import staff_on
from fjorten.people.models import Person
from tests.factories.clinic import AT, CLERK, StaffedClinic, a_staffed_clinic, an_enrolled_child, step_of
from tests.factories.family import Guardian, family_of

JOB = Actor(who="nattkjøring", role="job", ground="prøve")
LONG_AGO = start_of_day(date(2020, 1, 1))


@dataclass
class Desk:
    """A clinic's messages from day to day. `at` is now; `until` lets time pass."""

    here: StaffedClinic
    folder: Path
    at: datetime = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    channel: Channel | None = None
    email: Channel | None = None
    letters: Channel | None = None
    nth: int = field(default=0)

    @property
    def municipality(self) -> Municipality:
        return self.here.municipality

    def child(self, *guardians: Guardian, lives_here: bool = True, given_name: str = "IDA MARIE", **facts: object) -> Person:
        """A child of two months with a family; a guardian with a telephone if nothing else is said."""
        self.nth += 1
        enrolment = an_enrolled_child(self.here, given_name=given_name, **facts)
        family_of(enrolment.person, *guardians, lives_here=lives_here)
        return enrolment.person

    def time_for(self, child: Person, begins: str = "2026-03-30 09:00", step: str = "C04_M3", **slot: object) -> Appointment:
        """Give a child a time."""
        enrolment = child.enrolments.get()
        return book(planned_step=step_of(enrolment, step), slot=self.here.slot(begins, **slot), by=CLERK, at=self.at)

    def until(self, text: str) -> None:
        """Let time pass until an instant by the clock in UTC."""
        self.at = datetime.fromisoformat(text).replace(tzinfo=UTC)

    def later(self, **time: float) -> None:
        self.at += timedelta(**time)

    def settle(self, *, since: datetime = LONG_AGO) -> Settled:
        """Hold what is owed against what has been sent."""
        return settle_obligations(
            municipality=self.municipality,
            obligations=list(appointment_obligations(municipality=self.municipality, since=since)),
            staff=self.staff,
            by=JOB,
            at=self.at,
        )

    @property
    def staff(self):
        return staff_on(municipality=self.municipality, on=oslo_date(self.at))

    @property
    def carriers(self) -> Carriers:
        return Carriers(sms=self.channel or FileOutbox(self.folder), email=self.email, letters=self.letters)

    def send(self, still_owed: StillOwed = why_not_owed) -> Worked:
        """Send what is due."""
        return send_due(
            municipality=self.municipality,
            carriers=self.carriers,
            still_owed=still_owed,
            staff=self.staff,
            by=JOB,
            at=self.at,
            clock=lambda: self.at,
        )

    def take(self, messages: Collection[int]) -> Handful:
        """Take some messages in hand, and no more."""
        return take_in_hand(
            municipality=self.municipality,
            messages=messages,
            channels={"sms": self.carriers.sms},
            still_owed=why_not_owed,
            staff=self.staff,
            by=JOB,
            at=self.at,
        )

    def take_up(self) -> Worked:
        """Go on with what a crash cut off."""
        return take_up_cut_off(municipality=self.municipality, staff=self.staff, by=JOB, at=self.at)

    def look_after(self) -> Worked:
        """See to what is in the air."""
        return look_after_sent(municipality=self.municipality, carriers=self.carriers, staff=self.staff, by=JOB, at=self.at)

    def work(self) -> None:
        """One round of the worker: settle, go on with what was cut off, send, look after what was sent."""
        self.settle()
        self.take_up()
        self.send()
        self.look_after()

    def sent(self) -> list[tuple[str, str]]:
        """What lies in the folder is what was sent: kind and state of each message, in order."""
        return [(message.kind, message.state) for message in Message.objects.order_by("pk")]

    def tasks(self) -> list[str]:
        return list(ContactTask.objects.filter(done_at__isnull=True).order_by("pk").values_list("reason", flat=True))


@pytest.fixture
def desk(municipality: Municipality, tmp_path: Path) -> Desk:
    name_for_families(municipality=municipality, brand="Prøve kommune", norwegian="nb", by=CLERK, at=AT)
    here = a_staffed_clinic(municipality)
    tell_where_clinic_is(clinic=here.clinic, telephone="+4700990000", visiting_address="Torget 1, Fjordvik", by=CLERK, at=AT)
    here.clinic.refresh_from_db()
    return Desk(here, tmp_path / "utboks")
