"""Letters on paper: printed together, handed over to the post by somebody, and now and then returned."""

import os
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from fjorten.audit.actor import Actor
from fjorten.audit.trail import Entry, record, record_all
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.messages.actions.fates import detail_of, fail, hand_to_a_person, leave, lock_children_of
from fjorten.messages.actions.last_look import StillOwed, look_again
from fjorten.messages.composing import compose_letter
from fjorten.messages.letters.letter import Letter
from fjorten.messages.letters.printing import LetterHasLettersNobodyCanWrite, NothingToPrint, letter_as_pdf, print_batch
from fjorten.messages.models import Message, OutboxState, PrintBatch, Way
from fjorten.messages.outbox import is_too_late
from fjorten.messages.queries import approved_texts, batches_to_hand_over, letters_to_print
from fjorten.messages.tasks import TaskReason
from fjorten.messages.telling import Told, tellings
from fjorten.messages.texts import NoSuchText, TextCannotBeFilled
from fjorten.organisation.models import Municipality
from fjorten.organisation.responsibility import Staff
from fjorten.people.actions.families import mark_letter_returned
from fjorten.people.models import Person

CAME_BACK: Final = "brevet kom i retur"
ADDRESS_IS_DEAD: Final = "adressen er ikke lenger i bruk"
TAKEN_OUT: Final = "tatt ut av bunken"


class BatchIsHandedOver(Refused):
    """Somebody was first."""

    sentence = "Bunken er alt levert til posten."


class BatchHoldsLettersNobodyMayGet(Refused):
    """Since the letters were printed something has come true that stops some of them."""

    sentence = "Noen av brevene skal ikke sendes lenger. Ta dem ut av bunken (`fjorten messages batch`), makuler dem, og lever resten."


class LetterIsNotInABatch(Refused):
    """The letter has not been printed, or the batch has been handed over."""

    sentence = "Brevet ligger ikke i en bunke som venter på å bli levert."


class LetterWasNotSent(Refused):
    """Only what was handed over can come back."""

    sentence = "Brevet er ikke levert til posten, så det kan ikke ha kommet i retur. Sjekk nummeret på brevet."


def print_letters(
    *,
    municipality: Municipality,
    folder: Path,
    still_owed: StillOwed,
    staff: Staff,
    about: QuerySet[Person] | None = None,
    at_most: int | None = None,
    by: Actor,
    at: datetime,
) -> PrintBatch:
    """
    Print the letters that wait, as one accessible PDF in `folder`: all, or those about some children only, the oldest `at_most` of them.
    Each is looked at once more before. What a run that was cut off left behind is put right first: a batch that is written down gets its
    file, and a file of no batch is gone before anybody prints it too.

    Printed is not sent: `hand_over_batch` is. A letter that cannot be written becomes a person's work, and the others are printed. Raises
    NothingToPrint, or LettersCannotBeMade when the machine lacks what letters need. Call it outside a transaction.
    """
    left = put_in_place(municipality, folder)
    batch = produce_batch(
        municipality=municipality, folder=folder, still_owed=still_owed, staff=staff, about=about, at_most=at_most, by=by, at=at
    )
    put_in_place(municipality, folder)
    if batch is None and not left:
        raise NothingToPrint
    return batch or left[-1]


@transaction.atomic
def produce_batch(
    *,
    municipality: Municipality,
    folder: Path,
    still_owed: StillOwed,
    staff: Staff,
    about: QuerySet[Person] | None = None,
    at_most: int | None = None,
    by: Actor,
    at: datetime,
) -> PrintBatch | None:
    """
    Write the letters that wait (see `print_letters` for which), and their batch; None when there is none to print. The file gets its own
    name afterwards, when the batch stands: one that is not written down must never lie where somebody prints it.
    """
    waiting = letters_to_print(municipality=municipality, at=at, about=about)
    chosen = Message.objects.filter(pk__in=list(waiting.values_list("pk", flat=True)[:at_most]))
    lock_children_of(chosen)
    approved = approved_texts(municipality=municipality)
    ready = []
    for row in chosen.with_all_about_it().order_by("not_before", "pk"):
        letter = _taken_in_hand(row, still_owed, approved, staff, by=by, at=at)
        if letter is not None:
            ready.append((row, letter))
    try:
        made = print_batch([letter for _, letter in ready]) if ready else None
    except LetterHasLettersNobodyCanWrite:
        ready = [(row, letter) for row, letter in ready if _can_be_written(row, letter, staff, by=by, at=at)]
        made = print_batch([letter for _, letter in ready]) if ready else None
    if made is None:
        return None
    batch = PrintBatch.objects.create(
        municipality=municipality,
        produced_at=at,
        produced_by=by.who,
        file_name=f"brev-{oslo_date(at).isoformat()}-{made.digest[:12]}.pdf",
        file_digest=made.digest,
        letters=len(ready),
    )
    for row, letter in ready:
        _put_into(batch, row, letter)
    _write_unnamed(municipality, folder, batch.file_name, made.content)
    record_all(
        [Entry("message.printed", about=str(row.person.public_id), detail={**detail_of(row), "batch": batch.pk}) for row, _ in ready],
        municipality=municipality.code,
        by=by,
        at=at,
    )
    return batch


@transaction.atomic
def hand_over_batch(*, batch: PrintBatch, still_owed: StillOwed, by: Actor, at: datetime) -> int:
    """
    Record that the letters of a batch were handed over to the post; tells how many. From now on the families count as written to.

    Raises BatchIsHandedOver, or BatchHoldsLettersNobodyMayGet while letters lie in it that must not be sent any more: the child has died,
    moved or been protected, somebody else cares for it now, or the appointment has changed.
    """
    if letters_nobody_may_get(batch=batch, still_owed=still_owed, at=at):
        raise BatchHoldsLettersNobodyMayGet(batch.pk)
    if not PrintBatch.objects.filter(pk=batch.pk, handed_over_at__isnull=True).update(handed_over_at=at, handed_over_by=by.who):
        raise BatchIsHandedOver(batch.pk)
    rows = list(Message.objects.filter(batch=batch, state=OutboxState.IN_HAND).with_all_about_it().order_by("pk"))
    for row in rows:
        leave(row=row, state=OutboxState.SENT, reason="", by=by, at=at)
    record("print_batch.handed_over", municipality=batch.municipality.code, by=by, at=at, detail={"batch": batch.pk, "letters": len(rows)})
    return len(rows)


@transaction.atomic
def take_out_of_batch(*, message: Message, reason: str, by: Actor, at: datetime) -> None:
    """Record that a printed letter was taken out and destroyed, and why. Raises LetterIsNotInABatch."""
    waiting = Message.objects.filter(pk=message.pk, state=OutboxState.IN_HAND, batch__handed_over_at__isnull=True, batch__isnull=False)
    if not waiting.exists():
        raise LetterIsNotInABatch(message.pk)
    leave(row=message, state=OutboxState.LAPSED, reason=reason or TAKEN_OUT, by=by, at=at)


@transaction.atomic
def mark_returned(*, message: Message, on: date, staff: Staff, by: Actor, at: datetime) -> None:
    """Record that a letter came back: the address is not used any more, and a person finds the family. Raises LetterWasNotSent."""
    if not Message.objects.filter(pk=message.pk, way=Way.LETTER, state=OutboxState.SENT).exists():
        raise LetterWasNotSent(message.pk)
    if message.adult is not None:
        mark_letter_returned(adult=message.adult, on=on, by=by, at=at)
    fail(row=message, reason=CAME_BACK, staff=staff, by=by, at=at)


def letters_nobody_may_get(*, batch: PrintBatch, still_owed: StillOwed, at: datetime) -> Sequence[Message]:
    """Find the letters of a batch that must not be handed over any more."""
    rows = list(Message.objects.filter(batch=batch, state=OutboxState.IN_HAND).with_all_about_it().order_by("pk"))
    telling = tellings({row.person_id for row in rows}, on=oslo_date(at))
    not_owed = still_owed(rows, at)
    stopped = []
    for row in rows:
        answer = telling[row.person_id].answer
        is_theirs = isinstance(answer, tuple) and any(one.reach.adult.pk == row.adult_id for one in answer)
        if not is_theirs or is_too_late(at, row.lapses_at) or not_owed.get(row.pk):
            stopped.append(row)
    return stopped


def _taken_in_hand(
    row: Message, still_owed: StillOwed, approved: Collection[str], staff: Staff, *, by: Actor, at: datetime
) -> Letter | None:
    if not Message.objects.filter(pk=row.pk, state=OutboxState.QUEUED).update(state=OutboxState.IN_HAND, state_at=at):
        return None
    told = look_again(rows=[row], still_owed=still_owed, staff=staff, by=by, at=at)[row.pk]
    if not isinstance(told, Told):
        return None
    if not told.reach.has_postal_address:
        fail(row=row, reason=ADDRESS_IS_DEAD, staff=staff, by=by, at=at)
        return None
    try:
        return compose_letter(row, told, written_on=oslo_date(at), approved=approved)
    except (NoSuchText, TextCannotBeFilled):
        hand_to_a_person(row=row, reason=TaskReason.NO_TEXT, staff=staff, by=by, at=at)
        return None


def _can_be_written(row: Message, letter: Letter, staff: Staff, *, by: Actor, at: datetime) -> bool:
    """Lay one letter out alone, which is only done when one of them stops the others; it becomes a person's work."""
    try:
        letter_as_pdf(letter)
    except LetterHasLettersNobodyCanWrite:
        hand_to_a_person(row=row, reason=TaskReason.NO_TEXT, staff=staff, by=by, at=at)
        return False
    return True


def _put_into(batch: PrintBatch, row: Message, letter: Letter) -> None:
    """Keep what a family was written, and in which batch it lies."""
    first, last = letter.wordings[0], letter.wordings[-1]
    Message.objects.filter(pk=row.pk).update(
        batch=batch,
        sent_title=first.title[:200],
        sent_text="\n\n".join(wording.body for wording in letter.wordings),
        sent_language=last.language,
        sent_to=Way.LETTER.value,
    )


def _write_unnamed(municipality: Municipality, folder: Path, file_name: str, content: bytes) -> None:
    """Write a file whole, under a name nobody prints. What an earlier run left and never wrote down goes: its letters are in this one."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stand = {_unnamed(municipality, batch.file_name) for batch in batches_to_hand_over(municipality=municipality)}
    for left in folder.glob(_unnamed(municipality, "*")):
        if left.name not in stand:
            left.unlink()
    with (folder / _unnamed(municipality, file_name)).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(municipality: Municipality, folder: Path) -> list[PrintBatch]:
    """Give the files of batches that stand their names, which a run that was cut off did not; tells which were without."""
    placed = []
    for batch in batches_to_hand_over(municipality=municipality):
        with suppress(FileNotFoundError):  # it has its name, or lies in another folder
            (folder / _unnamed(municipality, batch.file_name)).replace(folder / batch.file_name)
            placed.append(batch)
    return placed


def _unnamed(municipality: Municipality, file_name: str) -> str:
    return f".{municipality.code}-{file_name}.part"
