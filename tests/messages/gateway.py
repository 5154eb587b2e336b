"""
A gateway that answers as it is told, and keeps a book of what it was handed and what it took.

    gateway = Gateway(Handover.uncertain(Reason.NO_ANSWER), Handover.accepted(reference="17"))

When it has nothing more to say it accepts, with references "1", "2", and so on. One that takes keys takes each key once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from fjorten.messages.channels.interface import Delivery, Handover, Outcome, Parcel, Receipt


@dataclass
class Gateway:
    answers: list[Handover] = field(default_factory=list)
    name: str = "prøve"
    takes_keys: bool = False
    can_be_asked: bool = False
    handed: list[Parcel] = field(default_factory=list)
    taken: list[Parcel] = field(default_factory=list)
    told_when_asked: dict[str, Delivery] = field(default_factory=dict)
    meanwhile: Callable[[Parcel], None] = lambda parcel: None

    def hand_over(self, parcel: Parcel) -> Handover:
        self.handed.append(parcel)
        self.meanwhile(parcel)
        answer = self.answers.pop(0) if self.answers else Handover.accepted(reference=str(len(self.handed)))
        knows_it = self.takes_keys and any(one.key == parcel.key for one in self.taken)
        # An uncertain one was taken: the answer is what was lost. The worst case, and the one that is sent twice if anything is.
        if answer.outcome in (Outcome.ACCEPTED, Outcome.UNCERTAIN) and not knows_it:
            self.taken.append(parcel)
        return answer

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        delivery = self.told_when_asked.get(key)
        return None if delivery is None else Receipt(delivery=delivery, key=key)

    def times(self) -> Counter[str]:
        """How often each number was really sent each text."""
        return Counter(f"{one.to} {one.body}" for one in self.taken)
