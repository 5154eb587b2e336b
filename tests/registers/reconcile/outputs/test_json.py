"""findings.json is what its schema says; the check is written by hand so that it cannot share a fault with the writer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fjorten.registers.reconcile.lists import findings_json
from fjorten.registers.reconcile.rules import RULES
from tests.registers.reconcile.every_kind import answer_of_every_kind, every_kind
from tests.registers.reconcile.two_sides import TwoSides

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[4] / "docs/reference/findings.schema.json").read_text(encoding="utf-8"))
TYPES = {"object": dict, "array": list, "string": str, "number": (int, float), "integer": int, "boolean": bool, "null": type(None)}
UNDERSTOOD = {
    "$ref", "type", "const", "enum", "pattern", "minimum", "maximum", "properties", "required", "additionalProperties", "items", "description",
    "title", "$schema", "$defs",
}  # fmt: skip


def problems(value: Any, schema: dict[str, Any], place: str = "") -> list[str]:
    """Everything in `value` that the schema does not allow. Knows the words of JSON Schema that ours uses, and refuses any other."""
    assert schema.keys() <= UNDERSTOOD, f"{place}: {schema.keys() - UNDERSTOOD}"
    if "$ref" in schema:
        return problems(value, SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], place)
    found = []
    kinds = schema.get("type", list(TYPES))
    if not any(
        isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
        for kind in ([kinds] if isinstance(kinds, str) else kinds)
    ):
        return [f"{place}: {value!r} is no {kinds}"]
    if "const" in schema and value != schema["const"]:
        found.append(f"{place}: {value!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{place}: {value!r} is none of {schema['enum']}")
    match value:
        case str() if not re.search(schema.get("pattern", ""), value):
            found.append(f"{place}: {value!r} is not {schema['pattern']}")
        case int() | float() if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
            found.append(f"{place}: {value!r} is out of bounds")
        case dict():
            properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
            found += [f"{place}.{key} is missing" for key in schema.get("required", ()) if key not in value]
            for key, inner in value.items():
                if key in properties:
                    found += problems(inner, properties[key], f"{place}.{key}")
                elif isinstance(others, dict):
                    found += problems(inner, others, f"{place}.{key}")
                elif not others:
                    found.append(f"{place}.{key} is unknown")
        case list():
            found += [
                problem for index, inner in enumerate(value) for problem in problems(inner, schema.get("items", {}), f"{place}[{index}]")
            ]
    return found


@pytest.mark.parametrize("sides", [every_kind(), TwoSides()], ids=["every kind of finding", "nothing found"])
def test_the_document_is_what_its_schema_says(sides: TwoSides) -> None:
    assert problems(json.loads(findings_json(sides.answer())), SCHEMA) == []


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("version", "2.0"), ("municipality", 301), ("forced", 1), ("rejected", -1), ("findings", {}), ("extra", None), ("on", "21.11.2026")],
)
def test_the_check_finds_a_document_that_is_not(key: str, wrong: object) -> None:
    document = json.loads(findings_json(answer_of_every_kind())) | {key: wrong}
    assert problems(document, SCHEMA)


def test_the_check_finds_a_finding_that_is_not() -> None:
    document = json.loads(findings_json(answer_of_every_kind()))
    document["findings"][0]["numbers"] = ["123"]
    document["findings"][1].pop("action")
    assert len(problems(document, SCHEMA)) == 2


def test_the_schema_knows_every_rule_and_no_other() -> None:
    codes = [rule.code for rule in RULES]
    assert SCHEMA["$defs"]["finding"]["properties"]["rule"]["enum"] == [code for code in codes if code != "address_protected"]
    assert list(SCHEMA["properties"]["counts"]["properties"]) == codes


def test_the_residents_add_up() -> None:
    residents = json.loads(findings_json(answer_of_every_kind()))["residents"]
    assert residents.pop("total") == sum(residents.values()) > 0


def test_every_kind_of_finding_is_in_the_document() -> None:
    document = json.loads(findings_json(answer_of_every_kind()))
    assert all(document["counts"].values())
    assert {finding["rule"] for finding in document["findings"]} == document["counts"].keys() - {"address_protected"}


def test_a_journal_without_a_number_carries_its_suggestion() -> None:
    document = json.loads(findings_json(answer_of_every_kind()))
    (finding,) = [finding for finding in document["findings"] if finding["name"] == "Zofia Nowak"]
    assert finding["rule"] == "journal_without_number"
    assert finding["severity"] == "high"
    assert [candidate["name"] for candidate in finding["candidates"]] == ["Zofia Nowak"]
    assert finding["candidates"][0]["place"] == "here"
