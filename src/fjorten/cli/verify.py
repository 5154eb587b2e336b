"""`fjorten verify`: recount the ledger from raw facts, check the trail and the snapshots, and name everything that differs."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from rich.console import Console

from fjorten.cli.edge import today, with_day, with_municipality
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from fjorten.ledger.recount import Recounted


class LedgerCannotBeRead(Refused):
    """The database does not answer, or is not the one this version of fjorten makes."""

    sentence = "Regnskapet kan ikke leses fra databasen. Kjør `fjorten init`, og se etter at DATABASE_URL er riktig."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "dagen regnskapet telles om for")
    parser.add_argument("--json", action="store_true", help="som ett JSON-objekt")


def run(options: argparse.Namespace) -> int:
    """Recount and tell what differs. Exit code 0 when all agrees, 1 when something differs. Raises LedgerCannotBeRead."""
    from django.db import DatabaseError

    from fjorten.ledger.balance import balance_of, ledger_rows
    from fjorten.ledger.moment import one_moment
    from fjorten.ledger.recount import recount
    from fjorten.ledger.snapshots import content_of
    from fjorten.organisation.queries import municipality_named

    on = options.on or today()
    try:
        with one_moment():
            municipality = municipality_named(options.municipality)
            totals = content_of(balance_of(municipality=municipality, on=on))
            result = recount(municipality=municipality, on=on, lines=ledger_rows(municipality=municipality, on=on), totals=totals)
    except DatabaseError as error:
        raise LedgerCannotBeRead from error
    if options.json:
        print(json.dumps(as_json(result), ensure_ascii=False, indent=2))
    else:
        show(result, Console(soft_wrap=True, highlight=False))
    return 0 if result.agrees else 1


def as_json(result: "Recounted") -> dict[str, Any]:
    """
    Give a recount as the JSON object of `--json`.

    Keys: `on`, `municipality`, `agrees`; `checked`: how many {documents, persons, enrolments, steps, lines, trail}; `differences`: a
    list of {table, person (opaque id or ""), row, step, field, ledger, recount, sentence (Norwegian)}; `recount` and `ledger`: the totals
    of both sides under the keys of `fjorten ledger --json`; `snapshot`: "agrees", "differs", "none", "older" or "unknown", explained in
    ledger.recount.
    """
    return {
        "on": result.on.isoformat(),
        "municipality": result.municipality,
        "agrees": result.agrees,
        "checked": result.checked,
        "differences": [
            {
                "table": difference.table.value,
                "person": difference.person,
                "row": difference.row,
                "step": difference.step,
                "field": difference.field,
                "ledger": difference.ledger,
                "recount": difference.recount,
                "sentence": difference.sentence,
            }
            for difference in result.differences
        ],
        "recount": result.totals,
        "ledger": result.ledger,
        "snapshot": result.snapshot,
    }


_SNAPSHOTS = {
    "agrees": "Dagens øyeblikksbilde stemmer med omtellingen.",
    "differs": "Dagens øyeblikksbilde stemmer ikke med omtellingen.",
    "none": "Det er ikke tatt noe øyeblikksbilde for dagen; `fjorten ledger` tar ett.",
    "older": "Øyeblikksbildet for dagen er ikke holdt mot omtellingen: det er ført noe i sporet etter at det ble tatt.",
    "unknown": "Øyeblikksbildet for dagen er ikke holdt mot omtellingen, siden noe annet ikke stemmer.",
}


def show(result: "Recounted", console: Console) -> None:
    """Tell on the terminal what was counted and, a line each, what differs."""
    checked = result.checked
    console.print(f"Omtelling av regnskapet for {result.municipality}, {result.on.strftime('%d.%m.%Y')}", style="bold")
    console.print(
        f"Talt om fra {checked['documents']} registerdokumenter: {checked['persons']} personer, {checked['enrolments']} innmeldinger, "
        f"{checked['steps']} konsultasjoner. Holdt mot {checked['lines']} rader i regnskapet. Sporet har {checked['trail']} rader."
    )
    console.print(_SNAPSHOTS[result.snapshot])
    for difference in result.differences:
        console.print(f"AVVIK: {difference.sentence}", markup=False)
    if result.agrees:
        console.print(f"Alt stemmer: {result.totals['residents']} bosatte barn.", style="green")
    else:
        console.print(f"{len(result.differences)} avvik. Regnskapet stemmer ikke med de rå opplysningene.", style="red")
