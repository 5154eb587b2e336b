"""
Holding what families are owed against what has been sent, and making up the difference.

Run as often as one likes: what has been queued, sent, given to a person or has lapsed is never made again, and what is no longer owed is
withdrawn before it is sent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.kernel.chunks import chunks
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.fates import lock_a_handful
from fjorten.messages.actions.tasks import open_task
from fjorten.messages.addressees import Manual, Silence
from fjorten.messages.models import ContactTask, Message, OutboxState, SettledUpTo, Way
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.messages.outbox import is_too_late
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskReason
from fjorten.messages.telling import Telling, Told, tellings
from fjorten.messages.texts import WhenNotTold, messages
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff
from fjorten.people.troubles import one_childs_own, together_or_each

_AT_ONCE: Final = 2000
_HANDFUL: Final = 50  # children in one transaction [default]

TOO_LATE: Final = "ble ikke sendt mens den var til nytte"
PAUSED_UNTIL_TOO_LATE: Final = "familien skulle ikke ha meldinger før den var for sent ute"
WRONG_ADDRESSEE: Final = "skal ikke lenger til denne mottakeren"
NOT_ON_PAPER: Final = "sendes ikke som brev, og familien har ikke telefon eller e-post"
NO_LONGER_OWED: Final = "er ikke lenger aktuell: timen eller saken er endret"
SILENCES: Final[Mapping[Silence, str]] = {
    Silence.CHILD_IS_DEAD: "barnet er dødt",
    Silence.CHILD_HAS_MOVED: "barnet bor ikke lenger her",
}
_FOR_GOOD: Final = frozenset({TOO_LATE, PAUSED_UNTIL_TOO_LATE, *SILENCES.values()})


# What a family is owed of which something is lacking, and who is told.
Lacking = tuple[Sequence[Obligation], Telling]


@dataclass(slots=True)
class Settled:
    """What one settling did. `counts`: waiting, queued, given_to_a_person, lapsed, withdrawn. `failed`: child's key and what went wrong."""

    counts: Counter[str] = field(default_factory=Counter)
    failed: list[tuple[int, Exception]] = field(default_factory=list)


def settle_obligations(
    *,
    municipality: Municipality,
    obligations: Sequence[Obligation],
    among: Collection[int] | None = None,
    but: Collection[int] = (),
    as_of: int | None = None,
    staff: Staff,
    by: Actor,
    at: datetime,
) -> Settled:
    """
    Queue what is owed and not yet queued, give a person what no message may tell, let lapse what comes too late, and withdraw what waits to
    be sent and is owed no more.

    `obligations` are all there are of the children `among` (primary keys; None: of all children), `but` those of whom it is not known what
    they are owed: nothing of theirs is withdrawn. `as_of` is the number the trail ended with before they were asked for; it is kept as how
    far all is settled, unless something went wrong; None where they are not all that may have changed.

    A handful of children is one transaction; where something goes wrong each child is one, so that the trouble of one is told in the
    answer and the others are done.
    """
    settled = Settled()
    owed: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        if at < obligation.not_before:
            settled.counts["waiting"] += 1
        else:
            owed[obligation.person_id].append(obligation)
    for some in chunks(sorted(owed), _AT_ONCE):
        known = _messages_about(municipality, [one for key in some for one in owed[key]])
        ready = [key for key in some if not all(_is_settled(one, known[one.key], at) for one in owed[key])]
        told = _tellings_each(ready, at)
        lacking = []
        for key in ready:
            with one_childs_own(key, settled.failed):
                telling = told[key]()
                if any(any(_wanted(one, telling, known[one.key], at)) for one in owed[key]):
                    lacking.append((owed[key], telling))
        for first in range(0, len(lacking), _HANDFUL):
            settling = partial(_settle_children, municipality=municipality, staff=staff, by=by, at=at)
            handful = lacking[first : first + _HANDFUL]
            for counts in together_or_each(handful, settling, child=lambda one: one[1].family.person.pk, failed=settled.failed):
                settled.counts += counts
    settled.counts["withdrawn"] += _withdraw(municipality, {one.key for one in obligations}, among, but, by=by, at=at)
    if as_of is not None and not but and not settled.failed:
        SettledUpTo.objects.update_or_create(municipality=municipality, defaults={"trail_seq": as_of, "at": at})
    return settled


def _tellings_each(persons: Sequence[int], at: datetime) -> Mapping[int, Callable[[], Telling]]:
    """Read who is told about children, all at once; where one of them cannot be read, one by one when asked, so that it is that one's."""
    on = oslo_date(at)
    try:
        told = tellings(persons, on=on)
    except Exception:  # one child's, and asked for again below
        return {key: partial(lambda one: tellings([one], on=on)[one], key) for key in persons}
    return {key: partial(lambda one: told[one], key) for key in persons}


def _is_settled(obligation: Obligation, known: Sequence[Message], at: datetime) -> bool:
    """Tell at a glance that nothing is left to do: nobody was to be told, or the time for it is over."""
    if any(message.adult_id is None for message in _live(known)):
        return True
    return bool(known) and is_too_late(at, obligation.lapses_at) and not _must_be_made_good(obligation, known)


def _live(known: Sequence[Message]) -> list[Message]:
    return [message for message in known if message.state != OutboxState.LAPSED]


def _must_be_made_good(obligation: Obligation, known: Sequence[Message]) -> bool:
    """Tell whether all that was queued was withdrawn, of something that turns out to have been owed all the time."""
    was_withdrawn = all(message.state == OutboxState.LAPSED and message.state_reason not in _FOR_GOOD for message in known)
    return obligation.if_too_late is IfTooLate.BECOMES_TASK and was_withdrawn


def _messages_about(municipality: Municipality, obligations: Sequence[Obligation]) -> Mapping[str, list[Message]]:
    known: dict[str, list[Message]] = defaultdict(list)
    for some in chunks([one.key for one in obligations], _AT_ONCE):
        for message in Message.objects.of(municipality).filter(key__in=some).order_by("pk"):
            known[message.key].append(message)
    return known


@transaction.atomic
def _settle_children(lacking: Sequence[Lacking], *, municipality: Municipality, staff: Staff, by: Actor, at: datetime) -> Counter[str]:
    """
    Settle what some children's families are owed. The children's rows are locked, and what is known read again: somebody may have been
    first. Raises ChildrenAreBusy when others are changing some of several children.
    """
    lock_a_handful([telling.family.person.pk for _, telling in lacking])
    known = _messages_about(municipality, [one for obligations, _ in lacking for one in obligations])
    done: Counter[str] = Counter()
    entries: list[Entry] = []
    new: list[Message] = []
    for_a_person: list[tuple[Message, TaskReason]] = []
    for obligations, telling in lacking:
        about = str(telling.family.person.public_id)
        for obligation in obligations:
            for message, reason in _wanted(obligation, telling, known[obligation.key], at):
                if message.state != OutboxState.FAILED:
                    message.municipality, message.created_at, message.state_at = municipality, at, at
                    if message.pk:  # lapsed and owed after all: it keeps what stands of its tries and of what was sent
                        message.save(update_fields=["values", "not_before", "lapses_at", "created_at", "state", "state_at", "state_reason"])
                    else:
                        new.append(message)
                    done[_COUNTED[OutboxState(message.state)]] += 1
                    entries.append(Entry(f"message.{message.state}", about=about, detail={"kind": message.kind, "way": message.way}))
                if reason is not None:
                    for_a_person.append((message, reason))
    Message.objects.bulk_create(new)
    for message, reason in for_a_person:
        open_task(message=message, reason=reason, staff=staff, by=by, at=at)
    record_all(entries, municipality=municipality.code, by=by, at=at)
    return done


_COUNTED: Final = {
    OutboxState.QUEUED: "queued",
    OutboxState.REPLACED_BY_TASK: "given_to_a_person",
    OutboxState.LAPSED: "lapsed",
}


Wanted = Iterator[tuple[Message, TaskReason | None]]


def _wanted(obligation: Obligation, telling: Telling, known: Sequence[Message], at: datetime) -> Wanted:
    """
    Make the messages an obligation lacks, each with the reason a person must see to it when one must.

    What lapsed before it was sent told nobody: is it owed after all, as when a cancellation is corrected, the same row is used again.
    """
    if is_too_late(at, obligation.lapses_at):
        if not known or _must_be_made_good(obligation, known):
            yield _again(_nobody_is_told(obligation, telling, too_late=True), known)
    elif telling.paused_until is not None:
        return
    elif isinstance(telling.answer, tuple):
        yield from _wanted_by(telling.answer, obligation, known)
    elif not _live(known) and (not known or isinstance(telling.answer, Manual)):
        message, reason = _again(_nobody_is_told(obligation, telling, too_late=False), known)
        if not any(row.pk == message.pk and row.state_reason == message.state_reason for row in known):
            yield message, reason
    elif isinstance(telling.answer, Manual):
        yield from _told_nobody(known)


def _wanted_by(told: Sequence[Told], obligation: Obligation, known: Sequence[Message]) -> Wanted:
    live = {message.adult_id for message in _live(known)}
    meant = [one for one in told if obligation.adult_id in (None, one.reach.adult.pk)]
    reached = [one for one in meant if one.way != Way.LETTER or obligation.is_letter or messages()[obligation.kind].can_be_a_letter]
    lacking = [] if None in live else [one for one in reached if one.reach.adult.pk not in live]
    for one in lacking:
        yield _again((_to(one, obligation), None), known)
    if not meant and not known:
        yield _to_nobody(obligation, OutboxState.LAPSED, WRONG_ADDRESSEE), None
    elif not reached and not known:
        yield _to_nobody(obligation, OutboxState.LAPSED, NOT_ON_PAPER), None
    if not lacking:
        yield from _told_nobody(known)


def _told_nobody(known: Sequence[Message]) -> Wanted:
    """Find what failed with one guardian while it was on its way to another, whose message then fell away: nobody was told after all."""
    live = _live(known)
    if not live or any(message.state != OutboxState.FAILED for message in live):
        return
    is_needed = messages()[live[-1].kind].when_not_told is not WhenNotTold.NOTHING
    if is_needed and not ContactTask.objects.filter(message__in=live).exists():
        yield live[-1], TaskReason.NOT_DELIVERED


def _again(wanted: tuple[Message, TaskReason | None], known: Sequence[Message]) -> tuple[Message, TaskReason | None]:
    """Use the row that lapsed, where there is one to the same adult by the same way."""
    message, reason = wanted
    lapsed = [row for row in known if row.state == OutboxState.LAPSED and row.adult_id == message.adult_id]
    same = next((row for row in lapsed if message.adult_id is None or row.way == message.way), None)
    message.pk = same.pk if same is not None else None
    return message, reason


def _nobody_is_told(obligation: Obligation, telling: Telling, *, too_late: bool) -> tuple[Message, TaskReason | None]:
    if too_late and telling.paused_until is not None:
        return _to_nobody(obligation, OutboxState.LAPSED, PAUSED_UNTIL_TOO_LATE), None
    if isinstance(telling.answer, Silence):
        return _to_nobody(obligation, OutboxState.LAPSED, SILENCES[telling.answer]), None
    if too_late and obligation.if_too_late is IfTooLate.LAPSES:
        return _to_nobody(obligation, OutboxState.LAPSED, TOO_LATE), None
    reason = BY_MANUAL[telling.answer] if isinstance(telling.answer, Manual) else TaskReason.TOO_LATE
    return _to_nobody(obligation, OutboxState.REPLACED_BY_TASK, SENTENCES[reason][0]), reason


def _to_nobody(obligation: Obligation, state: OutboxState, reason: str) -> Message:
    return Message(**_common(obligation), adult=None, way=Way.LETTER if obligation.is_letter else Way.SMS, state=state, state_reason=reason)


def _to(told: Told, obligation: Obligation) -> Message:
    return Message(**_common(obligation), adult=told.reach.adult, way=Way.LETTER if obligation.is_letter else told.way)


def _common(obligation: Obligation) -> dict[str, object]:
    return {
        "key": obligation.key,
        "kind": obligation.kind,
        "about": obligation.about,
        "person_id": obligation.person_id,
        "clinic_id": obligation.clinic_id,
        "values": dict(obligation.values),
        "not_before": obligation.not_before,
        "lapses_at": obligation.lapses_at,
        "if_too_late": obligation.if_too_late.value,
    }


def _withdraw(
    municipality: Municipality, owed: Collection[str], among: Collection[int] | None, but: Collection[int], *, by: Actor, at: datetime
) -> int:
    queued = Message.objects.of(municipality).filter(state=OutboxState.QUEUED).exclude(person__in=but).select_related("person")
    if among is not None:
        queued = queued.filter(person__in=among)
    return sum(_withdraw_one(message, by=by, at=at) for message in queued if message.key not in owed)


@transaction.atomic
def _withdraw_one(message: Message, *, by: Actor, at: datetime) -> bool:
    still = Message.objects.filter(pk=message.pk, state=OutboxState.QUEUED)
    if not still.update(state=OutboxState.LAPSED, state_at=at, state_reason=NO_LONGER_OWED):
        return False
    entry = Entry("message.withdrawn", about=str(message.person.public_id), detail={"kind": message.kind})
    record_all([entry], municipality=message.municipality.code, by=by, at=at)
    return True
