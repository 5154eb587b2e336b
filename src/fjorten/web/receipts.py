"""What was just done, said once on the next page, with the way to undo it."""

from dataclasses import dataclass
from typing import Final

from fjorten.web.edge import PageRequest

_KEY: Final = "receipt"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sentence about what was done; `undo` are the fields of the form at `undo_address` that takes it back, none when nothing does."""

    sentence: str
    undo_address: str = ""
    undo: tuple[tuple[str, str], ...] = ()


def give_receipt(request: PageRequest, receipt: Receipt) -> None:
    """This function will keep a receipt for the next page that is shown to whoever did it."""
    request.session[_KEY] = {"sentence": receipt.sentence, "undo_address": receipt.undo_address, "undo": receipt.undo}


def receipt_waits(request: PageRequest) -> bool:
    """This function will tell whether whoever asks has just done something, and has not been told yet."""
    return _KEY in request.session


def receipt_of(request: PageRequest) -> Receipt | None:
    """This function will take out the receipt that waits, if there is one: it is shown once."""
    kept = request.session.pop(_KEY, None)
    if kept is None:
        return None
    return Receipt(kept["sentence"], kept["undo_address"], tuple((name, value) for name, value in kept["undo"]))
