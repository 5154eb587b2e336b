"""The stand-ins are held to the documented formats, spoken without our channels: a stand-in that is not is not trusted."""

from __future__ import annotations

import json
import re
import socket
import ssl
from typing import ClassVar
from xml.etree import ElementTree as ET

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from tests.counterparties import pswincom, svarut, sveve
from tests.counterparties.certificates import certificate_and_key
from tests.counterparties.contact_register import TOKEN, ContactRegisterStandIn
from tests.counterparties.mail import MailStandIn
from tests.counterparties.message_centre import MessageCentreStandIn
from tests.counterparties.misbehaviour import Misbehaviour, Plan, Taken, always
from tests.counterparties.rigs import server_tls


class TestSveve:
    """Source: the gateway's documentation of SendMessage, and its Python package."""

    SEND: ClassVar = {
        "user": "u",
        "passwd": sveve.PASSWORD,
        "to": "4700000001",
        "from": "Fjordvik",
        "msg": "Hei",
        "f": "json",
        "ref": "min-ref",
    }

    def asked(self, question: dict[str, object], plan: Plan = always(Misbehaviour.BEHAVES)) -> dict[str, object]:  # noqa: B008 - a function
        with sveve.SveveStandIn(plan) as stand_in:
            answer = httpx.post(f"{stand_in.address}/SMS/SendMessage", json=question, trust_env=False)
        assert answer.status_code == 200  # also on errors
        return dict(answer.json()["response"])

    def test_a_message_that_was_sent(self) -> None:
        response = self.asked(self.SEND)
        assert response["msgOkCount"] == 1
        assert response["stdSMSCount"] == 1
        assert isinstance(response["ids"], list)
        assert [type(identifier) for identifier in response["ids"]] == [int]

    def test_a_wrong_password(self) -> None:
        assert self.asked(self.SEND | {"passwd": "feil"}) == {"fatalError": "Feil brukernavn/passord"}

    def test_a_number_that_gets_no_sms(self) -> None:
        response = self.asked(self.SEND, always(Misbehaviour.LEFT_NUMBER_ERROR))
        assert response["msgOkCount"] == 0
        assert isinstance(response["errors"], list)
        assert set(response["errors"][0]) == {"number", "message"}

    def test_a_delivery_report_has_the_documented_parameters(self) -> None:
        report = httpx.QueryParams(sveve.report_of(Taken("min-ref", "42", "4700000001", "Hei")).decode())
        assert set(report) == {"number", "status", "id", "ref", "errorCode", "errorDesc"}
        assert report["status"] in {"true", "false"}


class TestPSWinCom:
    """Source: the gateway's documentation of its XML interface, with the document types of answers and reports."""

    SEND = (
        '<?xml version="1.0" encoding="iso-8859-1"?><SESSION><CLIENT>u</CLIENT><PW>{password}</PW><MSGLST><MSG><ID>1</ID><TEXT>{text}</TEXT>'
        "<RCV>4700000001</RCV><SND>26112</SND>{op}<RCPREQ>Y</RCPREQ></MSG></MSGLST></SESSION>"
    )

    def asked(
        self, stand_in: pswincom.PSWinComStandIn, text: str = "Hei på", op: str = "", password: str = pswincom.PASSWORD
    ) -> ET.Element:
        body = self.SEND.format(password=password, text=text, op=op).encode("latin-1")
        answer = httpx.post(stand_in.address, content=body, headers={"Content-Type": "text/xml"}, trust_env=False)
        assert answer.status_code == 200
        return ET.fromstring(answer.content)

    def test_a_message_that_was_sent(self) -> None:
        with pswincom.PSWinComStandIn() as stand_in:
            session = self.asked(stand_in)
            assert stand_in.book.taken[0].text == "Hei på"
        # <!ELEMENT SESSION (LOGON, REASON, MSGLST?)> <!ELEMENT MSG (ID, REF?, STATUS, INFO)>
        assert [child.tag for child in session] == ["LOGON", "REASON", "MSGLST"]
        assert [field.tag for field in session.findall("MSGLST/MSG/*")] == ["ID", "REF", "STATUS", "INFO"]
        assert session.findtext("MSGLST/MSG/STATUS") == "OK"

    def test_a_unicode_message_is_hexadecimal(self) -> None:
        with pswincom.PSWinComStandIn() as stand_in:
            self.asked(stand_in, text="04100411", op="<OP>9</OP>")
            assert stand_in.book.taken[0].text == "АБ"

    def test_a_wrong_password(self) -> None:
        with pswincom.PSWinComStandIn() as stand_in:
            assert self.asked(stand_in, password="feil").findtext("LOGON") == "FAIL"

    def test_a_delivery_report_is_of_its_document_type(self) -> None:
        listed = ET.fromstring(pswincom.report_of(Taken("", "42", "4700000001", "Hei")))
        assert listed.tag == "MSGLST"
        assert [field.tag for field in listed[0]] == ["ID", "REF", "RCV", "STATE", "DELIVERYTIME"]


class TestSvarUt:
    """Source: the OpenAPI descriptions of forsendelse-send, -status and -eksternref, version 2."""

    AUTH = ("bruker", svarut.PASSWORD)
    ROOT = f"/v2/kontoer/{svarut.ACCOUNT}/forsendelser"

    def shipment(self, **fields: object) -> dict[str, object]:
        receiver = {"navn": "Mor Prøve", "digitalId": "01819000100", "postnummer": "9999", "poststed": "Prøvestad"}
        documents = [{"filnavn": "a.pdf", "mimeType": "application/pdf"}]
        return {"tittel": "Hei", "mottaker": receiver, "dokumenter": documents, "eksternReferanse": "min-ref", "kryptert": True} | fields

    def sent(self, stand_in: svarut.SvarUtStandIn, shipment: dict[str, object], auth: tuple[str, str] = AUTH) -> httpx.Response:
        builder = PKCS7EnvelopeBuilder().set_data(b"%PDF").add_recipient(stand_in.certificate).set_content_encryption_algorithm(AES256)
        document = builder.encrypt(Encoding.DER, [PKCS7Options.Binary])
        files = [
            ("forsendelse", (None, json.dumps(shipment).encode(), "application/json")),
            ("filer", ("a.pdf", document, "application/pdf")),
        ]
        return httpx.post(stand_in.address + self.ROOT, files=files, auth=auth, trust_env=False)

    def test_a_letter_is_sent_found_and_followed(self) -> None:
        with svarut.SvarUtStandIn(*certificate_and_key()) as stand_in:
            identifier = self.sent(stand_in, self.shipment()).json()["id"]
            found = httpx.get(stand_in.address + self.ROOT, params={"eksternRef": "min-ref"}, auth=self.AUTH, trust_env=False).json()
            assert found == {"forsendelseIds": [identifier]}
            asked = {"forsendelseIds": [identifier]}
            answer = httpx.post(f"{stand_in.address}{self.ROOT}/status-sok", json=asked, auth=self.AUTH, trust_env=False).json()
            [status] = answer["statuser"]
        assert set(status) == {"id", "status", "sisteStatusEndring"}

    def test_a_reference_nobody_knows_finds_nothing(self) -> None:
        with svarut.SvarUtStandIn(*certificate_and_key()) as stand_in:
            found = httpx.get(stand_in.address + self.ROOT, params={"eksternRef": "annen"}, auth=self.AUTH, trust_env=False).json()
        assert found == {"forsendelseIds": []}

    @pytest.mark.parametrize(
        "fields",
        [
            {"tittel": ""},
            {"mottaker": {"digitalId": "01819000100"}},
            {"dokumenter": [{"filnavn": "b.pdf", "mimeType": "application/pdf"}]},
            {"krevNiva4Innlogging": True, "kryptert": False},
            {"mottaker": {"navn": "Mor Prøve"}},
        ],
    )
    def test_what_the_interface_does_not_take_is_refused(self, fields: dict[str, object]) -> None:
        with svarut.SvarUtStandIn(*certificate_and_key()) as stand_in:
            answer = self.sent(stand_in, self.shipment(**fields))
            assert answer.status_code == 400
            assert {"status", "error", "message"} <= set(answer.json())
            assert stand_in.book.taken == []

    def test_without_the_password_nobody_comes_in(self) -> None:
        with svarut.SvarUtStandIn(*certificate_and_key()) as stand_in:
            assert self.sent(stand_in, self.shipment(), auth=("bruker", "feil")).status_code == 401


class TestContactRegister:
    """Source: the documentation of POST /rest/v2/personer."""

    def asked(self, numbers: list[str], token: str = TOKEN) -> httpx.Response:
        with ContactRegisterStandIn({"01819000100": {"status": "AKTIV", "reservasjon": "NEI"}}) as stand_in:
            return httpx.post(
                f"{stand_in.address}/rest/v2/personer",
                json={"personidentifikatorer": numbers},
                headers={"Authorization": f"Bearer {token}"},
                trust_env=False,
            )

    def test_everybody_asked_for_is_answered_for(self) -> None:
        persons = self.asked(["01819000100", "01819000200"]).json()["personer"]
        assert [person["status"] for person in persons] == ["AKTIV", "IKKE_REGISTRERT"]
        assert {"personidentifikator"} <= set(persons[0])

    def test_one_to_a_thousand(self) -> None:
        assert [self.asked(["01819000100"] * size).status_code for size in (0, 1, 1000, 1001)] == [400, 200, 200, 400]

    def test_without_a_token_nothing_is_told(self) -> None:
        assert self.asked(["01819000100"], token="feil").status_code == 401


def reply_on(line: socket.socket) -> str:
    """A reply is whole with the line that has a space after its code."""
    reply = b""
    while not re.search(rb"^\d{3} .*\r\n\Z", reply, re.MULTILINE):
        reply += line.recv(1000)
    return reply.decode()


class TestMail:
    """Source: RFC 5321, said by hand."""

    def said(self, stand_in: MailStandIn, *commands: bytes) -> list[str]:
        replies = []
        with socket.create_connection(("127.0.0.1", stand_in.port), timeout=60) as plain:
            reply_on(plain)
            plain.sendall(b"EHLO prove.example\r\n")
            assert "STARTTLS" in reply_on(plain)
            plain.sendall(b"STARTTLS\r\n")
            reply_on(plain)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            with context.wrap_socket(plain) as safe:
                for command in (b"EHLO prove.example", *commands):
                    safe.sendall(command + b"\r\n")
                    replies.append(reply_on(safe)[:3])
        return replies[1:]

    MAIL = (b"MAIL FROM:<a@b.example>", b"RCPT TO:<mor@prove.example>", b"DATA", b"Message-ID: <n1@b.example>\r\n\r\nHei\r\n.")

    def test_a_message_that_was_taken(self) -> None:
        with MailStandIn(tls=server_tls()) as stand_in:
            assert self.said(stand_in, *self.MAIL) == ["250", "250", "354", "250"]
            assert stand_in.book.times() == {"n1": 1}

    @pytest.mark.parametrize(("behaviour", "code"), [(Misbehaviour.LEFT_THROTTLED, "451"), (Misbehaviour.LEFT_ERROR_INSIDE, "554")])
    def test_a_message_that_was_not(self, behaviour: Misbehaviour, code: str) -> None:
        with MailStandIn(always(behaviour), tls=server_tls()) as stand_in:
            assert self.said(stand_in, *self.MAIL)[-1] == code
            assert stand_in.book.times() == {}


class TestMessageCentre:
    """Source: SMPP 3.4, octet by octet: length, command, status, number, body."""

    BIND = bytes.fromhex("00000000 00000009 00000000 00000001") + b"u\0hemmelig\0\0" + bytes([0x34, 0, 0]) + b"\0"
    SUBMIT = (
        bytes.fromhex("00000000 00000004 00000000 00000002")
        + b"\0"  # service_type
        + bytes([5, 0])
        + b"Fjordvik\0"
        + bytes([1, 1])
        + b"4700000001\0"
        + bytes([0, 0, 0])  # esm_class, protocol_id, priority_flag
        + b"\0\0"  # schedule_delivery_time, validity_period
        + bytes([1, 0, 0, 0, 3])  # registered_delivery, replace, data_coding, default message, sm_length
        + b"Hei"
    )

    def said(self, stand_in: MessageCentreStandIn, *pdus: bytes) -> list[tuple[int, int, int, bytes]]:
        answers = []
        with socket.create_connection(("127.0.0.1", stand_in.port), timeout=60) as line:
            for pdu in pdus:
                line.sendall(len(pdu).to_bytes(4, "big") + pdu[4:])
                answer = line.recv(1000)
                assert int.from_bytes(answer[:4], "big") == len(answer)
                command, status, number = (int.from_bytes(answer[start : start + 4], "big") for start in (4, 8, 12))
                answers.append((command, status, number, answer[16:]))
        return answers

    def test_bound_and_taken(self) -> None:
        with MessageCentreStandIn() as stand_in:
            bound, submitted = self.said(stand_in, self.BIND, self.SUBMIT)
            assert stand_in.book.taken[0].text == "Hei"
            reference = stand_in.book.taken[0].reference
        assert bound[:3] == (0x80000009, 0, 1)
        assert submitted == (0x80000004, 0, 2, reference.encode() + b"\0")

    def test_throttled(self) -> None:
        with MessageCentreStandIn(always(Misbehaviour.LEFT_THROTTLED)) as stand_in:
            _, (command, status, number, _) = self.said(stand_in, self.BIND, self.SUBMIT)
        assert (command, status, number) == (0x80000004, 0x58, 2)

    def test_a_wrong_password(self) -> None:
        with MessageCentreStandIn() as stand_in:
            [(command, status, _, _)] = self.said(stand_in, self.BIND.replace(b"hemmelig", b"feil"))
        assert (command, status) == (0x80000009, 0x0E)
