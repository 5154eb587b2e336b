"""
What every channel promises the outbox: it is handed a parcel, and says what became of it.

The one thing that matters is never to be wrong about whether the gateway took the message. ACCEPTED, REFUSED and NOT_SENT are only said
when the gateway itself said so, or when nothing can have reached it; everything else is UNCERTAIN, and is settled by a receipt, by asking,
or by a person, never by sending again to a gateway that does not honour keys.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, Self, runtime_checkable

from fjorten.messages.postal_addresses import PostalAddress

# What the narrowest gateway takes as our own reference: 36 characters [source: Sveve's documentation of `ref`].
_KEY: Final = re.compile(r"[A-Za-z0-9_\-]{1,36}")
LONGEST_DETAIL: Final = 120


class Outcome(StrEnum):
    """What became of one try to hand a message over."""

    ACCEPTED = "accepted"  # the gateway has it
    REFUSED = "refused"  # the gateway will never deliver this one; trying again gives the same
    NOT_SENT = "not_sent"  # the gateway does not have it; another try may go better
    UNCERTAIN = "uncertain"  # it may have it, or not


class Reason(StrEnum):
    """Why a message was not simply accepted."""

    ADDRESS_INVALID = "address_invalid"
    ADDRESS_BLOCKED = "address_blocked"
    CONTENT_NOT_ACCEPTED = "content_not_accepted"
    KEY_USED_FOR_ANOTHER = "key_used_for_another"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not_trusted"
    ACCESS_REFUSED = "access_refused"
    NO_CREDIT = "no_credit"
    THROTTLED = "throttled"
    GATEWAY_NOT_THERE = "gateway_not_there"
    OUT_OF_ORDER = "out_of_order"
    NO_ANSWER = "no_answer"
    CONNECTION_CUT = "connection_cut"
    ANSWER_GARBLED = "answer_garbled"
    TAKEN_IN_PART = "taken_in_part"

    @property
    def sentence(self) -> str:
        """What happened, in Norwegian, for staff."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Reason.ADDRESS_INVALID: "Adressen eller nummeret kan ikke brukes.",
    Reason.ADDRESS_BLOCKED: "Mottakeren tar ikke imot meldinger herfra.",
    Reason.CONTENT_NOT_ACCEPTED: "Meldingen kan ikke sendes slik den er.",
    Reason.KEY_USED_FOR_ANOTHER: "En annen melding er allerede sendt under samme nøkkel.",
    Reason.REJECTED: "Meldingen ble avvist.",
    Reason.UNREACHABLE: "Meldingstjenesten kan ikke nås.",
    Reason.NOT_TRUSTED: "Sertifikatet til meldingstjenesten er ikke gyldig for denne maskinen.",
    Reason.ACCESS_REFUSED: "Meldingstjenesten gir oss ikke tilgang. Kontroller brukernavn, passord og avsender.",
    Reason.NO_CREDIT: "Det er ikke flere meldinger igjen på kontoen.",
    Reason.THROTTLED: "Meldingstjenesten ber oss vente.",
    Reason.GATEWAY_NOT_THERE: "Meldingstjenesten finnes ikke på adressen. Kontroller innstillingen.",
    Reason.OUT_OF_ORDER: "Meldingstjenesten har en feil.",
    Reason.NO_ANSWER: "Meldingstjenesten svarte ikke i tide.",
    Reason.CONNECTION_CUT: "Forbindelsen til meldingstjenesten ble brutt.",
    Reason.ANSWER_GARBLED: "Svaret fra meldingstjenesten kunne ikke leses.",
    Reason.TAKEN_IN_PART: "Bare en del av meldingen ble tatt imot.",
}


class KeyCannotBeCarried(ValueError):
    """A key that not every gateway can carry: it is 1 to 36 of the letters A-Z and a-z, digits, hyphen and underscore."""


class CallCannotBeRead(ValueError):
    """A gateway called us with something that is neither a receipt nor a message in its documented format. Nothing of it was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file sent along. `file_name` is shown to the reader and says nothing about anybody."""

    file_name: str
    mime_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """
    One message to one recipient. `key` is the same in every try of the same message, and is our own reference at the gateway.

    `to` is what the channel understands: a telephone number as E.164, an e-mail address, or a national number; `postal` is given where a
    letter may end on paper. What it says and to whom shows in no repr. Raises KeyCannotBeCarried.
    """

    key: str
    to: str = field(repr=False)
    title: str = field(repr=False)
    body: str = field(repr=False)
    language: str
    is_right_to_left: bool = False
    postal: PostalAddress | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        if _KEY.fullmatch(self.key) is None:
            raise KeyCannotBeCarried(f"a key of {len(self.key)} characters cannot be carried")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """
    What became of one try. `reference` is the gateway's own, of something accepted, when it gave one; `parts` how many SMS it counted.

    `detail` is for the log: codes and the gateway's own words, never a number or the text. `try_again_after_seconds` is what the gateway
    asked for, 0 when it did not say.
    """

    outcome: Outcome
    reason: Reason | None = None
    reference: str = ""
    parts: int = 0
    detail: str = ""
    try_again_after_seconds: float = 0

    @classmethod
    def accepted(cls, *, reference: str = "", parts: int = 0, detail: str = "") -> Self:
        """This function will say that the gateway has the message."""
        return cls(outcome=Outcome.ACCEPTED, reference=reference[:120], parts=parts, detail=detail)

    @classmethod
    def refused(cls, reason: Reason, detail: str = "") -> Self:
        """This function will say that the gateway will never deliver it."""
        return cls(outcome=Outcome.REFUSED, reason=reason, detail=detail)

    @classmethod
    def not_sent(cls, reason: Reason, detail: str = "", *, try_again_after_seconds: float = 0) -> Self:
        """This function will say that the gateway does not have it, and that it may be tried again."""
        return cls(outcome=Outcome.NOT_SENT, reason=reason, detail=detail, try_again_after_seconds=try_again_after_seconds)

    @classmethod
    def uncertain(cls, reason: Reason, detail: str = "") -> Self:
        """This function will say that nobody knows."""
        return cls(outcome=Outcome.UNCERTAIN, reason=reason, detail=detail)


class Delivery(StrEnum):
    """What a gateway says afterwards about a message."""

    DELIVERED = "delivered"  # it reached the recipient: told
    POSTED = "posted"  # on paper and out of the house; nobody will ever say more
    PENDING = "pending"  # the gateway has it, and it has not reached anybody yet
    FAILED = "failed"  # it will not reach the recipient
    UNKNOWN = "unknown"  # the gateway knows of no such message, or not what became of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    What a gateway says about a message it once took. It names it by its own `reference`, by our `key`, or by both; the other is "".

    `at` is when it says it happened, None when it does not tell; receipts come doubled and in any order.
    """

    delivery: Delivery
    reference: str = ""
    key: str = ""
    at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """
    A text message from a family. `reference` tells two of them apart; `answers` is the gateway's reference of the message it answers, ""
    when it does not say. Number and text show in no repr.
    """

    reference: str
    from_number: str = field(repr=False)
    text: str = field(repr=False)
    answers: str = ""


Heard = Receipt | Incoming


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a gateway: to be connected, for each piece of an answer, and for the whole of it. [default]"""

    connect_seconds: float = 10
    read_seconds: float = 30
    whole_answer_seconds: float = 60


class Channel(Protocol):
    """
    One way out of the house.

    `takes_keys`: a message handed over twice under one key is sent once, so an uncertain one may be handed over again. `can_be_asked`: the
    gateway can be asked by key what became of a message.
    """

    @property
    def name(self) -> str:
        """What the gateway is called in `Attempt.gateway`."""
        ...

    @property
    def takes_keys(self) -> bool:
        """Whether the gateway promises to honour the key."""
        ...

    @property
    def can_be_asked(self) -> bool:
        """Whether `ask` can ever answer."""
        ...

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will try once to hand a message over, and tell what became of it. It raises nothing for what a gateway may do."""
        ...

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """
        This function will ask what became of a message, by the gateway's reference when there is one, else by our key.

        UNKNOWN: the gateway has no such message. None: it cannot be asked, or not now.
        """
        ...


@runtime_checkable
class HearsCalls(Protocol):
    """A channel whose gateway calls us over HTTP with receipts and messages."""

    def heard_in(self, content: bytes) -> Sequence[Heard]:
        """This function will read one call: its query string or its body. Raises CallCannotBeRead; then answer with an error status."""
        ...

    def answer_to(self, content: bytes) -> tuple[str, bytes]:
        """This function will give the content type and body that tell the gateway the call was kept."""
        ...


def said_by(gateway: str, *, about: Parcel) -> str:
    """
    This function will make a gateway's own words fit for a log: shortened, without long numbers, and without any word of the message.

    A gateway that quotes the text or the number in its error would otherwise put it in the log.
    """
    private = {word.casefold() for word in re.findall(r"\w{2,}", f"{about.to} {about.title} {about.body}")}
    return re.sub(r"\w+", lambda found: "…" if _is_private(found[0], private) else found[0], gateway)[:LONGEST_DETAIL]


def _is_private(word: str, private: set[str]) -> bool:
    return word.casefold() in private or sum(letter.isdigit() for letter in word) >= 5
