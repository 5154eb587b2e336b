"""Each channel wired to its stand-in, so that a test can be written once for all of them."""

from __future__ import annotations

import itertools
import ssl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fjorten.messages.channels.interface import Attachment, Channel, Heard, Parcel, Patience
from fjorten.messages.channels.pswincom import PSWinCom
from fjorten.messages.channels.smpp import Smpp
from fjorten.messages.channels.smtp import Smtp
from fjorten.messages.channels.svarut import SvarUt
from fjorten.messages.channels.sveve import Sveve
from fjorten.messages.postal_addresses import PostalAddress
from tests.counterparties import message_centre, pswincom, svarut, sveve
from tests.counterparties.certificates import certificate_and_key
from tests.counterparties.mail import MailStandIn
from tests.counterparties.message_centre import MessageCentreStandIn
from tests.counterparties.misbehaviour import BEHAVING, Misbehaviour, Plan
from tests.counterparties.pswincom import PSWinComStandIn
from tests.counterparties.svarut import ACCOUNT, SvarUtStandIn
from tests.counterparties.sveve import SveveStandIn

TEXT = "Fjordvik kommune: Alexander har time torsdag 24. september kl. 09.30."
# As long as it takes: a machine that does other things may keep a counterparty waiting for seconds, and that is no misbehaviour.
PATIENT = Patience(connect_seconds=60, read_seconds=60, whole_answer_seconds=120)
IMPATIENT = Patience(connect_seconds=60, read_seconds=0.5, whole_answer_seconds=1)
ADDRESS = PostalAddress(name="Mor Prøve", lines=("Prøveveien 1",), postcode="9999", place="Prøvestad")


@dataclass
class Rig:
    """A channel and the counterparty behind it. `key_in_book` is what the counterparty can tell a parcel by: our key, or the number."""

    channel: Channel
    stand_in: Any
    key_in_book: Callable[[Parcel], str]
    address_of: Callable[[int], str]
    heard: list[Heard] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def parcel(self, **fields: Any) -> Parcel:
        """A message of its own, to a number of its own."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "key": f"prove-{number}",
            "to": self.address_of(number),
            "title": "Time til Alexander",
            "body": TEXT,
            "language": "nb",
            "postal": ADDRESS,
        }
        if isinstance(self.channel, SvarUt):
            values["attachments"] = (Attachment(file_name="brev.pdf", mime_type="application/pdf", content=b"%PDF-1.7 " + TEXT.encode()),)
        return Parcel(**(values | fields))

    def times_taken(self, parcel: Parcel) -> int:
        """How often the counterparty really took it."""
        return int(self.stand_in.book.times()[self.key_in_book(parcel)])


def patience_with(behaviour: Misbehaviour) -> Patience:
    """Short only with one from whom no answer comes."""
    return IMPATIENT if behaviour.is_silent else PATIENT


def _number(place: int) -> str:
    return f"+470000{place:04d}" if place < 10_000 else f"+47000{place:06d}"


@contextmanager
def sveve_rig(plan: Plan = BEHAVING, patience: Patience = PATIENT) -> Iterator[Rig]:
    with SveveStandIn(plan) as stand_in:
        channel = Sveve(stand_in.address, user="bruker", password=lambda: sveve.PASSWORD, sender="Fjordvik", patience=patience)
        yield Rig(channel, stand_in, lambda parcel: parcel.key, _number)


@contextmanager
def pswincom_rig(plan: Plan = BEHAVING, patience: Patience = PATIENT) -> Iterator[Rig]:
    with PSWinComStandIn(plan) as stand_in:
        channel = PSWinCom(stand_in.address, user="bruker", password=lambda: pswincom.PASSWORD, sender="Fjordvik", patience=patience)
        yield Rig(channel, stand_in, lambda parcel: parcel.to.removeprefix("+"), _number)


@contextmanager
def svarut_rig(plan: Plan = BEHAVING, patience: Patience = PATIENT) -> Iterator[Rig]:
    certificate, key = certificate_and_key()
    with SvarUtStandIn(certificate, key, plan) as stand_in:
        channel = SvarUt(
            stand_in.address,
            account=ACCOUNT,
            user="bruker",
            password=lambda: svarut.PASSWORD,
            certificate=certificate.public_bytes(Encoding.PEM),
            patience=patience,
        )
        yield Rig(channel, stand_in, lambda parcel: parcel.key, lambda place: f"018190{place:05d}")


@contextmanager
def smtp_rig(plan: Plan = BEHAVING, patience: Patience = PATIENT) -> Iterator[Rig]:
    with MailStandIn(plan, tls=server_tls()) as stand_in:
        channel = Smtp(
            "127.0.0.1",
            stand_in.port,
            sender="helsestasjon@fjordvik.example",
            sender_name="Fjordvik kommune",
            sent_at_seconds=lambda: 1_773_000_000,
            tls=client_tls(),
            patience=patience,
        )
        yield Rig(channel, stand_in, lambda parcel: parcel.key, lambda place: f"mor{place}@prove.example")


@contextmanager
def smpp_rig(plan: Plan = BEHAVING, patience: Patience = PATIENT) -> Iterator[Rig]:
    heard: list[Heard] = []
    with MessageCentreStandIn(plan) as stand_in:
        channel = Smpp(
            "127.0.0.1",
            stand_in.port,
            user="bruker",
            password=lambda: message_centre.PASSWORD,
            sender="Fjordvik",
            keep=heard.append,
            patience=patience,
        )
        yield Rig(channel, stand_in, lambda parcel: parcel.to.removeprefix("+"), _number, heard)
        channel.close()


RIGS = {"sveve": sveve_rig, "pswincom": pswincom_rig, "svarut": svarut_rig, "smtp": smtp_rig, "smpp": smpp_rig}


def server_tls() -> ssl.SSLContext:
    """TLS as the mail server has it."""
    certificate, key = certificate_and_key()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        Path(file.name).write_bytes(pem)
        context.load_cert_chain(file.name)
    return context


def client_tls() -> ssl.SSLContext:
    """TLS that trusts the tests' own certificate and no other."""
    certificate, _ = certificate_and_key()
    return ssl.create_default_context(cadata=certificate.public_bytes(Encoding.PEM).decode())
