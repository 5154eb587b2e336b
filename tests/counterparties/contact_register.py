"""The contact and reservation register: numbers in, people out."""

from __future__ import annotations

import json
from typing import Any

from tests.counterparties.misbehaviour import BEHAVING, Plan
from tests.counterparties.web import Reply, Request, WebStandIn

TOKEN = "et-token"


class ContactRegisterStandIn(WebStandIn):
    """`people` is what the register knows, by number; whoever is not there is not registered."""

    def __init__(self, people: dict[str, dict[str, Any]], plan: Plan = BEHAVING) -> None:
        super().__init__(plan)
        self.people = people
        self.questions: list[int] = []

    def key_of(self, request: Request) -> str | Reply:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Reply(401, b"")
        if request.path != "/rest/v2/personer":
            return Reply(404, b"")
        numbers = json.loads(request.body)["personidentifikatorer"]
        if not 1 <= len(numbers) <= 1000:
            return Reply(400, b"{}")
        request.said = {"numbers": numbers}
        return "look-up"

    def take(self, request: Request) -> Reply:
        numbers = request.said["numbers"]
        self.questions.append(len(numbers))
        persons = [{"personidentifikator": number, **self.people.get(number, {"status": "IKKE_REGISTRERT"})} for number in numbers]
        return Reply(200, json.dumps({"personer": persons}).encode())

    def error_inside(self, request: Request) -> Reply:
        return Reply(200, json.dumps({"feil": "ukjent feil"}).encode())

    def number_error(self, request: Request) -> Reply:
        return Reply(200, json.dumps({"personer": []}).encode())
