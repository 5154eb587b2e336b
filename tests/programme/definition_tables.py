"""Definitions as tables, the way a TOML file reads them in; tests change one thing and look what is said about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

Tables = dict[str, object]

_GIVES: dict[str, Tables] = {
    "measurement": {"measures": ["weight"]},
    "vision": {"vision": ["assess"]},
    "hearing": {"hearing": ["observe"]},
    "screening": {"screenings": ["SATS"]},
    "doctor": {"performers": ["phn", "gp"]},
    "vaccines": {"vaccines": ["HEXA-1"]},
}


def names(text: str) -> Tables:
    return {"nb": text, "nn": text, "en": text}


def step_table(
    code: str,
    *,
    target: str = "42d",
    window: tuple[str, str] = ("42d", "55d"),
    gives: Sequence[str] = ("measurement",),
    group_only: bool = False,
    **fields: object,
) -> Tables:
    """A national step; `gives` are the words of steps.Need, further fields replace those made here."""
    given: Tables = {}
    for gift in gives:
        given |= _GIVES[gift]
    return {
        "code": code,
        "name": names(f"Steg {code}"),
        "target": {"at": target},
        "target_certainty": "source",
        "default_window": {"from": window[0], "to": window[1]},
        "performers": ["phn"],
        "settings": ["group"] if group_only else ["clinic"],
        "source": "guideline",
        "verified": True,
        **given,
        **fields,
    }


def definition_table(*, steps: Sequence[Tables] | None = None, **programme: object) -> Tables:
    """A whole definition with two steps unless others are given; further fields replace those of [programme]."""
    return {
        "programme": {
            "id": "child-programme-0-5",
            "version": "2017.1",
            "title": names("Helsestasjonsprogrammet"),
            "version_label": "Retningslinjen",
            "strength": "strong",
            "valid_from": date(2017, 2, 9),
            "ends_at": "6y",
            "source": "guideline",
            "read_on": date(2026, 11, 21),
            "next_review_on": date(2027, 1, 15),
            "reviewed_by": "ingen",
            **programme,
        },
        "sources": {"guideline": {"title": "Helsedirektoratet", "url": "https://www.helsedirektoratet.no"}},
        "screenings": {"SATS": {"name": "SATS", "certainty": "source"}},
        "step": list(steps) if steps is not None else [step_table("W6"), step_table("M3", target="3m", window=("84d", "111d"))],
    }


def overlay_table(*, add: Sequence[Tables] = (), change: Sequence[Tables] = (), **fields: object) -> Tables:
    """A municipality's overlay that adds a five-year consultation unless something else is given."""
    if not add and not change:
        add = [added_step_table()]
    return {
        "municipality": "4601",
        "valid_from": date(2026, 1, 1),
        "based_on": "2017.1",
        "decided_by": "Ledende helsesykepleier, sak 2025/1234",
        "reason": "Kommunen tilbyr en femårskonsultasjon før skolestart.",
        **({"add": list(add)} if add else {}),
        **({"change": list(change)} if change else {}),
        **fields,
    }


def added_step_table(code: str = "L01_Y5", *, target: str = "60m", window: tuple[str, str] = ("59m", "66m"), **fields: object) -> Tables:
    return {
        "code": code,
        "name": {"nb": "5 år", "nn": "5 år", "en": "5 years"},
        "target": {"at": target},
        "default_window": {"from": window[0], "to": window[1]},
        "performers": ["phn"],
        "settings": ["clinic"],
        "measures": ["weight", "height"],
        **fields,
    }
