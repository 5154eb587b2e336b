"""Letters on paper: printed and handed to the post twice a week, and some that come back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fjorten.ledger.owed import why_not_owed
from fjorten.messages.actions.letters import hand_over_batch, letters_nobody_may_get, mark_returned, print_letters, take_out_of_batch
from fjorten.messages.models import Message, OutboxState, PrintBatch, Way
from fjorten.messages.queries import letters_to_print
from fjorten.organisation.responsibility import staff_on
from fjorten.simulation.clinic.workday import OFFICE, Workday

POST_DAYS = (0, 3)  # Monday and Thursday [default]
RETURNED_AFTER = timedelta(days=8)


def print_and_hand_over(work: Workday, folder: Path) -> None:
    """This function will print the letters that wait, on the days for it, and hand over what was printed the time before."""
    if work.day.weekday() not in POST_DAYS:
        return
    at, staff = work.at(13), staff_on(municipality=work.municipality, on=work.day)
    for batch in (
        PrintBatch.objects.filter(municipality=work.municipality, handed_over_at__isnull=True).select_related("municipality").order_by("pk")
    ):
        for letter in letters_nobody_may_get(batch=batch, still_owed=why_not_owed, at=at):
            take_out_of_batch(message=letter, reason="ikke lenger aktuelt", by=OFFICE, at=at)
        with work.trying("letters handed over"):
            hand_over_batch(batch=batch, still_owed=why_not_owed, by=OFFICE, at=at)
    if letters_to_print(municipality=work.municipality, at=at).exists():
        with work.trying("letters printed"):
            print_letters(municipality=work.municipality, folder=folder, still_owed=why_not_owed, staff=staff, by=OFFICE, at=at)


def open_what_came_back(work: Workday) -> None:
    """This function will note the letters that come back today: nobody of the name is at the address."""
    handed_over = work.at(0) - RETURNED_AFTER
    sent = Message.objects.of(work.municipality).filter(way=Way.LETTER, state=OutboxState.SENT, state_at__gte=handed_over)
    sent = sent.filter(state_at__lt=handed_over + timedelta(days=1), adult__isnull=False).select_related("adult")
    staff = staff_on(municipality=work.municipality, on=work.day)
    for letter in sent.order_by("pk"):
        to = work.world.person_numbered(letter.adult.number, on=work.day) if letter.adult is not None else None
        if to is not None and (work.households.guardian(to).post_comes_back or not work.lives_here(to)):
            with work.trying("letter came back"):
                mark_returned(message=letter, on=work.day, staff=staff, by=OFFICE, at=work.at(9))
