"""What a gateway tells over a connection it keeps open: receipts, and messages from families."""

from typing import TYPE_CHECKING

from fjorten.cli.edge import now

if TYPE_CHECKING:
    from fjorten.messages.channels.interface import Heard


class ReceiptCameFirst(Exception):
    """A receipt of a message nobody knows came while a message was being handed over: whoever tells it is to come again."""


def keep_heard(heard: "Heard") -> None:
    """
    Keep a receipt, or a message from a family, where it belongs; the gateway is told that we have it only when this returns.

    A receipt of a message nobody knows is let go: it is of another system with the same account. Not while a message is on its way in,
    though: then it may be that one's, heard before the answer to it is written down, and ReceiptCameFirst asks for it again.
    """
    from fjorten.kernel.times import oslo_date
    from fjorten.messages.actions.incoming import take_incoming
    from fjorten.messages.actions.receipts import take_receipt
    from fjorten.messages.channels.interface import Receipt
    from fjorten.messages.queries import is_handing_over, municipality_heard_about
    from fjorten.nightly.actions import JOB
    from fjorten.organisation.responsibility import staff_on
    from fjorten.organisation.wall import over_all, within

    at = now()
    with over_all("a gateway several municipalities share does not say whose it is"):
        municipality = municipality_heard_about(gateway="smpp", heard=heard)
        came_first = municipality is None and isinstance(heard, Receipt) and is_handing_over(gateway="smpp")
    if came_first:
        raise ReceiptCameFirst
    if municipality is None:
        return
    with within(municipality):
        if isinstance(heard, Receipt):
            staff = staff_on(municipality=municipality, on=oslo_date(at))
            take_receipt(municipality=municipality, gateway="smpp", receipt=heard, staff=staff, by=JOB, at=at)
        else:
            take_incoming(municipality=municipality, gateway="smpp", heard=heard, by=JOB, at=at)
