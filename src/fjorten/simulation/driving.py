"""
A simulated municipality run through the system: the register's real inputs in, and staff who act on what the system shows.

Everything goes through the same actions as in a real installation. What staff try and the system refuses is counted, not hidden.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import OSLO
from fjorten.kernel.working_days import is_working_day
from fjorten.ledger.balance import unaccounted_children
from fjorten.organisation.actions import add_code, open_clinic, open_municipality
from fjorten.organisation.models import Municipality
from fjorten.organisation.queries import clinic_map
from fjorten.people.queries import resident_children
from fjorten.plans.actions import settling
from fjorten.plans.actions.enrolment import NewEnrolment, enrol_all
from fjorten.plans.models import PlannedStep
from fjorten.plans.programmes import programmes_of
from fjorten.plans.steps import catch_up_plan
from fjorten.programme.definitions import Definition, StepCode
from fjorten.programme.plan import plan_for
from fjorten.registers.actions import apply_feed, load_extract
from fjorten.registers.enrolment import enrol_resident
from fjorten.registers.feeds.opening import open_source
from fjorten.registers.policy import basic_unit_of
from fjorten.registers.reconciliation import reconcile
from fjorten.simulation.doing import do
from fjorten.simulation.town import Town

REGISTER = Actor(who="folkeregisteret", role="job", ground="Folkeregisteret")
NURSE = Actor(who="helsesykepleier.oppdiktet", role="public_health_nurse", unit="Helsestasjonen", ground="demo")

# How an ordinary clinic does, in round figures [default]: what share of due consultations are held by their target, and how soon somebody
# sees to a newcomer. What is left over is what the ledger is there to show.
HELD = 0.95
SEEN_TO_A_DAY = 0.04
DOCUMENTED_BEFORE = 0.93


@dataclass(slots=True)
class LivedMunicipality:
    """A town and the ledger that follows it. `folder` is for the files that pass between them."""

    town: Town
    folder: Path
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def municipality(self) -> Municipality:
        """The ledger's municipality; `begin` opens it."""
        return Municipality.objects.get(code=self.town.municipality.code)

    def begin(self) -> None:
        """Open the ledger as the town begins, and take over the children the clinic already followed."""
        on = self.town.begins_on
        self.open_ledger(on)
        self._take_over(self.municipality, on=on, at=morning_of(on))

    def open_ledger(self, on: date) -> None:
        """Open the ledger on a day: the municipality with its clinics, and the register's extract."""
        at = morning_of(on)
        place = self.town.municipality
        municipality = open_municipality(code=place.code, name=place.name, by=REGISTER, at=at)
        open_clinic(
            municipality=municipality, name="Sør helsestasjon", basic_unit_prefixes=[f"{place.code}{n}" for n in "6789"], by=REGISTER, at=at
        )
        if self.town.reform is not None:
            add_code(municipality=municipality, code=self.town.reform.new_code, source="oppdiktet reform", by=REGISTER, at=at)
        extract = self.folder / "uttrekk.jsonl"
        self.town.write_snapshot(extract, on=on)
        load_extract(path=extract, municipality=municipality, on=on, by=REGISTER, at=at)

    def live(self, day: date) -> None:
        """Read what the register said until a day, and let staff do a day's work when it is a working day."""
        at, municipality = morning_of(day), self.municipality
        folder = self.folder / "hendelser"
        self.town.write_feed(folder, after=day - timedelta(days=1), until=day)
        with open_source(str(folder)) as source:
            apply_feed(source=source, municipality=municipality, from_the_start=True, by=REGISTER, at=at)
        if is_working_day(day):
            self._hold_consultations(municipality, day, at)
            self._see_to_newcomers(municipality, day, at)

    def reconcile(self, day: date) -> int:
        """Hold the register against the journals; tells how many work items were opened."""
        return reconcile(municipality=self.municipality, on=day, by=REGISTER, at=morning_of(day))

    def try_intents(self, day: date) -> None:
        """Let staff try what they mean to do on a day, sensible or not."""
        for intent in self.town.intents(day):
            try:
                do(intent, municipality=self.municipality, day=day, by=NURSE, at=morning_of(day))
                self.done[intent.kind.value] += 1
            except Refused as refused:
                self.refused[type(refused).__name__] += 1

    def _take_over(self, municipality: Municipality, *, on: date, at: datetime) -> None:
        """Enrol the children the clinic already followed, all but a few newcomers, with what is documented in its earlier system."""
        rng = Random(f"{self.town.seed}/earlier")
        definition = programmes_of(municipality).on(on)
        clinics = clinic_map(municipality)
        followed = [
            person
            for person in unaccounted_children(municipality=municipality, on=on).prefetch_related("residences").order_by("pk")
            if rng.random() < DOCUMENTED_BEFORE
        ]
        enrol_all(
            children=[
                NewEnrolment(
                    person=person,
                    clinic=clinics.clinic_for(basic_unit_of(person)),
                    on=on,
                    steps=catch_up_plan(born_on, definition, on=on, documented=_documented(born_on, definition, on, rng)),
                    is_catch_up=True,
                )
                for person in followed
                if (born_on := person.born_on) is not None
            ],
            municipality=municipality,
            programme_version=definition.reference,
            reason="overtatt fra tidligere journalsystem",
            by=NURSE,
            at=at,
        )

    def _hold_consultations(self, municipality: Municipality, day: date, at: datetime) -> None:
        rng = Random(f"{self.town.seed}/held/{day}")
        due = PlannedStep.objects.filter(
            municipality=municipality,
            outcome__isnull=True,
            target_on__lte=day,
            window_until__gt=day,
            enrolment__ended_at__isnull=True,
            enrolment__person__in=resident_children(municipality=municipality, on=day),
        )
        for row in due.select_related("enrolment__person__municipality").order_by("pk"):
            # Whoever does not come the first time may come on another day of the window: chance is drawn once per child and step.
            if Random(f"{self.town.seed}/comes/{row.enrolment_id}/{row.step}").random() < HELD and rng.random() < 0.5:
                settling.mark_done(enrolment=row.enrolment, step=row.step, on=day, today=day, by=NURSE, at=at)

    def _see_to_newcomers(self, municipality: Municipality, day: date, at: datetime) -> None:
        rng = Random(f"{self.town.seed}/newcomers/{day}")
        for person in unaccounted_children(municipality=municipality, on=day).order_by("pk"):
            if rng.random() < SEEN_TO_A_DAY and person.born_on is not None:
                enrol_resident(person=person, on=day, reason="nytt barn i kommunen", by=NURSE, at=at)


def morning_of(day: date) -> datetime:
    """Tell when the simulated clinic does its day's work: seven in the morning."""
    return datetime.combine(day, time(7), tzinfo=OSLO)


def _documented(born_on: date, definition: Definition, on: date, rng: Random) -> list[StepCode]:
    """Draw which of the steps behind are documented in the earlier system: most of them."""
    return [planned.step for planned in plan_for(born_on, definition) if planned.deadline_on < on and rng.random() < DOCUMENTED_BEFORE]
