"""The PSWinCom gateway: XML in Latin-1, a status for the session and one for each message."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.counterparties.misbehaviour import Taken
from tests.counterparties.web import Reply, Request, WebStandIn

PASSWORD = "hemmelig-passord"


def _reply(logon: str, *messages: dict[str, str], reason: str = "") -> Reply:
    session = ET.Element("SESSION")
    ET.SubElement(session, "LOGON").text = logon
    ET.SubElement(session, "REASON").text = reason
    if messages:
        listed = ET.SubElement(session, "MSGLST")
        for message in messages:
            one = ET.SubElement(listed, "MSG")
            for name, value in message.items():
                ET.SubElement(one, name).text = value
    return Reply(200, ET.tostring(session, encoding="iso-8859-1", xml_declaration=True), "text/xml")


class PSWinComStandIn(WebStandIn):
    def key_of(self, request: Request) -> str | Reply:
        try:
            session = ET.fromstring(request.body)
        except ET.ParseError:
            return Reply(400, b"not XML", "text/plain")
        if session.findtext("PW") != PASSWORD:
            return _reply("FAIL", reason="Invalid password")
        messages = session.findall("MSGLST/MSG")
        if session.tag != "SESSION" or len(messages) != 1:
            return Reply(400, b"", "text/plain")
        request.said = {field.tag: field.text or "" for field in messages[0]}
        return request.said["RCV"]

    def take(self, request: Request) -> Reply:
        said = request.said
        text = bytes.fromhex(said["TEXT"]).decode("utf-16-be") if said.get("OP") == "9" else said["TEXT"]
        reference = self.book.enter(key=said["RCV"], to=said["RCV"], text=text)
        return _reply("OK", {"ID": said["ID"], "REF": reference, "STATUS": "OK", "INFO": ""})

    def error_inside(self, request: Request) -> Reply:
        return _reply("FAIL", reason="Account is locked")

    def number_error(self, request: Request) -> Reply:
        return _reply("OK", {"ID": request.said["ID"], "STATUS": "FAIL", "INFO": f"Invalid receiver {request.said['RCV']}"})


def report_of(*taken: Taken, state: str = "DELIVRD") -> bytes:
    """The call with which the gateway reports on messages."""
    messages = "".join(
        f"<MSG><ID>{place}</ID><REF>{one.reference}</REF><RCV>{one.to}</RCV><STATE>{state}</STATE>"
        "<DELIVERYTIME>2026.02.23 15:23:23</DELIVERYTIME></MSG>"
        for place, one in enumerate(taken, start=1)
    )
    return f'<?xml version="1.0"?><!DOCTYPE MSGLST SYSTEM "pswincom_report_request.dtd"><MSGLST>{messages}</MSGLST>'.encode("latin-1")


def answer_from(number: str, text: str) -> bytes:
    """The call with which the gateway hands on a message."""
    listed = ET.Element("MSGLST")
    message = ET.SubElement(listed, "MSG")
    for name, value in {"ID": "1", "TEXT": text, "SND": number, "RCV": "26112"}.items():
        ET.SubElement(message, name).text = value
    return ET.tostring(listed, encoding="iso-8859-1", xml_declaration=True)
