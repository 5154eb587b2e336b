"""
Random families, random weeks: the outbox held against a naive account of who may be told what, and when.

Appointments are made, cancelled, missed and replaced; numbers are found and die; families are left in peace, children are placed with
others, protected, move and die; gateways answer anything; workers come when they come and are stopped at any statement. After each round
of a worker that was not stopped, everything owed is accounted for, and a second round changes nothing.

25 lives in `make test`, 625 in the long run (an eighth of `tests.examples`: one is weeks of a database's work).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from fjorten.appointments.owed import AppointmentFacts, owed_about
from fjorten.appointments.states import State
from fjorten.audit.trail import broken_links
from fjorten.kernel.times import OSLO
from fjorten.messages.actions.receipts import take_receipt
from fjorten.messages.actions.sending import send_due
from fjorten.messages.actions.tasks import finish_task
from fjorten.messages.carriers import Carriers
from fjorten.messages.channels.interface import Delivery, Handover, Parcel, Reason, Receipt
from fjorten.messages.models import Attempt, ContactTask, Message
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.messages.queries import messages_in_the_air, unaccounted_obligations
from fjorten.messages.tasks import TaskOutcome
from fjorten.organisation.models import Clinic
from fjorten.people.models import Adult, ContactPause, ContactPoint, ParentalResponsibility, Person, Placement, PostalAddress, Residence
from fjorten.programme.steps import Setting
from tests.examples import EXAMPLES
from tests.factories.register import a_number
from tests.faults.outboxes import AT, BORN, JOB, Worker, a_clinic
from tests.faults.test_workers import Stopped, stopped_at
from tests.messages.gateway import Gateway

pytestmark = pytest.mark.by_example

LIVES = settings(EXAMPLES, max_examples=max(EXAMPLES.max_examples // 25, 1), suppress_health_check=list(HealthCheck))
ANSWERS = [
    Handover.accepted(),
    Handover.accepted(),
    Handover.accepted(),
    Handover.not_sent(Reason.UNREACHABLE),
    Handover.not_sent(Reason.THROTTLED, try_again_after_seconds=1800),
    Handover.uncertain(Reason.NO_ANSWER),
    Handover.refused(Reason.ADDRESS_INVALID),
    Handover.refused(Reason.CONTENT_NOT_ACCEPTED),
]


@dataclass
class Child:
    """What is true of one child, plainly; adults by primary key."""

    pk: int
    guardians: list[int]
    carer: int | None = None
    is_dead: bool = False
    is_protected: bool = False
    lives_here: bool = True
    in_peace_until: date | None = None

    def is_silent(self) -> bool:
        return self.is_dead or not self.lives_here

    def told(self) -> list[int]:
        return [self.carer] if self.carer is not None else self.guardians


@dataclass
class Life:
    """A clinic, its families, and a worker who comes when it comes."""

    clinic: Clinic
    takes_keys: bool
    at: datetime = AT
    children: list[Child] = field(default_factory=list)
    appointments: dict[int, AppointmentFacts] = field(default_factory=dict)
    numbers: int = 0

    def __post_init__(self) -> None:
        self.sms = Gateway(takes_keys=self.takes_keys, meanwhile=self.is_right_to_send)
        self.email = Gateway(name="post", takes_keys=self.takes_keys, meanwhile=self.is_right_to_send)
        self.worker = Worker(self.clinic.municipality, Carriers(sms=self.sms, email=self.email), [])

    # What may not be sent, by the plainest of means.

    def is_right_to_send(self, parcel: Parcel) -> None:
        message = Attempt.objects.filter(idempotency_key=parcel.key).latest("pk").message
        child = next(one for one in self.children if one.pk == message.person_id)
        assert message.lapses_at is not None and self.at < message.lapses_at
        assert time(8) <= self.at.astimezone(OSLO).time() < time(20)
        assert not child.is_silent() and not child.is_protected
        assert child.in_peace_until is None or self.at.astimezone(OSLO).date() >= child.in_peace_until
        assert message.adult_id in child.told()
        assert message.key in {one.key for one in self.owed()}

    # What happens.

    def born(self, guardians: int) -> None:
        child = Person.objects.create(municipality=self.clinic.municipality, born_on=BORN, born_by=BORN, given_name="IDA")
        Residence.objects.create(person=child, municipality_code=self.clinic.municipality.code, is_here=True, kind="street", source="prøve")
        adults = []
        for _ in range(guardians):
            adult = self.an_adult()
            ParentalResponsibility.objects.create(child=child, kind="felles", responsible_number=adult.number, source="prøve")
            adults.append(adult.pk)
        self.children.append(Child(child.pk, adults))

    def an_adult(self) -> Adult:
        self.numbers += 1
        number = a_number(date(1980, 1, 1) + timedelta(days=self.numbers))
        adult = Adult.objects.create(municipality=self.clinic.municipality, number=number, language="nb", recorded_at=AT)
        self.telephone(adult.pk)
        return adult

    def telephone(self, adult: int) -> None:
        self.numbers += 1
        ContactPoint.objects.filter(adult=adult, kind="telephone", ended_at__isnull=True).update(ended_at=self.at)
        ContactPoint.objects.create(
            adult_id=adult, kind="telephone", value=f"+470000{self.numbers:04d}", source="family", recorded_at=self.at
        )

    def only_email(self, adult: int) -> None:
        self.numbers += 1
        ContactPoint.objects.filter(adult=adult, ended_at__isnull=True).update(ended_at=self.at)
        ContactPoint.objects.create(
            adult_id=adult, kind="email", value=f"mor{self.numbers}@prove.example", source="family", recorded_at=self.at
        )

    def nothing_reaches(self, adult: int) -> None:
        ContactPoint.objects.filter(adult=adult).update(failed_on=self.at.date())

    def address(self, adult: int) -> None:
        values = {"lines": "Oppdiktede vei 1", "postal_code": "0000", "place": "FJORDVIK", "source": "prøve", "recorded_at": AT}
        PostalAddress.objects.update_or_create(adult_id=adult, defaults=values)

    def books(self, child: Child, days: int, *, in_group: bool, instead_of: int | None = None) -> None:
        pk = len(self.appointments) + 1
        day = self.at.astimezone(OSLO).date() + timedelta(days=days)
        self.appointments[pk] = AppointmentFacts(
            pk=pk,
            person_id=child.pk,
            clinic_id=self.clinic.pk,
            setting=Setting.GROUP if in_group else Setting.CLINIC,
            begins_at=datetime.combine(day, time(9), tzinfo=OSLO),
            booked_at=self.at,
            state=State.OFFERED,
            state_at=self.at,
            instead_of=None if instead_of is None else self.appointments[instead_of].state,
        )
        if instead_of is not None:
            self.appointments[instead_of] = replace(self.appointments[instead_of], is_replaced=True)

    def becomes(self, pk: int, state: State) -> None:
        self.appointments[pk] = replace(self.appointments[pk], state=state, state_at=self.at)

    def owed(self) -> list[Obligation]:
        told = set(Message.objects.filter(key__endswith="/told").exclude(state__in=["queued", "lapsed"]).values_list("about", flat=True))
        maybe = set(Attempt.objects.filter(message__key__endswith="/told", outcome="uncertain").values_list("message__about", flat=True))
        facts = [replace(one, was_told=one.about in told | maybe) for one in self.appointments.values()]
        return [owed for one in facts for owed in owed_about(one)]

    # The worker.

    def round(self, *, stops_at: int = 0) -> None:
        self.worker.at = self.at
        self.worker.owed = self.owed()
        try:
            with stopped_at(stops_at):
                failed = self.work()
        except Stopped:
            event("stopped")
            return
        assert failed == []
        self.is_all_accounted_for()
        before = everything()
        assert self.work() == []
        assert everything() == before, "a second round changes something"

    def work(self) -> list[Any]:
        told = {"municipality": self.clinic.municipality, "staff": self.worker.staff(), "by": JOB}
        failed = [*self.worker.settle().failed, *self.worker.look_after().failed]
        sent = send_due(carriers=self.worker.carriers, still_owed=self.why_not_owed, at=self.at, clock=lambda: self.at, **told)
        return [*failed, *sent.failed]

    def why_not_owed(self, messages: Sequence[Message], at: datetime) -> Mapping[int, str]:
        owed = {one.key for one in self.owed()}
        return {message.pk: "" if message.key in owed else "timen er avlyst eller flyttet" for message in messages}

    def is_all_accounted_for(self) -> None:
        owed, municipality = self.owed(), self.clinic.municipality
        assert unaccounted_obligations(municipality=municipality, obligations=self.worker.owed, at=self.at) == []
        if time(8) <= self.at.astimezone(OSLO).time() < time(20):
            assert list(messages_in_the_air(municipality=municipality, at=self.at)) == []
        rows: dict[str, list[Message]] = {}
        for row in Message.objects.prefetch_related("tasks"):
            rows.setdefault(row.key, []).append(row)
        due = [one for one in self.worker.owed if one.not_before <= self.at and one in owed]
        for one in due:
            child = next(child for child in self.children if child.pk == one.person_id)
            in_peace = child.in_peace_until is not None and self.at.astimezone(OSLO).date() < child.in_peace_until
            known = rows.get(one.key, [])
            if in_peace and not known:
                continue
            assert known, f"nothing of {one.key}"
            assert all(row.state_reason for row in known if row.state in ("lapsed", "failed", "replaced_by_task"))
            if in_peace or child.is_silent():
                continue
            if one.if_too_late is IfTooLate.BECOMES_TASK:
                is_seen_to = any(self.is_told_or_asked(row) for row in known)
                has_lapsed = all(row.state == "lapsed" for row in known) and self.at >= one.lapses_at
                assert is_seen_to or has_lapsed, f"{one.key}: {[(row.state, row.state_reason) for row in known]}"

    def is_told_or_asked(self, row: Message) -> bool:
        on_its_way = row.state in ("queued", "in_hand", "sent", "delivered")
        return on_its_way or bool(row.tasks.all()) or (row.state == "uncertain" and self.at - row.state_at < timedelta(minutes=16))


def everything() -> list[Any]:
    rows = Message.objects.order_by("pk").values_list("pk", "state", "state_at", "state_reason", "not_before")
    return [*rows, *ContactTask.objects.order_by("pk").values_list("pk", "done_at"), Attempt.objects.count()]


def happens(life: Life, data: st.DataObject) -> None:
    """Let one thing happen."""
    child = data.draw(st.sampled_from(life.children))
    person = Person.objects.filter(pk=child.pk)
    adult = data.draw(st.sampled_from(child.guardians))
    open_ones = [pk for pk, one in life.appointments.items() if one.state.is_open and one.person_id == child.pk]
    over = [pk for pk, one in life.appointments.items() if not one.state.is_open and one.person_id == child.pk and not one.is_replaced]
    what = data.draw(st.sampled_from(["books", "books", "settled", "replaced", "number", "peace", "placed", "register", "receipt", "task"]))
    event(what)
    match what:
        case "books":
            life.books(child, data.draw(st.integers(0, 25)), in_group=data.draw(st.booleans()))
        case "settled" if open_ones:
            states = [state for state in State if state is not State.OFFERED]
            life.becomes(data.draw(st.sampled_from(open_ones)), data.draw(st.sampled_from(states)))
        case "settled" if over:
            life.becomes(data.draw(st.sampled_from(over)), State.OFFERED)  # it was a mistake
        case "replaced" if over:
            life.books(child, data.draw(st.integers(1, 25)), in_group=False, instead_of=data.draw(st.sampled_from(over)))
        case "number":
            data.draw(st.sampled_from([life.telephone, life.only_email, life.nothing_reaches, life.address]))(adult)
        case "peace":
            days = data.draw(st.integers(0, 30))
            today = life.at.astimezone(OSLO).date()
            ContactPause.objects.filter(person=child.pk, cancelled_at__isnull=True).update(cancelled_at=life.at)
            child.in_peace_until = today + timedelta(days=days) if days else None
            if days:
                ContactPause.objects.create(
                    person_id=child.pk, from_on=today, until_on=child.in_peace_until, reason="sykehus", recorded_at=life.at
                )
        case "placed":
            Placement.objects.filter(person=child.pk).update(cancelled_at=life.at)
            child.carer = None if child.carer is not None else life.an_adult().pk
            if child.carer is not None:
                Placement.objects.create(
                    person_id=child.pk, carer_id=child.carer, kind="private", source="prøve", from_on=date(2026, 1, 5), recorded_at=AT
                )
        case "register":
            match data.draw(st.sampled_from(["dies", "protected", "protected", "moves", "moves"])):
                case "dies":
                    child.is_dead = not child.is_dead  # also put right
                case "protected":
                    child.is_protected = not child.is_protected
                case "moves":
                    child.lives_here = not child.lives_here
            person.update(is_dead=child.is_dead, protection="confidential" if child.is_protected else "none")
            Residence.objects.filter(person=child.pk).update(is_here=child.lives_here)
        case "receipt" if life.sms.handed:
            parcel = data.draw(st.sampled_from(life.sms.handed))
            receipt = Receipt(delivery=data.draw(st.sampled_from(list(Delivery))), key=parcel.key)
            told = {"municipality": life.clinic.municipality, "staff": life.worker.staff(), "by": JOB, "at": life.at}
            take_receipt(gateway="prøve", receipt=receipt, **told)
        case "task" if task := ContactTask.objects.filter(done_at__isnull=True).first():
            finish_task(task=task, outcome=data.draw(st.sampled_from(list(TaskOutcome))), note="ringt", by=JOB, at=life.at)


@pytest.mark.django_db
@given(data=st.data())
@LIVES
def test_every_family_is_told_or_somebody_is_asked_and_nobody_is_told_twice(data: st.DataObject) -> None:
    with transaction.atomic():
        life = Life(a_clinic(), takes_keys=data.draw(st.booleans()))
        for _ in range(data.draw(st.integers(1, 2))):
            life.born(data.draw(st.integers(1, 2)))
        for _ in range(data.draw(st.integers(3, 14))):
            for _ in range(data.draw(st.integers(0, 3))):
                happens(life, data)
            life.sms.answers = data.draw(st.lists(st.sampled_from(ANSWERS), max_size=4))
            if data.draw(st.sampled_from([True, True, False])):  # the worker is not always there
                life.round(stops_at=data.draw(st.sampled_from([0, 0, 0, 1])) and data.draw(st.integers(1, 120)))
            life.at += timedelta(minutes=data.draw(st.sampled_from([3, 16, 60, 300, 540, 660, 780, 1440, 4320, 10080])))
        life.round()
        for gateway in (life.sms, life.email):
            assert [key for key, times in Counter(parcel.key for parcel in gateway.taken).items() if times > 1] == []
        assert list(broken_links(life.clinic.municipality.code)) == []
        transaction.set_rollback(True)
