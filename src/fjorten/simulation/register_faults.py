"""How the stand-in register misbehaves: which faults, how often and in which order, the same for the same seed."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Fault(StrEnum):
    """What can go wrong with one answer. Each is something a client has to survive without losing or repeating a row."""

    THROTTLED = "throttled"  # 429 with Retry-After
    BROKEN = "broken"  # 500
    UNAVAILABLE = "unavailable"  # 503 with Retry-After
    SLOW = "slow"  # the right answer, after a while
    CUT = "cut"  # the connection closes in the middle of the answer
    TRUNCATED = "truncated"  # half the JSON, as if it were all
    REPEATED = "repeated"  # the feed page given last, once more; elsewhere the right answer


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPlan:
    """
    The stand-in's behaviour. By default it has none of these ways.

    `script` is for the first requests, one each (None: a right answer); after it every fault comes with its `chances` (0 to 1), by `seed`.
    At most `most_in_a_row` bad answers come after one another, so that whoever tries again always gets through.

    `kept_from` is the first sequence number still there: older ones give 406. `withdrawn_documents` give 400, `lost_documents` 404, and a
    bulk look-up with one of `refused_numbers` 400. An extract is ready after `not_ready_answers` answers of 404. `names_documents` tells
    whether the bulk look-up of archived documents says which is which; the documented schema does not. `retry_after` are the headers in
    turn.
    """

    seed: int = 0
    script: tuple[Fault | None, ...] = ()
    chances: Mapping[Fault, float] = field(default_factory=lambda: MappingProxyType({}))
    most_in_a_row: int = 3
    kept_from: int = 1
    withdrawn_documents: frozenset[str] = frozenset()
    lost_documents: frozenset[str] = frozenset()
    refused_numbers: frozenset[str] = frozenset()
    not_ready_answers: int = 0
    names_documents: bool = True
    retry_after: tuple[str, ...] = ("1",)
    slow_seconds: float = 0.2


class FaultSequence:
    """The faults of a plan, one request after another, from any thread."""

    def __init__(self, plan: FaultPlan) -> None:
        self._plan: Final = plan
        # Only the order of requests decides, so a client that asks in the same order meets the same faults.
        self._random: Final = random.Random(plan.seed)
        self._lock: Final = threading.Lock()
        self._requests = 0
        self._in_a_row = 0
        self._waits = 0

    def next_fault(self) -> Fault | None:
        """This function will tell what goes wrong with the next request, None for nothing."""
        with self._lock:
            fault = self._drawn()
            self._requests += 1
            self._in_a_row = self._in_a_row + 1 if fault is not None else 0
            return fault

    def next_retry_after(self) -> str:
        """This function will give the next Retry-After header, going round."""
        with self._lock:
            self._waits += 1
            return self._plan.retry_after[(self._waits - 1) % len(self._plan.retry_after)]

    def _drawn(self) -> Fault | None:
        if self._requests < len(self._plan.script):
            return self._plan.script[self._requests]
        drawn = self._random.random()
        if self._in_a_row >= self._plan.most_in_a_row:
            return None
        for fault, chance in self._plan.chances.items():
            if drawn < chance:
                return fault
            drawn -= chance
        return None
