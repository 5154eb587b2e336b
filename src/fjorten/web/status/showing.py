"""How a municipality's fjorten stands, read for one page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fjorten.ledger.balance import Counts
from fjorten.ledger.snapshots import latest_counts
from fjorten.messages.models import OutboxState, Way
from fjorten.messages.queries import (
    GatewayStanding,
    Waiting,
    gateways_standing,
    messages_by_state,
    uncertain_messages,
    waiting_to_be_sent,
)
from fjorten.nightly.installation import Installation, installation
from fjorten.nightly.models import Run
from fjorten.nightly.queries import LastBalanced, last_balanced, newest_run, status_of, troubles_of
from fjorten.nightly.standing import Alarm
from fjorten.organisation.models import Municipality
from fjorten.registers.queries import FeedStanding, feed_standing


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page is made of. Counts and instants only: nothing about any child."""

    alarms: Sequence[Alarm]
    run: Run | None
    troubles: Mapping[str, Mapping[str, int]]
    balanced: LastBalanced | None
    counts: Counts | None
    feed: FeedStanding
    outbox: Sequence[tuple[OutboxState, Way, int]]
    waiting: Sequence[Waiting]
    gateways: Sequence[GatewayStanding]
    uncertain: int
    installation: Installation


def standing(municipality: Municipality, *, at: datetime) -> Standing:
    """This function will read how a municipality's fjorten stands, in a number of questions that grows with nothing but the gateways."""
    run = newest_run(municipality=municipality, at=at)
    return Standing(
        alarms=status_of(municipality=municipality, at=at),
        run=run,
        troubles=troubles_of(run) if run else {},
        balanced=last_balanced(municipality=municipality, at=at),
        counts=latest_counts(municipality=municipality),
        feed=feed_standing(municipality=municipality),
        outbox=messages_by_state(municipality=municipality),
        waiting=waiting_to_be_sent(municipality=municipality, at=at),
        gateways=gateways_standing(at=at),
        uncertain=uncertain_messages(municipality=municipality),
        installation=installation(),
    )
