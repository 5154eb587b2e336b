"""
Gateways that fail in seven ways, over HTTP, SMTP and SMPP: what became of each message is never told wrong (F8, F15).

About 100 sends of each in `make test`, 1,000 in the long run. Seeds and counts are printed.
"""

from __future__ import annotations

import itertools
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from fjorten.messages.channels.interface import Channel, Outcome, Parcel, Patience
from fjorten.messages.channels.smpp import Smpp
from tests.counterparties.misbehaviour import Misbehaviour, by_chance
from tests.counterparties.rigs import PATIENT, RIGS, Rig

pytestmark = pytest.mark.faults

SENDS = 1000 if os.environ.get("FJORTEN_LONG_RUN") == "1" else 20
AT_ONCE = 8
SEED = int(os.environ.get("FJORTEN_SEED", "20260310"))

# Each of the seven with its two sides where it has two: taken all the same, or left.
SEVEN = {
    "no answer": (Misbehaviour.TAKEN_SILENT, Misbehaviour.LEFT_SILENT),
    "server error": (Misbehaviour.TAKEN_SERVER_ERROR, Misbehaviour.LEFT_SERVER_ERROR),
    "garbled": (Misbehaviour.TAKEN_GARBLED, Misbehaviour.LEFT_GARBLED),
    "cut": (Misbehaviour.TAKEN_CUT, Misbehaviour.LEFT_CUT),
    "throttled": (Misbehaviour.LEFT_THROTTLED,),
    "error inside": (Misbehaviour.LEFT_ERROR_INSIDE, Misbehaviour.LEFT_NUMBER_ERROR),
    "slow": (Misbehaviour.SLOW, Misbehaviour.BEHAVES),
}
PROTOCOLS = ("sveve", "smtp", "smpp")
# Short enough for a thousand answers that never come.
SHORT = Patience(connect_seconds=10, read_seconds=0.4, whole_answer_seconds=1)


@pytest.mark.parametrize("fault", SEVEN)
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_became_of_every_message_is_told_right(protocol: str, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    patience = SHORT if fault == "no answer" else PATIENT
    with RIGS[protocol](by_chance(SEED, SEVEN[fault]), patience) as rig:
        told = hand_over_many(rig, SENDS, patience)
        taken = Counter(rig.times_taken(parcel) for parcel, _ in told)
        outcomes = Counter(outcome for _, outcome in told)
        wrong = [parcel.key for parcel, outcome in told if not fits(outcome, rig.times_taken(parcel))]
    with capsys.disabled():
        counts = ", ".join(f"{outcome} {outcomes[outcome]}" for outcome in Outcome if outcomes[outcome])
        print(
            f"\n{protocol}, {fault}: seed {SEED}, {len(told)} sends, taken {taken[1]}, left {taken[0]}; {counts}; told wrong {len(wrong)}"
        )
    assert wrong == []
    assert len(told) == SENDS
    assert set(taken) <= {0, 1}
    if fault == "slow":
        assert outcomes == {Outcome.ACCEPTED: SENDS}
    if fault in ("throttled", "error inside"):
        assert outcomes[Outcome.UNCERTAIN] == 0


def fits(outcome: Outcome, times: int) -> bool:
    """ACCEPTED is taken once; REFUSED and NOT_SENT never; UNCERTAIN may be either, but not more than once."""
    return {Outcome.ACCEPTED: times == 1, Outcome.REFUSED: times == 0, Outcome.NOT_SENT: times == 0, Outcome.UNCERTAIN: times <= 1}[outcome]


def hand_over_many(rig: Rig, sends: int, patience: Patience) -> list[tuple[Parcel, Outcome]]:
    parcels = [rig.parcel() for _ in range(sends)]
    # A connection to a message centre is for one thread at a time; each thread has its own.
    channels = [channel_like(rig, patience) for _ in range(AT_ONCE)]
    shares = [list(itertools.islice(parcels, start, None, AT_ONCE)) for start in range(AT_ONCE)]
    with ThreadPoolExecutor(AT_ONCE) as together:
        told = list(together.map(hand_over_all, channels, shares))
    for channel in channels:
        if isinstance(channel, Smpp):
            channel.close()
    return [one for share in told for one in share]


def hand_over_all(channel: Channel, parcels: list[Parcel]) -> list[tuple[Parcel, Outcome]]:
    return [(parcel, channel.hand_over(parcel).outcome) for parcel in parcels]


def channel_like(rig: Rig, patience: Patience) -> Channel:
    if not isinstance(rig.channel, Smpp):
        return rig.channel
    return Smpp("127.0.0.1", rig.stand_in.port, user="b", password=lambda: "hemmelig", sender="F", keep=rig.heard.append, patience=patience)


@pytest.mark.parametrize("protocol", RIGS)
def test_whatever_the_counterparty_does_the_outcome_fits_what_it_took(protocol: str, capsys: pytest.CaptureFixture[str]) -> None:
    with RIGS[protocol](by_chance(SEED + 1), SHORT) as rig:
        told = hand_over_many(rig, SENDS, SHORT)
        wrong = [parcel for parcel, outcome in told if not fits(outcome, rig.times_taken(parcel))]
        certain = sum(outcome is not Outcome.UNCERTAIN for _, outcome in told)
    with capsys.disabled():
        print(f"\n{protocol}, everything by chance: seed {SEED + 1}, {len(told)} sends, {certain} certain; told wrong {len(wrong)}")
    assert wrong == []
    assert certain > 0
