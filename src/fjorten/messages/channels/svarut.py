"""
Letters through KS SvarUt, REST version 2: a digital mailbox where the recipient has one, else paper.

Source: the OpenAPI descriptions of the sending, status and external-reference interfaces, version 2, in the client that KS publishes
[source]. What each status is worth as having been told is messages.md [default].
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options
from cryptography.x509 import load_pem_x509_certificate

from fjorten.messages.channels.http import HttpGateway, not_taken
from fjorten.messages.channels.interface import Attachment, Delivery, Handover, Parcel, Patience, Reason, Receipt

LONGEST_TITLE: Final = 1000  # [source]
_NATIONAL_NUMBER: Final = re.compile(r"[0-9]{11}")
_STATUSES: Final = {
    "MOTTATT": Delivery.PENDING,
    "AKSEPTERT": Delivery.PENDING,
    "AVVIST": Delivery.FAILED,
    "VARSLET": Delivery.PENDING,
    "LEST": Delivery.DELIVERED,
    "SENDT_PRINT": Delivery.PENDING,
    "PRINTET": Delivery.POSTED,
    # Somebody has seen to it by hand outside SvarUt, and how is not told: it stays open, so that a person finds out. [default]
    "MANUELT_HANDTERT": Delivery.PENDING,
    "SENDT_DIGITALT": Delivery.PENDING,
    "SENDT_SDP": Delivery.PENDING,
    "LEVERT_SDP": Delivery.DELIVERED,
    "KLAR_FOR_MOTTAK": Delivery.PENDING,
    "IKKE_LEVERT": Delivery.FAILED,
}


class SvarUt:
    """
    One shipment for each letter, with our key as its external reference, by which it can be found again.

    It does not honour keys: the same reference twice is two letters. So an uncertain one is asked about first. Documents are readable only
    after signing in at level 4, which demands that they are encrypted for SvarUt's certificate before they leave the house [source].
    """

    name = "svarut"
    takes_keys = False
    can_be_asked = True

    def __init__(
        self,
        address: str,
        *,
        account: str,
        user: str,
        password: Callable[[], str],
        certificate: bytes,
        patience: Patience = Patience(),  # noqa: B008 - frozen
        elapsed_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`certificate` is SvarUt's own, as PEM; ValueError when it is none. `account` is the id of the municipality's account there."""
        self._gateway: Final = HttpGateway(address, patience=patience, elapsed_seconds=elapsed_seconds)
        self._shipments: Final = f"/v2/kontoer/{account}/forsendelser"
        self._user: Final = user
        self._password: Final = password
        self._certificate: Final = load_pem_x509_certificate(certificate)

    def hand_over(self, parcel: Parcel) -> Handover:
        """This function will send one letter, see `Channel.hand_over`. It has at least one attachment, and all of them are PDF."""
        if parcel.postal is None or _NATIONAL_NUMBER.fullmatch(parcel.to) is None:
            return Handover.refused(Reason.ADDRESS_INVALID)
        if not _can_be_printed(parcel):
            return Handover.refused(Reason.CONTENT_NOT_ACCEPTED, f"{len(parcel.attachments)} dokumenter")
        files: list[tuple[str, tuple[str | None, bytes, str]]] = [
            ("forsendelse", (None, json.dumps(_shipment(parcel), ensure_ascii=False).encode(), "application/json"))
        ]
        files += [("filer", (file.file_name, self._encrypted(file), "application/octet-stream")) for file in parcel.attachments]
        answer = self._gateway.ask("POST", self._shipments, files=files, auth=self._auth())
        if isinstance(answer, Handover):
            return answer
        if answer.status != 200:
            return not_taken(answer)
        identifier = answer.json().get("id")
        return Handover.accepted(reference=identifier) if isinstance(identifier, str) and identifier else _garbled()

    def ask(self, *, key: str, reference: str = "") -> Receipt | None:
        """
        This function will ask what became of a letter, see `Channel.ask`.

        Ask for an uncertain one after some minutes: a letter on its way in may not be found by its key yet [default].
        """
        found = (reference,) if reference else self._found(key)
        if found is None:
            return None
        if not found:
            return Receipt(delivery=Delivery.UNKNOWN, key=key)
        answer = self._gateway.ask("POST", f"{self._shipments}/status-sok", json={"forsendelseIds": list(found)}, auth=self._auth())
        statuses = None if isinstance(answer, Handover) or answer.status != 200 else answer.json().get("statuser")
        if not isinstance(statuses, list):
            return None
        # Several under one key would be the same letter sent twice, by hand perhaps: the one that came furthest tells.
        receipts = [receipt for status in statuses if (receipt := _receipt_of(status, found, key)) is not None]
        order = list(Delivery)
        return min(receipts, key=lambda receipt: order.index(receipt.delivery), default=Receipt(delivery=Delivery.UNKNOWN, key=key))

    def close(self) -> None:
        """This function will close the connections."""
        self._gateway.close()

    def _found(self, key: str) -> tuple[str, ...] | None:
        answer = self._gateway.ask("GET", self._shipments, params={"eksternRef": key}, auth=self._auth())
        ids = None if isinstance(answer, Handover) or answer.status != 200 else answer.json().get("forsendelseIds")
        if not isinstance(ids, list) or not all(isinstance(identifier, str) for identifier in ids):
            return None
        return tuple(ids)

    def _auth(self) -> tuple[str, str]:
        return self._user, self._password()

    def _encrypted(self, file: Attachment) -> bytes:
        builder = PKCS7EnvelopeBuilder().set_data(file.content).add_recipient(self._certificate)
        return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])


def _can_be_printed(parcel: Parcel) -> bool:
    names = {file.file_name for file in parcel.attachments}
    return (
        0 < len(parcel.title) <= LONGEST_TITLE
        and bool(names)
        and len(names) == len(parcel.attachments)
        and all(file.mime_type == "application/pdf" and not set(file.file_name) & set('*:"\\/<>|?') for file in parcel.attachments)
    )


def _shipment(parcel: Parcel) -> dict[str, object]:
    assert parcel.postal is not None
    lines = dict(zip(("adresselinje1", "adresselinje2", "adresselinje3"), parcel.postal.lines, strict=False))
    return {
        "tittel": parcel.title,
        "mottaker": {
            "navn": parcel.postal.name,
            "digitalId": parcel.to,
            **lines,
            "postnummer": parcel.postal.postcode,
            "poststed": parcel.postal.place,
            "land": parcel.postal.country or "Norge",
        },
        "dokumenter": [
            {"filnavn": file.file_name, "mimeType": file.mime_type, "inneholderPersonsensitivInformasjon": True}
            for file in parcel.attachments
        ],
        "avgivendeSystem": "fjorten",
        "eksternReferanse": parcel.key,
        "kryptert": True,
        "krevNiva4Innlogging": True,
        "taushetsbelagtPost": True,
        "kunDigitalLevering": False,
        "utskriftskonfigurasjon": {"utskriftMedFarger": False, "tosidig": True},
    }


def _receipt_of(status: object, asked: tuple[str, ...], key: str) -> Receipt | None:
    if not isinstance(status, dict) or status.get("id") not in asked or not isinstance(status.get("status"), str):
        return None
    word = status["status"]
    # A status that is new to us means that they have it, and nothing more.
    return Receipt(delivery=_STATUSES.get(word, Delivery.PENDING), reference=status["id"], key=key, at=_time_in(status), detail=word[:40])


def _time_in(status: dict[str, object]) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(status.get("sisteStatusEndring")))
    except ValueError:
        return None
    return at if at.tzinfo is not None else None


def _garbled() -> Handover:
    return Handover.uncertain(Reason.ANSWER_GARBLED)
