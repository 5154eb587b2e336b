"""What families are owed about appointments, from what is kept; and whether one message still is, when it is about to be sent."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from fjorten.appointments.models import OPEN_STATES, Appointment
from fjorten.appointments.owed import DAYS_THAT_MATTER, AppointmentFacts, owed_about
from fjorten.appointments.states import State
from fjorten.kernel.times import oslo_date, start_of_day
from fjorten.messages.incoming import Meaning
from fjorten.messages.models import IncomingMessage, Message
from fjorten.messages.obligations import IfTooLate, Obligation, Unreadable, raise_it
from fjorten.messages.outbox import in_sending_hours
from fjorten.organisation.models import Municipality
from fjorten.programme.steps import Setting

ABOUT: Final = "appointment:"
ABOUT_ANSWER: Final = "incoming:"
ANSWER_IS_OF_USE: Final = timedelta(hours=12)
# Which text answers what a family wrote, by its meaning and what came of it. What a person must read is answered by that person.
_ANSWERS: Final = {
    (Meaning.COMING.value, "confirmed"): "answer_coming",
    (Meaning.OTHER_TIME.value, "given_to_a_person"): "answer_another_time",
}
_OF_AN_APPOINTMENT: Final = (
    *("pk", "person_id", "clinic_id", "setting", "begins_at", "booked_at", "state", "state_at"),
    *("instead_of", "is_replaced"),
)
NOT_OWED: Final = "timen er avlyst, flyttet eller alt ført"


def appointment_obligations(
    *, municipality: Municipality, since: datetime, children: Collection[int] | None = None, unreadable: Unreadable = raise_it
) -> Iterator[Obligation]:
    """
    Tell what is owed about a municipality's appointments, or some children's (primary keys): those that begin at `since` or later, or were
    changed after it.

    `since` lies before the last time all was settled, so that a stop of any length loses nothing. `unreadable` is told of a child with an
    appointment nobody can make sense of, and the others' are told.
    """
    rows = Appointment.objects.of(municipality).filter(Q(begins_at__gte=since) | Q(state_at__gte=since))
    if children is not None:
        rows = rows.filter(person__in=children)
    yield from _owed(rows.filter(state__in=[*OPEN_STATES, State.CANCELLED_BY_CLINIC.value]), unreadable)


def children_whose_hour_may_have_come(*, municipality: Municipality, at: datetime) -> set[int]:
    """
    Find the children (primary keys) about whose appointments something may have begun to be owed, or come too late, between any earlier
    hour of the day and `at`, though nothing has been written of them since: those told of in the night, and those near enough.
    """
    day = oslo_date(at)
    days = (day + timedelta(days=number) for number in DAYS_THAT_MATTER)
    near = Q(*(Q(begins_at__gte=start_of_day(one), begins_at__lt=start_of_day(one + timedelta(days=1))) for one in days), _connector=Q.OR)
    in_the_night = Q(state_at__gte=start_of_day(day - timedelta(days=1)))
    return set(Appointment.objects.of(municipality).filter(near | in_the_night).values_list("person_id", flat=True))


def why_not_owed(messages: Sequence[Message]) -> Mapping[int, str]:
    """Tell, for messages about appointments, why each is owed no more, "" while it is; by primary key."""
    rows = Appointment.objects.filter(pk__in={int(message.about.removeprefix(ABOUT)) for message in messages})
    keys = {obligation.key for obligation in _owed(rows, raise_it)} if messages else set()
    return {message.pk: "" if message.key in keys else NOT_OWED for message in messages}


def _owed(rows: QuerySet[Appointment], unreadable: Unreadable) -> Iterator[Obligation]:
    replaced = Appointment.objects.filter(replaces=OuterRef("pk"))
    asked = rows.annotate(is_replaced=Exists(replaced), instead_of=F("replaces__state")).order_by("pk")
    told = _told_about(rows.filter(state=State.CANCELLED_BY_CLINIC.value))
    for row in asked.values_list(*_OF_AN_APPOINTMENT, named=True).iterator(chunk_size=5000):
        try:
            facts = AppointmentFacts(
                pk=row.pk,
                person_id=row.person_id,
                clinic_id=row.clinic_id,
                setting=Setting(row.setting),
                begins_at=row.begins_at,
                booked_at=row.booked_at,
                state=State(row.state),
                state_at=row.state_at,
                instead_of=State(row.instead_of) if row.instead_of else None,
                was_told=row.pk in told,
                is_replaced=row.is_replaced,
            )
            owed = list(owed_about(facts))
        except Exception as wrong:  # nothing is asked of the database here: it is this row
            unreadable(row.person_id, wrong)
            continue
        yield from owed


def _told_about(rows: QuerySet[Appointment]) -> set[int]:
    """Find those of some appointments that the family has, or may have, been told of; one withdrawn after an uncertain try may have."""
    about = Concat(Value(ABOUT), Cast(OuterRef("pk"), CharField()))
    told = Message.objects.filter(municipality=OuterRef("municipality"), about=about, key__endswith="/told")
    return set(rows.filter(Exists(told.that_may_have_told())).values_list("pk", flat=True))


def answer_obligations(*, municipality: Municipality, since: datetime, children: Collection[int] | None = None) -> Iterator[Obligation]:
    """Tell what is owed to those who answered a message: a word that it came through. Of no use after half a day."""
    answered = IncomingMessage.objects.filter(
        municipality=municipality, received_at__gte=since, answers__isnull=False, handled_at__isnull=False
    )
    if children is not None:
        answered = answered.filter(answers__person__in=children)
    for incoming in answered.select_related("answers").order_by("pk"):
        answers = incoming.answers
        kind = _ANSWERS.get((incoming.meaning, incoming.effect))
        if kind is not None and answers is not None and answers.adult_id is not None:
            yield Obligation(
                key=f"{ABOUT_ANSWER}{incoming.pk}/answer",
                kind=kind,
                about=f"{ABOUT_ANSWER}{incoming.pk}",
                person_id=answers.person_id,
                clinic_id=answers.clinic_id,
                not_before=in_sending_hours(incoming.received_at),
                lapses_at=in_sending_hours(incoming.received_at) + ANSWER_IS_OF_USE,
                if_too_late=IfTooLate.LAPSES,
                values=answers.values,
                adult_id=answers.adult_id,
            )
