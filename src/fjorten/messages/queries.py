"""Questions about messages and what stands in their place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery

from fjorten.kernel.chunks import chunks
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.messages.channels.interface import Heard, Outcome, Receipt
from fjorten.messages.models import Attempt, ContactTask, IncomingMessage, Message, OutboxState, PrintBatch, SettledUpTo, TextApproval, Way
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.messages.outbox import FEWEST_TRIES, LONGEST_WAIT, RECEIPT_WITHIN, TRIES_FOR, is_too_late
from fjorten.messages.silence import IN_A_ROW, Silence
from fjorten.messages.texts import WhenNotTold, messages
from fjorten.organisation.models import Municipality
from fjorten.people.models import ContactPause, ContactPoint, Person

_AT_ONCE = 5000
_TRIES_LOOKED_AT = IN_A_ROW + 10  # more tell nothing: the longest wait has been reached


def unaccounted_obligations(*, municipality: Municipality, obligations: Iterable[Obligation], at: datetime) -> list[Obligation]:
    """
    Find what was owed before `at` and has neither been queued, sent, given to a person nor lapsed for a reason: must be none (L5).

    What is owed to a family that is left in peace waits until the pause is over, or until it is of no use.
    """
    owed = [one for one in obligations if one.not_before < at]
    missing: list[Obligation] = []
    for some in chunks(owed, _AT_ONCE):
        known = set(Message.objects.of(municipality).filter(key__in=[one.key for one in some]).values_list("key", flat=True))
        missing += [one for one in some if one.key not in known]
    paused = ContactPause.objects.on(oslo_date(at)).filter(person__in={one.person_id for one in missing})
    in_peace = set(paused.values_list("person_id", flat=True))
    return [one for one in missing if one.person_id not in in_peace or is_too_late(at, one.lapses_at)]


def settled_up_to(*, municipality: Municipality) -> SettledUpTo | None:
    """Tell how far what families are owed has been settled; None when it never was, or never wholly."""
    return SettledUpTo.objects.filter(municipality=municipality).first()


def children_who_wrote(*, municipality: Municipality, since: datetime) -> set[int]:
    """Find the children (primary keys) somebody has written about since, by the messages they answered."""
    rows = IncomingMessage.objects.filter(municipality=municipality, received_at__gte=since, answers__isnull=False)
    return set(rows.values_list("answers__person_id", flat=True))


def messages_in_the_air(*, municipality: Municipality, at: datetime) -> QuerySet[Message]:
    """
    Find messages that should have come further and that no person has been asked about: queued and due for a day, tried as long and as
    often as it is tried (`outbox.after_try`) and still to be tried again, or without a receipt or an answer for a day more than given.

    A letter waits in its queue until somebody prints it, and then until it is handed over.
    """
    a_day_ago = at - timedelta(days=1)
    tries = Attempt.objects.filter(message=OuterRef("pk"), started_at__gte=OuterRef("created_at"))
    many = Subquery(tries.order_by().values("message").annotate(many=Count("pk")).values("many"))
    tried_for_long = (
        Q(not_before__lte=at + LONGEST_WAIT) & Exists(tries.filter(started_at__lt=at - TRIES_FOR)) & Q(tries_made__gte=FEWEST_TRIES)
    )
    overdue = Q(state=OutboxState.QUEUED) & ~Q(way=Way.LETTER) & (Q(not_before__lt=a_day_ago) | tried_for_long)
    unknown = Q(state__in=[OutboxState.UNCERTAIN, OutboxState.IN_HAND], state_at__lt=a_day_ago) & ~Q(way=Way.LETTER)
    no_receipt = Q(state=OutboxState.SENT, way=Way.SMS, state_at__lt=a_day_ago - RECEIPT_WITHIN) & ~left_at_that(at=at)
    asked = ContactTask.objects.filter(message=OuterRef("pk"))
    return Message.objects.of(municipality).alias(tries_made=many).filter(overdue | unknown | no_receipt).exclude(Exists(asked))


def left_at_that(*, at: datetime) -> Q:
    """Tell which messages nothing is done about when they told nobody, or have no receipt: `outbox.is_left_at_that` of rows."""
    nothing = [kind for kind, message in messages().items() if message.when_not_told is WhenNotTold.NOTHING]
    return Q(kind__in=nothing) | Q(if_too_late=IfTooLate.LAPSES.value, lapses_at__lte=at)


def silence_of(gateway: str, *, at: datetime) -> Silence:
    """Tell how many of a gateway's last tries within a day, one after the other and whoever's they were, nobody knows the outcome of."""
    tries = Attempt.objects.filter(gateway=gateway, finished_at__gt=at - timedelta(days=1)).order_by("-finished_at", "-pk")
    newest = list(tries.values_list("outcome", "finished_at")[:_TRIES_LOOKED_AT])
    uncertain = list(takewhile(lambda one: one[0] == Outcome.UNCERTAIN.value, newest))
    return Silence(len(uncertain), uncertain[0][1] if uncertain else None)


def handed_over_since(*, municipality: Municipality, since: datetime) -> int:
    """Count the messages a gateway has taken since an instant."""
    return Attempt.objects.filter(message__municipality=municipality, outcome=Outcome.ACCEPTED.value, finished_at__gte=since).count()


def open_tasks(*, municipality: Municipality) -> QuerySet[ContactTask]:
    """Find the manual list: what a person must tell families or find out, the nearest deadline first."""
    undone = ContactTask.objects.filter(municipality=municipality, done_at__isnull=True)
    return undone.select_related("person", "owner", "deputy", "message").order_by("due_on", "pk")


def tasks_overdue(*, municipality: Municipality, on: date) -> QuerySet[ContactTask]:
    """Find what is on the manual list after its deadline."""
    return open_tasks(municipality=municipality).filter(due_on__lt=on)


def letters_to_print(*, municipality: Municipality, at: datetime, about: QuerySet[Person] | None = None) -> QuerySet[Message]:
    """Find the letters that wait to be printed, oldest first: all, or those about some children."""
    waiting = Message.objects.of(municipality).filter(state=OutboxState.QUEUED, way=Way.LETTER, not_before__lte=at)
    if about is not None:
        waiting = waiting.filter(person__in=about.values("pk"))
    return waiting.with_all_about_it().order_by("not_before", "pk")


def municipality_heard_about(*, gateway: str, heard: Heard) -> Municipality | None:
    """
    Find whose a receipt or a message is that a gateway shared by several municipalities tells of: theirs whose message it is about, or who
    wrote to the number last. None for a receipt of none of ours, and where there is no municipality.

    A message nobody asked for goes to whoever has the number noted, else to the municipality that was the first here, which runs the line
    for the others [default]: what somebody has written is read by a person, and by the people of one municipality only.
    """
    tries = Attempt.objects.filter(gateway=gateway).select_related("message__municipality").order_by("-pk")
    if isinstance(heard, Receipt):
        named = tries.filter(reference=heard.reference) if heard.reference else tries.filter(idempotency_key=heard.key)
    else:
        by_reference = tries.filter(reference=heard.answers) if heard.answers else tries.none()
        named = by_reference if by_reference.exists() else tries.filter(message__way=Way.SMS, message__sent_to=heard.from_number)
    attempt = named.first()
    if attempt is not None:
        return attempt.message.municipality
    if isinstance(heard, Receipt):
        return None
    points = ContactPoint.objects.filter(kind=ContactPoint.Kind.TELEPHONE, value=heard.from_number, ended_at__isnull=True)
    point = points.select_related("adult__municipality").order_by("-pk").first()
    return point.adult.municipality if point is not None else Municipality.objects.order_by("pk").first()


def is_handing_over(*, gateway: str) -> bool:
    """Tell whether a message is being handed to a gateway just now, by any municipality: its answer is not written down yet."""
    return Attempt.objects.filter(gateway=gateway, finished_at__isnull=True).exists()


def unread_incoming(*, municipality: Municipality) -> QuerySet[IncomingMessage]:
    """Find what families have written that nobody has seen to."""
    return IncomingMessage.objects.filter(municipality=municipality, handled_at__isnull=True).order_by("received_at", "pk")


def unknown_senders(*, municipality: Municipality, at_most: int = 50) -> QuerySet[IncomingMessage]:
    """Find what came from numbers nobody here uses and nobody has seen to, oldest first; what is about a child is on the manual list."""
    return unread_incoming(municipality=municipality).filter(person__isnull=True)[:at_most]


def messages_about(person: Person) -> QuerySet[Message]:
    """Find all that was owed to be told about a child, and what became of it, in order of time."""
    return Message.objects.filter(person=person).select_related("adult", "clinic").order_by("created_at", "pk")


def batches_to_hand_over(*, municipality: Municipality) -> QuerySet[PrintBatch]:
    """Find the printed letters nobody has said were handed over to the post, oldest first."""
    return PrintBatch.objects.filter(municipality=municipality, handed_over_at__isnull=True).order_by("produced_at", "pk")


def standing_approvals(*, municipality: Municipality) -> QuerySet[TextApproval]:
    """Find the texts a municipality has approved itself and not withdrawn, also those whose words have changed since."""
    return TextApproval.objects.filter(municipality=municipality, withdrawn_at__isnull=True).order_by("kind", "channel", "language")


def approved_texts(*, municipality: Municipality) -> frozenset[str]:
    """Tell which texts (by digest) a municipality has approved besides those that ship approved."""
    return frozenset(standing_approvals(municipality=municipality).values_list("digest", flat=True))


def newest_batches(*, municipality: Municipality, at_most: int) -> list[PrintBatch]:
    """Find the batches that wait to be handed over, and the newest of the others, newest first."""
    handed = PrintBatch.objects.filter(municipality=municipality, handed_over_at__isnull=False).order_by("-produced_at", "-pk")
    return [*batches_to_hand_over(municipality=municipality).reverse(), *handed[:at_most]]


def letters_in(batch: PrintBatch) -> QuerySet[Message]:
    """Find the letters that lie, or lay, in a batch, in the order of their numbers."""
    return Message.objects.filter(batch=batch).with_all_about_it().order_by("pk")


class NoSuchTask(Refused):
    """No task of the manual list has this number."""

    sentence = "Det finnes ingen oppgave med dette nummeret. Se numrene med `fjorten messages tasks`."


class NoSuchMessage(Refused):
    """No message of the municipality has this number."""

    sentence = "Det finnes ingen melding eller noe brev med dette nummeret i kommunen."


class NoSuchBatch(Refused):
    """No printed letters have this number."""

    sentence = "Det finnes ingen bunke med brev med dette nummeret."


class NoSuchIncoming(Refused):
    """Nobody has written anything with this number."""

    sentence = "Det finnes ingen melding fra en familie med dette nummeret."


def incoming_numbered(number: int, municipality: Municipality) -> IncomingMessage:
    """Find what somebody wrote to a municipality by its number, seen to or not. Raises NoSuchIncoming."""
    incoming = (
        IncomingMessage.objects.filter(municipality=municipality)
        .select_related("municipality", "person", "answers")
        .filter(pk=number)
        .first()
    )
    if incoming is None:
        raise NoSuchIncoming(number)
    return incoming


def incoming_of(task: ContactTask) -> IncomingMessage | None:
    """Find what a family wrote that a task is about; None for a task about something else."""
    room, _, number = task.about.partition(":")
    if room != "incoming" or not number.isdigit():
        return None
    return IncomingMessage.objects.filter(municipality=task.municipality_id, pk=int(number)).first()


def task_numbered(number: int, municipality: Municipality) -> ContactTask:
    """Find a task of the manual list by its number, done or not. Raises NoSuchTask."""
    tasks = ContactTask.objects.filter(municipality=municipality).select_related(
        "municipality", "person", "owner", "deputy", "message__adult"
    )
    task = tasks.filter(pk=number).first()
    if task is None:
        raise NoSuchTask(number)
    return task


def message_numbered(number: int, municipality: Municipality) -> Message:
    """Find a message by its number, which stands on a letter. Raises NoSuchMessage."""
    message = Message.objects.of(municipality).with_all_about_it().filter(pk=number).first()
    if message is None:
        raise NoSuchMessage(number)
    return message


def batch_numbered(number: int, municipality: Municipality) -> PrintBatch:
    """Find the letters that were printed together by their number. Raises NoSuchBatch."""
    batch = PrintBatch.objects.filter(municipality=municipality, pk=number).select_related("municipality").first()
    if batch is None:
        raise NoSuchBatch(number)
    return batch


def messages_by_state(*, municipality: Municipality) -> list[tuple[OutboxState, Way, int]]:
    """Count a municipality's messages by where they stand and how they go, in the order of the states."""
    counted = Message.objects.of(municipality).order_by().values_list("state", "way").annotate(number=Count("pk"))
    found = [(OutboxState(state), Way(way), number) for state, way, number in counted]
    return sorted(found, key=lambda one: (list(OutboxState).index(one[0]), one[1]))


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sent in one way: how many messages that are due, and since when the oldest of them has been."""

    way: Way
    number: int
    since: datetime


def waiting_to_be_sent(*, municipality: Municipality, at: datetime) -> list[Waiting]:
    """Tell, for each way messages go, how many are due and not sent, and since when the oldest has been; a way where none is: left out."""
    due = Message.objects.of(municipality).filter(state=OutboxState.QUEUED, not_before__lte=at)
    counted = due.order_by().values_list("way").annotate(number=Count("pk"), since=Min("not_before"))
    return sorted((Waiting(Way(way), number, since) for way, number, since in counted), key=lambda one: one.way)


def uncertain_messages(*, municipality: Municipality) -> int:
    """Count the messages it is not known of whether they were sent."""
    return Message.objects.of(municipality).filter(state=OutboxState.UNCERTAIN).count()


@dataclass(frozen=True, slots=True)
class GatewayStanding:
    """A gateway, when it was last tried to its end, and when it last took a message; None: it never has."""

    gateway: str
    tried_at: datetime
    taken_at: datetime | None


def gateways_standing(*, at: datetime) -> list[GatewayStanding]:
    """Tell of each gateway that was ever tried, whoever's the message was, when it last took one. A question for each."""
    tries = Attempt.objects.filter(finished_at__lte=at)
    found = []
    for gateway, tried_at in tries.order_by("gateway").values_list("gateway").annotate(tried_at=Max("finished_at")):
        taken = tries.filter(gateway=gateway, outcome=Outcome.ACCEPTED.value).order_by("-finished_at")
        found.append(GatewayStanding(gateway, tried_at, taken.values_list("finished_at", flat=True).first()))
    return found
