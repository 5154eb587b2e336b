"""What a counterparty may do to us, and the book it keeps of what it really took."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Misbehaviour(StrEnum):
    """One way to answer. The first word says whether the message was taken before things went wrong."""

    BEHAVES = "taken"
    SLOW = "taken_slow"
    TAKEN_SILENT = "taken_silent"
    TAKEN_CUT = "taken_cut"
    TAKEN_GARBLED = "taken_garbled"
    TAKEN_SERVER_ERROR = "taken_server_error"
    LEFT_SILENT = "left_silent"
    LEFT_CUT = "left_cut"
    LEFT_GARBLED = "left_garbled"
    LEFT_SERVER_ERROR = "left_server_error"
    LEFT_THROTTLED = "left_throttled"
    LEFT_ERROR_INSIDE = "left_error_inside"
    LEFT_NUMBER_ERROR = "left_number_error"

    @property
    def takes(self) -> bool:
        """Whether the message is taken all the same."""
        return self.value.startswith("taken")

    @property
    def is_silent(self) -> bool:
        """Whether no answer ever comes."""
        return self.value.endswith("silent")


Plan = Callable[[str], Misbehaviour]


def always(behaviour: Misbehaviour) -> Plan:
    """Do the same to everybody."""
    return lambda key: behaviour


BEHAVING: Plan = always(Misbehaviour.BEHAVES)


def by_chance(seed: int, among: Sequence[Misbehaviour] = tuple(Misbehaviour)) -> Plan:
    """Do something else each time, the same for the same key and seed however the calls fall in time; a second try gets another draw."""
    tries: Counter[str] = Counter()
    lock = threading.Lock()

    def draw(key: str) -> Misbehaviour:
        with lock:
            tries[key] += 1
            number = tries[key]
        return random.Random(f"{seed}|{key}|{number}").choice(among)

    return draw


@dataclass(frozen=True)
class Taken:
    """One message that was taken: our key or the number, the reference it was given, who it is to and what it says."""

    key: str
    reference: str
    to: str
    text: str


class Book:
    """What a counterparty really took. `times` tells how often for each key; more than once is a message sent twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.taken: list[Taken] = []
        self.asked: list[str] = []
        self.passwords: list[str] = []

    def enter(self, *, key: str, to: str, text: str) -> str:
        """Take a message, and give it a reference."""
        with self._lock:
            reference = f"{len(self.taken) + 1000}"
            self.taken.append(Taken(key, reference, to, text))
            return reference

    def was_asked(self, key: str) -> None:
        """Note that a message arrived, taken or not."""
        with self._lock:
            self.asked.append(key)

    def times(self) -> Counter[str]:
        """How often each key was taken."""
        with self._lock:
            return Counter(one.key for one in self.taken)


def told_of(book: Book, *, seed: int, absent: float = 0.1, doubled: float = 0.2) -> list[Taken]:
    """Choose what receipts are sent for, as a bad night would: some absent, some doubled, none in order."""
    chance = random.Random(seed)
    told = [one for one in book.taken if chance.random() >= absent]
    told += [one for one in told if chance.random() < doubled]
    chance.shuffle(told)
    return told
