"""
Holding what families are owed against what has been sent, and making up the difference.

Run as often as one likes: what has been queued, sent, given to a person or has lapsed is never made again, and what is no longer owed is
withdrawn before it is sent.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record_all
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.tasks import open_task
from fjorten.messages.addressees import Manual, Silence
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.obligations import IfTooLate, Obligation
from fjorten.messages.outbox import is_too_late
from fjorten.messages.tasks import BY_MANUAL, SENTENCES, TaskReason
from fjorten.messages.telling import Telling, Told, tellings
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff

_AT_ONCE: Final = 2000

TOO_LATE: Final = "ble ikke sendt mens den var til nytte"
PAUSED_UNTIL_TOO_LATE: Final = "familien skulle ikke ha meldinger før den var for sent ute"
NO_LONGER_OWED: Final = "er ikke lenger aktuell: timen eller saken er endret"
SILENCES: Final[Mapping[Silence, str]] = {
    Silence.CHILD_IS_DEAD: "barnet er dødt",
    Silence.CHILD_HAS_MOVED: "barnet bor ikke lenger her",
}


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
    staff: Staff,
    by: Actor,
    at: datetime,
) -> Settled:
    """
    Queue what is owed and not yet queued, give a person what no message may tell, let lapse what comes too late, and withdraw what waits to
    be sent and is owed no more.

    `obligations` are all there are of the children `among` (primary keys; None: of all children). One transaction a child: what goes wrong
    for one is told in the answer, and the others are done.
    """
    settled = Settled()
    owed: dict[int, list[Obligation]] = defaultdict(list)
    for obligation in obligations:
        if at < obligation.not_before:
            settled.counts["waiting"] += 1
        else:
            owed[obligation.person_id].append(obligation)
    keys = sorted(owed)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        known = _messages_about(municipality, [one for key in some for one in owed[key]])
        ready = [key for key in some if not all(_is_settled(one, known[one.key], at) for one in owed[key])]
        told = tellings(ready, on=oslo_date(at))
        for key in ready:
            try:
                with transaction.atomic():
                    counts = _settle_child(owed[key], told[key], known, municipality=municipality, staff=staff, by=by, at=at)
                settled.counts.update(counts)
            except Exception as wrong:  # whatever it is, it is one child's: the others are owed theirs
                settled.failed.append((key, wrong))
    settled.counts["withdrawn"] += _withdraw(municipality, {one.key for one in obligations}, among, by=by, at=at)
    return settled


def _is_settled(obligation: Obligation, known: Sequence[Message], at: datetime) -> bool:
    """Tell at a glance that nothing is left to do: nobody was to be told, or the time for it is over."""
    live = [message for message in known if message.state != OutboxState.LAPSED]
    return any(message.adult_id is None for message in live) or (bool(known) and is_too_late(at, obligation.lapses_at))


def _messages_about(municipality: Municipality, obligations: Sequence[Obligation]) -> Mapping[str, list[Message]]:
    known: dict[str, list[Message]] = defaultdict(list)
    for start in range(0, len(obligations), _AT_ONCE):
        some = [one.key for one in obligations[start : start + _AT_ONCE]]
        for message in Message.objects.of(municipality).filter(key__in=some).order_by("pk"):
            known[message.key].append(message)
    return known


def _settle_child(
    obligations: Sequence[Obligation],
    telling: Telling,
    known: Mapping[str, list[Message]],
    *,
    municipality: Municipality,
    staff: Staff,
    by: Actor,
    at: datetime,
) -> Counter[str]:
    done: Counter[str] = Counter()
    entries: list[Entry] = []
    about = str(telling.family.person.public_id)
    for obligation in obligations:
        for message, reason in _wanted(obligation, telling, known[obligation.key], at):
            message.municipality, message.created_at, message.state_at = municipality, at, at
            message.save(force_insert=message.pk is None, force_update=message.pk is not None)
            done[_COUNTED[OutboxState(message.state)]] += 1
            entries.append(Entry(f"message.{message.state}", about=about, detail={"kind": message.kind, "way": message.way}))
            if reason is not None:
                open_task(message=message, reason=reason, staff=staff, by=by, at=at)
    record_all(entries, municipality=municipality.code, by=by, at=at)
    return done


_COUNTED: Final = {
    OutboxState.QUEUED: "queued",
    OutboxState.REPLACED_BY_TASK: "given_to_a_person",
    OutboxState.LAPSED: "lapsed",
}


def _wanted(
    obligation: Obligation, telling: Telling, known: Sequence[Message], at: datetime
) -> Iterator[tuple[Message, TaskReason | None]]:
    """
    Make the messages an obligation lacks, each with the reason a person must see to it when one must.

    What lapsed before it was sent told nobody: is it owed after all, as when a cancellation is corrected, the same row is used again.
    """
    too_late = is_too_late(at, obligation.lapses_at)
    live = [message for message in known if message.state != OutboxState.LAPSED]
    if too_late:
        if not known:
            yield _nobody_is_told(obligation, telling, too_late=True)
    elif telling.paused_until is None and not isinstance(telling.answer, tuple):
        if not live and (not known or isinstance(telling.answer, Manual)):
            message, reason = _nobody_is_told(obligation, telling, too_late=False)
            again = next((row for row in known if row.adult_id is None), None)
            if again is None or again.state_reason != message.state_reason:
                message.pk = again.pk if again is not None else None
                yield message, reason
    elif telling.paused_until is None and isinstance(telling.answer, tuple):
        for one in telling.answer:
            is_meant = obligation.adult_id in (None, one.reach.adult.pk)
            if is_meant and not any(message.adult_id in (None, one.reach.adult.pk) for message in live):
                message = _to(one, obligation)
                again = next((row for row in known if (row.adult_id, row.way) == (one.reach.adult.pk, message.way)), None)
                message.pk = again.pk if again is not None else None
                yield message, None


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


def _withdraw(municipality: Municipality, owed: Collection[str], among: Collection[int] | None, *, by: Actor, at: datetime) -> int:
    queued = Message.objects.of(municipality).filter(state=OutboxState.QUEUED).select_related("person")
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
