"""
The service of a simulated municipality at work: the nightly run each morning, then the day's work of staff and families, day after day.

Everything goes through the actions of a real installation; the telephone network and the post are the simulation's own. The same world
gives the same life: nothing is drawn by row numbers, opaque ids or the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from fjorten.appointments.actions.answers import act_on_answer
from fjorten.history.actions import take_over_history
from fjorten.history.lines import read_history, write_history
from fjorten.kernel.chunks import chunks
from fjorten.kernel.times import oslo_instant
from fjorten.kernel.working_days import is_working_day
from fjorten.messages.actions.incoming import take_incoming
from fjorten.messages.actions.receipts import take_receipts
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Receipt
from fjorten.nightly.actions import JOB, run_night, since_when
from fjorten.nightly.models import Run
from fjorten.nightly.stages import BY_DAY, Night, invite_children, note_times_given, open_cases
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import staff_on
from fjorten.people.models import Identifier
from fjorten.registers.feeds.opening import open_source
from fjorten.registers.feeds.source import RegisterSource
from fjorten.simulation.clinic import absences, consulting, following, house, meeting, posting, receiving, reconciling, telephoning
from fjorten.simulation.clinic.workday import OFFICE, Workday, World
from fjorten.simulation.driving import LivedMunicipality
from fjorten.simulation.earlier import histories
from fjorten.simulation.families.habits import Habits
from fjorten.simulation.families.household import Households
from fjorten.simulation.families.networks import SmsNetwork
from fjorten.simulation.town import Town

# What is done again when somebody has missed a time today, so that the family is told of a new one the same day.
_AFTER_A_MISS = (open_cases, invite_children, note_times_given)
_AT_ONCE = 5000  # SQLite takes about 32,000 values in a question


@dataclass(slots=True)
class LivedService:
    """
    A municipality's clinics at work. `register` opens the register as it is on a day; `folder` is where letters are printed to.

    `done` and `refused` count what staff did and what the system would not do.
    """

    municipality: Municipality
    world: World
    register: Callable[[date], Callable[[], RegisterSource]]
    folder: Path
    habits: Habits = field(default_factory=Habits)
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    households: Households = field(init=False)
    sms: SmsNetwork = field(init=False)
    _met: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.households = Households(self.world.seed, self.habits)
        self.sms = SmsNetwork(seed=self.world.seed, habits=self.habits, line_of=self.households.line_of)

    def open(self, on: date, *, children: int) -> None:
        """This function will staff the clinics for so many children, and get to know the families of those who are followed already."""
        work = self._workday(on)
        house.open_house(self.municipality, children=children, on=on, at=work.at(7))
        meeting.meet_families(work, self._met)

    def open_with(self, path: Path, *, on: date, children: int) -> None:
        """This function will staff the clinics for so many children, and take over what their earlier system knows: written and read."""
        work = self._workday(on)
        house.open_house(self.municipality, children=children, on=on, at=work.at(7))
        told = list(histories(work))
        write_history(path, told)
        taken = take_over_history(lines=read_history(path), municipality=self.municipality, by=OFFICE, at=work.at(7, 30))
        self.done["taken over"] += taken.children
        self.refused.update(sentence for _, sentence in taken.refused)
        for some in chunks([child.number.digits for child in told if child.guardians], _AT_ONCE):
            self._met.update(Identifier.objects.filter(municipality=self.municipality, number__in=some).values_list("person_id", flat=True))

    def wake(self, day: date) -> Run:
        """This function will run the night before a day and no more: what the day brings lies before whoever opens the pages."""
        return run_night(night=self._night(self._workday(day), oslo_instant(day, time(5))))

    def begin(self, day: date, *, until: datetime) -> None:
        """This function will let the morning of a working day pass until an instant: who has come by then has come."""
        work = self._workday(day)
        consulting.take_calls(work)
        receiving.receive_until(work, until)

    def live(self, day: date) -> Run:
        """This function will run the night before a day, and then let the day pass; tells how the night went."""
        work = self._workday(day)
        run = run_night(night=self._night(work, work.at(5)))
        if is_working_day(day):
            self._morning(work)
        self._work_by_day(work, work.at(10, 30))
        if self._hear_news(work, work.at(12)):
            self._work_by_day(work, work.at(12, 10))
        if is_working_day(day):
            self._afternoon(work)
        return run

    def _morning(self, work: Workday) -> None:
        absences.set_holidays(work)
        absences.fall_ill(work)
        consulting.take_calls(work)
        consulting.close_yesterdays(work)
        consulting.cancel_what_nobody_comes_to(work)
        meeting.note_protection_and_placements(work)
        meeting.meet_families(work, self._met)
        meeting.enrol_newcomers(work)
        posting.open_what_came_back(work)
        telephoning.work_off_the_manual_list(work)
        telephoning.place_by_hand(work)
        reconciling.see_to_differences(work)

    def _afternoon(self, work: Workday) -> None:
        following.follow_up(work)
        following.look_after_the_rest(work)
        posting.print_and_hand_over(work, self.folder)
        if consulting.hold_consultations(work):
            night = self._night(work, work.at(16))
            for stage in _AFTER_A_MISS:
                stage(night)
            self._work_by_day(work, work.at(16))
            self._hear_news(work, work.at(18))

    def _work_by_day(self, work: Workday, at: datetime) -> None:
        night = self._night(work, at)
        for stage in BY_DAY.values():
            stage(night)

    def _hear_news(self, work: Workday, at: datetime) -> int:
        """Take in what the network tells; tells how many families have written, for they are owed a word back."""
        written = 0
        staff = staff_on(municipality=self.municipality, on=work.day)
        news = self.sms.news()
        receipts = [heard for heard in news if isinstance(heard, Receipt)]
        take_receipts(municipality=self.municipality, gateway=self.sms.name, receipts=receipts, staff=staff, by=JOB, at=at)
        for heard in news:
            if isinstance(heard, Receipt):
                continue
            incoming = take_incoming(municipality=self.municipality, gateway=self.sms.name, heard=heard, by=JOB, at=at)
            if incoming is not None:
                effect = act_on_answer(incoming=incoming, staff=staff, by=JOB, at=at)
                self.done[f"answer {incoming.meaning}: {effect}"] += 1
                written += 1
        return written

    def _workday(self, day: date) -> Workday:
        return Workday(self.municipality, day, self.world, self.households, self.done, self.refused)

    def _night(self, work: Workday, at: datetime) -> Night:
        return Night(
            municipality=self.municipality,
            on=work.day,
            since=since_when(municipality=self.municipality, at=at),
            register=self.register(work.day),
            register_is_a_folder=True,
            carriers=Carriers(sms=self.sms),
            by=JOB,
            at=at,
            clock=lambda: at,
        )


def town_at_work(town: Town, *, folder: Path, children: int) -> LivedService:
    """
    This function will open a town's ledger from its first extract and staff its clinics for so many children; then it can be lived.

    `folder` is for the files that pass between the register and the ledger, and for letters.
    """
    lived = LivedMunicipality(town=town, folder=folder)
    lived.begin()
    service = _service(lived)
    service.open(town.begins_on, children=children)
    return service


def town_with_a_past(town: Town, *, folder: Path, children: int, on: date) -> LivedService:
    """
    This function will open the ledger of a town that has lived until a day, and take over what its clinics' earlier system knows.

    The past comes the way a real municipality's does: the register's extract, and a file of histories, both left in `folder`.
    """
    lived = LivedMunicipality(town=town, folder=folder)
    lived.open_ledger(on)
    service = _service(lived)
    service.open_with(folder / "historikk.jsonl", on=on, children=children)
    return service


def _service(lived: LivedMunicipality) -> LivedService:
    town, feed = lived.town, lived.folder / "hendelser"

    def told_on(day: date) -> RegisterSource:
        town.write_feed(feed, after=day - timedelta(days=1), until=day)
        return open_source(str(feed))

    return LivedService(
        municipality=lived.municipality, world=town, register=lambda day: lambda: told_on(day), folder=lived.folder / "brev"
    )
