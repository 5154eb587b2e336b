"""Sveve: JSON in, JSON out, and HTTP 200 whatever happened."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from fjorten.messages.sms_parts import sms_parts
from tests.counterparties.misbehaviour import Taken
from tests.counterparties.web import Reply, Request, WebStandIn

PASSWORD = "hemmelig-passord"


def _reply(response: dict[str, object]) -> Reply:
    return Reply(200, json.dumps({"response": response}, ensure_ascii=False).encode())


class SveveStandIn(WebStandIn):
    def key_of(self, request: Request) -> str | Reply:
        try:
            asked = json.loads(request.body)
        except ValueError:
            asked = {}
        if request.path != "/SMS/SendMessage" or request.method != "POST":
            return Reply(404, b"")
        if asked.get("passwd") != PASSWORD:
            return _reply({"fatalError": "Feil brukernavn/passord"})
        if not asked.get("to") or not asked.get("msg"):
            return _reply({"fatalError": "Mangler mottaker eller tekst"})
        request.said = asked
        return str(asked.get("ref") or asked["to"])

    def take(self, request: Request) -> Reply:
        key, to, text = str(request.said.get("ref", "")), request.said["to"], request.said["msg"]
        reference = self.book.enter(key=key, to=to, text=text)
        return _reply({"msgOkCount": 1, "stdSMSCount": sms_parts(text).parts, "ids": [int(reference)]})

    def error_inside(self, request: Request) -> Reply:
        return _reply({"fatalError": "Du har ikke nok SMS igjen på kontoen"})

    def number_error(self, request: Request) -> Reply:
        wrong = {"number": request.said["to"], "message": f"Telefonnummeret er ikke et mobilnummer: {request.said['to']}"}
        return _reply({"msgOkCount": 0, "stdSMSCount": 0, "errors": [wrong]})


def report_of(taken: Taken, *, delivered: bool = True) -> bytes:
    """The call with which the gateway reports on a message."""
    failed = {} if delivered else {"errorCode": "27", "errorDesc": f"Ukjent nummer {taken.to}"}
    values = {
        "number": taken.to,
        "status": str(delivered).lower(),
        "id": taken.reference,
        "ref": taken.key,
        "errorCode": "",
        "errorDesc": "",
    }
    return urlencode(values | failed).encode()


def answer_from(taken: Taken, text: str) -> bytes:
    """The call with which the gateway hands on what a family answered."""
    return urlencode({"number": taken.to, "msg": text, "id": taken.reference}).encode()
