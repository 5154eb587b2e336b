"""SvarUt, REST version 2: multipart in, a search by status and one by our own reference."""

from __future__ import annotations

import base64
import json
import uuid
from email.parser import BytesParser
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509 import Certificate

from tests.counterparties.misbehaviour import BEHAVING, Plan
from tests.counterparties.web import Reply, Request, WebStandIn

PASSWORD = "hemmelig-passord"
ACCOUNT = "0b7f4d0a-0000-4000-8000-00000000000a"


class SvarUtStandIn(WebStandIn):
    """`statuses` is what is told of each letter, by its key; "MOTTATT" when nothing is said."""

    def __init__(self, certificate: Certificate, private_key: RSAPrivateKey, plan: Plan = BEHAVING) -> None:
        super().__init__(plan)
        self.certificate = certificate
        self.private_key = private_key
        self.statuses: dict[str, str] = {}
        self.shipments: dict[str, dict[str, Any]] = {}
        self.documents: dict[str, list[bytes]] = {}

    def key_of(self, request: Request) -> str | Reply:
        if request.headers.get("Authorization") != "Basic " + base64.b64encode(f"bruker:{PASSWORD}".encode()).decode():
            return _error(401, "ikke innlogget")
        root = f"/v2/kontoer/{ACCOUNT}/forsendelser"
        if request.path == f"{root}/status-sok":
            return self._statuses(json.loads(request.body)["forsendelseIds"])
        if request.path != root:
            return _error(404, "ukjent")
        if request.method == "GET":
            [wanted] = request.query["eksternRef"]
            ids = [identifier for identifier, shipment in self.shipments.items() if shipment["eksternReferanse"] == wanted]
            return Reply(200, json.dumps({"forsendelseIds": ids}).encode())
        parts = _parts_in(request)
        shipment = json.loads(parts[0][2])
        files = {name: content for field, name, content in parts if field == "filer"}
        wrong = self._problem(shipment, files)
        if wrong:
            return _error(400, wrong)
        request.said = {"shipment": shipment, "files": files}
        return str(shipment["eksternReferanse"])

    def take(self, request: Request) -> Reply:
        shipment, files = request.said["shipment"], request.said["files"]
        key = shipment["eksternReferanse"]
        self.book.enter(key=key, to=shipment["mottaker"]["digitalId"], text=shipment["tittel"])
        identifier = str(uuid.uuid4())
        self.shipments[identifier] = shipment
        self.documents[key] = [pkcs7_decrypt_der(content, self.certificate, self.private_key, []) for content in files.values()]
        return Reply(200, json.dumps({"id": identifier}).encode())

    def error_inside(self, request: Request) -> Reply:
        return _error(403, "kontoen er stengt")

    def number_error(self, request: Request) -> Reply:
        return _error(400, f"ugyldig mottaker {request.said['shipment']['mottaker']['digitalId']}")

    def _problem(self, shipment: dict[str, Any], files: dict[str, bytes]) -> str:
        """What the documented interface demands, and refuses."""
        if not shipment.get("tittel") or not shipment.get("mottaker", {}).get("navn"):
            return "tittel og mottaker må være utfylt"
        if {document["filnavn"] for document in shipment["dokumenter"]} != set(files):
            return "dokumenter og filer stemmer ikke"
        if shipment.get("krevNiva4Innlogging") and not shipment.get("kryptert"):
            return "dokumentene må krypteres"
        if not shipment.get("kunDigitalLevering") and not (shipment["mottaker"].get("postnummer") and shipment["mottaker"].get("poststed")):
            return "postadresse mangler"
        return ""

    def _statuses(self, ids: list[str]) -> Reply:
        found = [
            {
                "id": identifier,
                "status": self.statuses.get(self.shipments[identifier]["eksternReferanse"], "MOTTATT"),
                "sisteStatusEndring": "2026-03-10T10:00:00+01:00",
            }
            for identifier in ids
            if identifier in self.shipments
        ]
        return Reply(200, json.dumps({"statuser": found}).encode())


def _parts_in(request: Request) -> list[tuple[str, str, bytes]]:
    whole = b"Content-Type: " + request.headers["Content-Type"].encode() + b"\r\n\r\n" + request.body
    message = BytesParser().parsebytes(whole)
    found = []
    for part in message.get_payload():
        name = part.get_param("name", header="Content-Disposition")  # type: ignore[union-attr]
        found.append((str(name), part.get_filename() or "", part.get_payload(decode=True)))  # type: ignore[union-attr]
    return found  # type: ignore[return-value]


def _error(status: int, message: str) -> Reply:
    return Reply(status, json.dumps({"status": status, "error": "Feil", "message": message}, ensure_ascii=False).encode())
