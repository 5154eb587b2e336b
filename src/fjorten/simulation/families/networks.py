"""
The telephone network between a clinic and its families, inside the process: it takes messages, loses some, and says so later.

A channel as the outbox knows them. It answers by the number, never by who is behind it; what families write comes with its news.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from fjorten.messages.channels.interface import Delivery, Handover, Incoming, Parcel, Reason, Receipt
from fjorten.messages.sms_parts import sms_parts
from fjorten.simulation.families.answering import answer_to
from fjorten.simulation.families.habits import Habits
from fjorten.simulation.families.household import Line

# How often the network fails us [default].
IS_UNCERTAIN = 0.002  # no answer: it may have the message or not
IS_NOT_SENT = 0.003  # out of order for a moment
HAS_NO_RECEIPT = 0.005
IS_REFUSED_AT_ONCE = 0.6  # of messages to a dead number; the others fail later


@dataclass(slots=True)
class SmsNetwork:
    """A gateway without keys. `line_of` tells what a number leads to."""

    seed: int
    habits: Habits
    line_of: Callable[[str], Line]
    handed_over: int = 0
    _waiting: list[tuple[str, Parcel]] = field(default_factory=list)

    name = "oppdiktet-sms"
    takes_keys = False
    can_be_asked = False

    def hand_over(self, parcel: Parcel) -> Handover:
        """Take a message, or fail to, see `Channel.hand_over`."""
        self.handed_over += 1
        reference = f"{self.seed}-{self.handed_over}"
        rng = Random(f"sms/{reference}")
        chance = rng.random()
        if chance < IS_NOT_SENT:
            return Handover.not_sent(Reason.OUT_OF_ORDER)
        if self.line_of(parcel.to) is Line.DEAD and rng.random() < IS_REFUSED_AT_ONCE:
            return Handover.refused(Reason.ADDRESS_INVALID)
        self._waiting.append((reference, parcel))
        if chance < IS_NOT_SENT + IS_UNCERTAIN:
            return Handover.uncertain(Reason.NO_ANSWER)
        return Handover.accepted(reference=reference, parts=sms_parts(parcel.body).parts)

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """Answer nothing: this gateway cannot be asked."""
        return None

    def news(self) -> list[Receipt | Incoming]:
        """This function will tell what has come of everything taken since the last time: receipts, and what families answer."""
        waiting, self._waiting = self._waiting, []
        told: list[Receipt | Incoming] = []
        for reference, parcel in waiting:
            rng = Random(f"news/{reference}")
            line = self.line_of(parcel.to)
            is_delivered = line is not Line.DEAD
            if rng.random() >= HAS_NO_RECEIPT:
                told.append(Receipt(delivery=Delivery.DELIVERED if is_delivered else Delivery.FAILED, reference=reference, key=parcel.key))
            text = answer_to(rng, parcel.body, self.habits, is_for_them=line is Line.WORKS) if is_delivered else ""
            if text:
                told.append(Incoming(reference=f"in-{reference}", from_number=parcel.to, text=text, answers=reference))
        return told
