"""
When a gateway is left alone: five tries in a row of which nobody knows the outcome, and no more are made until some minutes have passed.

Every one of them may have been sent, so each is a person's work to find out about; what has not been tried waits in the queue. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fjorten.messages.channels.interface import Channel, Handover, Outcome, Parcel, Receipt
from fjorten.messages.outbox import try_again_at

# As many uncertain tries in a row as are made before a gateway is left alone [default].
IN_A_ROW: Final = 5


@dataclass(frozen=True, slots=True)
class Silence:
    """How many of a gateway's last tries, one after the other, ended with nobody knowing; and when the last of them did, if any."""

    in_a_row: int = 0
    last_at: datetime | None = None


def tries_left(silence: Silence, *, at: datetime) -> int:
    """
    This function will tell how many more uncertain tries in a row a gateway is given at an instant; 0 while it is left alone.

    After five it is left alone for 2 minutes, and then one try shows whether it answers again: after each that does not the wait is longer,
    5, 15 and then 60 minutes, as between the tries of one message [default].
    """
    if silence.in_a_row < IN_A_ROW or silence.last_at is None:
        return IN_A_ROW - min(silence.in_a_row, IN_A_ROW - 1)
    return 1 if at >= try_again_at(silence.last_at, tries=silence.in_a_row - IN_A_ROW + 1) else 0


class UntilSilent:
    """A channel that counts the uncertain tries in a row; what it is handed goes on to the channel itself."""

    def __init__(self, channel: Channel, *, tries: int) -> None:
        """`tries`: as many uncertain ones in a row as it is given (`tries_left`)."""
        self.name: Final = channel.name
        self.takes_keys: Final = channel.takes_keys
        self.can_be_asked: Final = channel.can_be_asked
        self._channel: Final = channel
        self._left = tries

    @property
    def is_left_alone(self) -> bool:
        """Whether nothing more is handed to it this round."""
        return self._left <= 0

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will hand a parcel on, see `Channel.hand_over`."""
        self._left -= 1  # one that raises is not known of either
        handover = self._channel.hand_over(parcel)
        if handover.outcome is not Outcome.UNCERTAIN:
            self._left = IN_A_ROW
        return handover

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """This function will ask the channel, see `Channel.ask`."""
        return self._channel.ask(key=key, reference=reference)
