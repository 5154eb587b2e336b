"""What came of acting on many children: done for some, refused for others with the sentence why. One refusal stops nobody else."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render

from fjorten.kernel.refusals import Refused
from fjorten.ledger.worklist import Row
from fjorten.web import words
from fjorten.web.children import address_of
from fjorten.web.edge import StaffRequest
from fjorten.web.receipts import Receipt, give_receipt


@dataclass(frozen=True, slots=True)
class Outcome:
    """One child, and what was done or why it was not."""

    name: str
    address: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Everybody's outcome, in the order of the list."""

    done: tuple[Outcome, ...]
    refused: tuple[Outcome, ...]


def one_at_a_time(rows: Iterable[Row], act: Callable[[Row], str]) -> Outcomes:
    """This function will act on each row, and keep what `act` says was done or the sentence it refused with."""
    done, refused = [], []
    for row in rows:
        try:
            done.append(outcome_of(row, act(row)))
        except Refused as refusal:
            refused.append(outcome_of(row, words.refusal(refusal)))
    return Outcomes(tuple(done), tuple(refused))


def outcome_of(row: Row, said: str) -> Outcome:
    """This function will say something of a row's child."""
    return Outcome(words.name_of(row.person), address_of(row.person), said)


def answer(request: StaffRequest, outcomes: Outcomes, *, receipt: str, back: str) -> HttpResponse:
    """This function will go back to the list with a receipt when all was done, else show what was and what was not."""
    if not outcomes.refused:
        give_receipt(request, Receipt(receipt))
        return redirect(back)
    return render(request, "worklist/outcomes.html", {"outcomes": outcomes, "receipt": receipt if outcomes.done else "", "back": back})
