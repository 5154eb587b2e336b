"""Taking registers in: extracts, the event feed, look-ups. Each extract, and each page of the feed, is one transaction."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.db import connection, transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Municipality
from fjorten.people.models import Identifier
from fjorten.people.queries import resident_children
from fjorten.plans.programmes import programmes_of
from fjorten.plans.reasons import refuse_without_reason
from fjorten.registers.documents import Payload, extract, is_birth_registered_without_address, mother_number
from fjorten.registers.extracts import ExtractRow, RejectedLine, checksum, read_extract
from fjorten.registers.feed_ranges import Run, gaps, joined
from fjorten.registers.feeds.event_documents import AsOf, PersonAtEvent, people_in
from fjorten.registers.feeds.source import FeedPage, FeedRow, RegisterSource, RejectedRow
from fjorten.registers.intake import Heard, take_in
from fjorten.registers.models import FeedRange, PendingLookUp, RegisterDocument, RegisterLoad
from fjorten.registers.municipality_codes import RENUMBERED, learn_new_code, own_codes_of
from fjorten.registers.policy import follow_policy
from fjorten.registers.queries import received_runs
from fjorten.registers.sifting import is_grown_up, may_be_a_child, mothers_here_by_look_up, mothers_who_live_here

_BATCH = 2000
_MOST_REJECTED_KEPT = 1000
_MANY_NEW = 500  # autovacuum would count them within a minute or so; a load of this many is followed by work at once
_FEW = 20  # below this many known children a share says nothing

Channel = RegisterDocument.Channel


class ExtractHardlyMatches(Refused):
    """Most of the children we know are not in the extract: the wrong file, the wrong municipality or an old extract."""

    sentence = (
        "Uttrekket mangler mer enn halvparten av barna regnskapet kjenner. Det ligner en fil fra en annen kommune eller et gammelt "
        "uttrekk. Sjekk filen, eller bruk --force hvis den er riktig. Ingenting er lest inn."
    )


class NotAGap(Refused):
    """The numbers given are not missing."""

    sentence = "Disse hendelsene mangler ikke. Kjør `fjorten register feed` for å se hullene."


@dataclass(frozen=True, slots=True)
class ExtractResult:
    """What loading an extract led to. `rejected` holds the first thousand lines that could not be used."""

    persons_read: int
    children_kept: int
    new: int
    enrolled: int
    rejected_count: int
    rejected: tuple[RejectedLine, ...]
    was_loaded_before: bool


@dataclass(slots=True)
class FeedResult:
    """What reading the feed led to, so far."""

    events: int = 0
    already_known: int = 0
    concerned_us: int = 0
    new: int = 0
    enrolled: int = 0
    joined: int = 0
    waiting_for_look_up: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    conflicts: list[int] = field(default_factory=list)
    gaps: tuple[Run, ...] = ()


@transaction.atomic
def load_extract(
    *,
    path: Path,
    municipality: Municipality,
    on: date,
    by: Actor,
    at: datetime,
    force: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> ExtractResult:
    """
    Take in a register extract as it was on a day: all of it or nothing.

    Whoever is not in it is left as they are: absence deletes and closes nothing (registers.md, pitfall 9). `progress` is told the number
    of lines read. Raises ExtractCannotBeRead or ExtractHardlyMatches.
    """
    _lock(municipality)
    digest = checksum(path)
    own_codes = own_codes_of(municipality)
    programmes = programmes_of(municipality)
    mothers = mothers_who_live_here(path, own_codes)
    rejected: list[RejectedLine] = []
    counts = {"read": 0, "kept": 0, "new": 0, "enrolled": 0, "rejected": 0}
    for batch in _batches(read_extract(path), _BATCH):
        heard: list[Heard] = []
        for row in batch:
            if isinstance(row, RejectedLine):
                counts["rejected"] += 1
                rejected += [row] if len(rejected) < _MOST_REJECTED_KEPT else []
                continue
            counts["read"] += 1
            if is_grown_up(row.document, on):
                continue
            payload = extract(row.document, number=row.number)
            payload["mother_lives_here"] = is_birth_registered_without_address(payload) and mother_number(payload) in mothers
            heard.append(Heard(payload, Channel.EXTRACT, seen_on=on))
        intake = take_in(heard, municipality=municipality, own_codes=own_codes, by=by, at=at)
        counts["kept"] += len(intake.persons)
        counts["new"] += intake.new
        counts["enrolled"] += follow_policy(
            intake.persons, municipality=municipality, own_codes=own_codes, programmes=programmes, by=by, at=at
        )
        progress(batch[-1].line)
    if counts["new"] >= _MANY_NEW:
        _let_the_database_count()
    if not force:
        _refuse_a_file_that_hardly_matches(municipality, on)
    was_loaded_before = RegisterLoad.objects.filter(municipality=municipality, on=on, checksum=digest).exists()
    RegisterLoad.objects.create(
        municipality=municipality,
        on=on,
        checksum=digest,
        loaded_at=at,
        loaded_by=by.who,
        persons_read=counts["read"],
        children_kept=counts["kept"],
        rejected=counts["rejected"],
    )
    record(
        "register.extract_loaded",
        municipality=municipality.code,
        by=by,
        at=at,
        detail={"on": on.isoformat(), "sha256": digest, **counts},
    )
    return ExtractResult(
        persons_read=counts["read"],
        children_kept=counts["kept"],
        new=counts["new"],
        enrolled=counts["enrolled"],
        rejected_count=counts["rejected"],
        rejected=tuple(rejected),
        was_loaded_before=was_loaded_before,
    )


def apply_feed(
    *,
    source: RegisterSource,
    municipality: Municipality,
    by: Actor,
    at: datetime,
    from_the_start: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> FeedResult:
    """
    Read the feed from where we are and take in what is new, page by page; each page is one transaction with its events and its pointer.

    `from_the_start` reads everything the source holds, also from before the first number we have: what is known is passed over.

    Stopping anywhere loses nothing and repeats nothing: the next run goes on from the first number that has not been received. `progress`
    is told the number of events read. Raises FeedCannotBeRead.
    """
    result = FeedResult()
    for page in source.pages(None if from_the_start else _first_missing(municipality)):
        _apply_page(page, source=source, municipality=municipality, result=result, by=by, at=at)
        progress(result.events + result.already_known)
    result.gaps = gaps(received_runs(municipality))
    result.waiting_for_look_up = PendingLookUp.objects.filter(municipality=municipality).count()
    return result


@transaction.atomic
def accept_gap(*, municipality: Municipality, first: int, last: int, reason: str, by: Actor, at: datetime) -> None:
    """
    Accept, with a signed reason, that events cannot be had any more, so that the feed is read on from after them.

    Raises ReasonIsMissing or ReasonIsTooLong, or NotAGap when the numbers are not within one gap.
    """
    refuse_without_reason(reason)
    _lock(municipality)
    runs = received_runs(municipality)
    if not any(first in gap and last in gap and first <= last for gap in gaps(runs)):
        raise NotAGap
    _set_runs(municipality, joined([*runs, Run(first, last)], ()))
    record("register.gap_accepted", municipality=municipality.code, by=by, at=at, detail={"first": first, "last": last}, reason=reason)


def _apply_page(page: FeedPage, *, source: RegisterSource, municipality: Municipality, result: FeedResult, by: Actor, at: datetime) -> None:
    runs = received_runs(municipality)
    fresh = [row for row in page.rows if not any(row.sequence in run for run in runs)]
    result.already_known += len(page.rows) - len(fresh)
    result.rejected += page.rejected
    result.conflicts += page.conflicts
    if not fresh:
        return
    # Everything that needs the register happens before the transaction: no lock waits for a network.
    looked_up = people_in(fresh, source)
    payloads: dict[tuple[int, str], Payload] = {}  # the dozen events of one birth share one document
    heard = [_heard(person, payloads, at) for person in looked_up.found if not is_grown_up(person.document, _day_of(person.row, at))]
    mothers = mothers_here_by_look_up([item.payload for item in heard], source, own_codes_of(municipality))
    with transaction.atomic():
        _lock(municipality)
        learn_new_code([item.payload for item in heard if item.payload["renumbered"]], municipality=municipality, by=by, at=at)
        own_codes = own_codes_of(municipality)
        for item in heard:
            item.payload["mother_lives_here"] = is_birth_registered_without_address(item.payload) and mother_number(item.payload) in mothers
        intake = take_in(heard, municipality=municipality, own_codes=own_codes, by=by, at=at)
        enrolled = follow_policy(
            intake.persons,
            municipality=municipality,
            own_codes=own_codes,
            programmes=programmes_of(municipality),
            by=by,
            at=at,
        )
        _await_look_up([missing.row for missing in looked_up.not_found], municipality, at)
        _set_runs(municipality, joined(received_runs(municipality), (row.sequence for row in fresh)))
        record(
            "register.feed_page_applied",
            municipality=municipality.code,
            by=by,
            at=at,
            detail={"first": fresh[0].sequence, "last": fresh[-1].sequence, "events": len(fresh), "persons": len(intake.persons)},
        )
    result.events += len(fresh)
    result.concerned_us += len(intake.persons)
    result.new += intake.new
    result.joined += intake.joined
    result.enrolled += enrolled


def _heard(person: PersonAtEvent, payloads: dict[tuple[int, str], Payload], at: datetime) -> Heard:
    """Reduce what was found behind an event: the person as of then or, when only that could be had, as the register knows them now."""
    key = (id(person.document), person.row.number.digits)
    payload = copy(payloads.setdefault(key, payloads.get(key) or extract(person.document, number=person.row.number.digits)))
    if person.as_of is AsOf.NOW:
        return Heard(payload, Channel.LOOK_UP, _day_of(person.row, at), None, person.row.registered_at)
    payload["renumbered"] = person.row.event_type == RENUMBERED
    return Heard(payload, Channel.FEED, _day_of(person.row, at), person.row.sequence, person.row.registered_at)


def _await_look_up(rows: Sequence[FeedRow], municipality: Municipality, at: datetime) -> None:
    """Remember whom to look up anew: persons we know, and unknown ones who may be children."""
    numbers = {row.number.digits for row in rows}
    known = set(Identifier.objects.filter(municipality=municipality, number__in=numbers).values_list("number", flat=True))
    PendingLookUp.objects.bulk_create(
        [
            PendingLookUp(municipality=municipality, number=row.number.digits, sequence=row.sequence, event_type=row.event_type[:80])
            for row in rows
            if len(row.number.digits) == 11 and (row.number.digits in known or may_be_a_child(row, _day_of(row, at)))
        ],
        ignore_conflicts=True,
    )


def _refuse_a_file_that_hardly_matches(municipality: Municipality, on: date) -> None:
    expected = resident_children(municipality=municipality, on=on).filter(register_documents__first_seen_on__lt=on).distinct()
    known = expected.count()
    if known < _FEW:
        return
    seen = expected.filter(register_documents__channel=Channel.EXTRACT, register_documents__last_seen_on__gte=on).distinct().count()
    if seen * 2 < known:
        raise ExtractHardlyMatches


def _let_the_database_count() -> None:
    """PostgreSQL plans by what it believes a table holds. One just filled it believes empty, and a question then ran for half an hour."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _first_missing(municipality: Municipality) -> int | None:
    """Tell the number to read on after: the end of the first unbroken run, so that gaps are asked for again; None before any event."""
    runs = received_runs(municipality)
    return runs[0].last if runs else None


def _set_runs(municipality: Municipality, runs: Sequence[Run]) -> None:
    FeedRange.objects.filter(municipality=municipality).delete()
    FeedRange.objects.bulk_create([FeedRange(municipality=municipality, first=run.first, last=run.last) for run in runs])


def _lock(municipality: Municipality) -> None:
    """
    Let one intake at a time work on a municipality; on SQLite the transaction itself is the lock.

    Without the key: rows that refer to the municipality are held against it at commit, when their writer has the head of the trail already.
    """
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)


def _day_of(row: FeedRow, at: datetime) -> date:
    return oslo_date(row.registered_at or at)


def _batches(rows: Iterator[ExtractRow | RejectedLine], size: int) -> Iterator[list[ExtractRow | RejectedLine]]:
    while batch := list(itertools.islice(rows, size)):
        yield batch
