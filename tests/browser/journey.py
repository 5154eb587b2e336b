"""What happens around the pages in a story: what the register tells, the nights, the post, and what families write."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import time_machine
from playwright.sync_api import Browser

from fjorten.access.models import User
from fjorten.appointments.actions.booking import book, move_by_family
from fjorten.appointments.models import Appointment
from fjorten.care_relations.actions import name_for_protected
from fjorten.cli.hearing import keep_heard
from fjorten.cli.rounds import round_of
from fjorten.ledger.owed import why_not_owed
from fjorten.messages.actions.letters import hand_over_batch, print_letters
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.file_outbox import FileOutbox
from fjorten.messages.channels.interface import Incoming
from fjorten.nightly.actions import run_night
from fjorten.organisation.responsibility import staff_on
from fjorten.people.models import Person
from fjorten.plans.actions.settling import waive
from fjorten.plans.models import Enrolment
from tests.browser.clinic import Window, opened_clinic
from tests.factories.clinic import CLERK, LEADER, an_enrolled_child, step_of
from tests.factories.family import Guardian, family_of
from tests.factories.night import a_night
from tests.factories.register import a_number, event, feed_folder, person_document


class ClinicJourney:
    """A clinic, the day it is there, and the windows of those who work there."""

    def __init__(self, browser: Browser, address: str, clock: time_machine.Traveller, folder: Path) -> None:
        self.browser, self.address, self.clock, self.folder = browser, address, clock, folder
        self.here = opened_clinic(folder)
        self.windows: list[Window] = []

    @property
    def now(self) -> datetime:
        """The instant it is in the story."""
        return datetime.now(tz=UTC)

    def window(self, **traits: Any) -> Window:
        """A window nobody has signed in at."""
        self.windows.append(Window(self.browser, self.address, **traits))
        return self.windows[-1]

    def signed_in(self, login: str, **traits: Any) -> Window:
        """A window somebody has signed in at."""
        window = self.window(**traits)
        window.has_a_session_of(login)
        window.opens("/")
        return window

    def closes(self) -> None:
        """Close every window."""
        for window in self.windows:
            window.context.close()

    # What is so

    def given_the_register_tells_of(self, given: str, family: str, *, born_on: date, **facts: Any) -> str:
        """The register's next event, of a child; gives its number."""
        number = a_number(born_on, 7)
        document = person_document(number, born_on=born_on, given=given, family=family, **facts)
        feed_folder(self.folder / "register", [event(1, document, at=self.now - timedelta(hours=9))])
        return number

    def given_a_child_with_a_time(self, given: str, family: str, guardian: Guardian, *, begins: str, **facts: Any) -> Appointment:
        """A child of two months whose consultation at three months has a time, and all before it is settled."""
        enrolment = self.given_a_child_without_a_time(given, family, guardian, **facts)
        return book(planned_step=step_of(enrolment, "C04_M3"), slot=self.here.slot(begins), by=CLERK, at=self.now - timedelta(days=14))

    def given_a_child_without_a_time(self, given: str, family: str, guardian: Guardian, **facts: Any) -> Enrolment:
        """A child whose consultation at three months is what comes next: all before it is settled."""
        enrolment = an_enrolled_child(self.here, given_name=given, family_name=family, **facts)
        family_of(enrolment.person, guardian)
        behind = enrolment.steps.filter(window_until__lte=self.now.date() + timedelta(days=14)).exclude(step="C04_M3")
        for step in behind:
            waive(enrolment=enrolment, step=step.step, on=self.now.date(), reason="før historien", by=CLERK, at=self.now)
        return enrolment

    def given_somebody_is_named_for(self, child: Person, *, login: str) -> None:
        """The leader has named somebody for a protected child."""
        user = User.objects.get(login=login)
        name_for_protected(user=user, person=child, reason="Følger barnet for hånd", by=LEADER, at=self.now)

    # What happens

    def when_the_night_has_passed(self) -> None:
        """The night's work is done, as it stands in the timetable."""
        run = run_night(night=a_night(self.here, self.folder, at=self.now))
        assert not run.troubles.exists(), [str(trouble) for trouble in run.troubles.all()]

    def when_it_is(self, day: str) -> None:
        """The clock is moved on («2026-03-13 10:00», UTC)."""
        self.clock.move_to(datetime.fromisoformat(day).replace(tzinfo=UTC))

    def when_the_worker_has_made_a_round(self) -> None:
        """Between the nights: what families wrote is acted on, and what they are owed is sent."""
        round_of(self.here.municipality, Carriers(sms=FileOutbox(self.folder / "outbox")), settle=True)

    def when_the_family_writes(self, text: str, *, number: str) -> None:
        """A text message comes in from the gateway, and is acted on."""
        keep_heard(Incoming(reference=f"inn-{self.now.timestamp()}-{number}", from_number=number, text=text))
        self.when_the_worker_has_made_a_round()

    def when_the_letters_are_printed_and_posted(self) -> bytes:
        """Somebody prints the letters that wait and hands them over to the post; gives the file."""
        staff = staff_on(municipality=self.here.municipality, on=self.now.date())
        told: dict[str, Any] = {"still_owed": why_not_owed, "by": CLERK, "at": self.now}
        batch = print_letters(municipality=self.here.municipality, folder=self.folder / "letters", staff=staff, **told)
        hand_over_batch(batch=batch, **told)
        return (self.folder / "letters" / batch.file_name).read_bytes()

    def when_the_time_is_moved_for_the_family(self, appointment: Appointment, *, to: str) -> Appointment:
        """Somebody agrees on another time with the family."""
        return move_by_family(appointment=appointment, slot=self.here.slot(to), reason="ba om en annen tid", by=CLERK, at=self.now)

    def texts_to(self, number: str) -> list[str]:
        """What has been sent to a telephone, the oldest first."""
        files = sorted((self.folder / "outbox").glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
        sent = [json.loads(path.read_text(encoding="utf-8")) for path in files]
        return [one["body"] for one in sent if one["to"] == number]
