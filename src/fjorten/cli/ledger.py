"""`fjorten ledger`: the balance of a day, on the terminal, as JSON, or row by row."""

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table

from fjorten.cli.edge import actor, now, today, with_day, with_municipality
from fjorten.kernel.national_id import MASK

if TYPE_CHECKING:
    from fjorten.ledger.balance import Balance, Counts
    from fjorten.organisation.models import Municipality


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "dagen regnskapet gjelder for")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="som ett JSON-objekt")
    form.add_argument("--rows", action="store_true", help="én JSON-linje per barn og konsultasjon")
    parser.add_argument("--identifiers", action="store_true", help="vis numrene i --rows (aldri for barn med adressesperre)")
    parser.add_argument("--by", metavar="NAVN", help="hvem som spør (uten: brukeren på maskinen)")


def run(options: argparse.Namespace) -> int:
    """Count, keep the balance as a signed snapshot, and show it. Exit code 1 when it does not balance."""
    from fjorten.ledger.balance import balance_of
    from fjorten.ledger.snapshots import keep, refuse_a_day_to_come
    from fjorten.organisation.queries import municipality_named

    municipality = municipality_named(options.municipality)
    on = options.on or today()
    refuse_a_day_to_come(on, today=today())
    balance = balance_of(municipality=municipality, on=on)
    if options.rows:
        _print_rows(options, municipality, balance)
        return 0 if balance.balanced else 1
    snapshot = keep(balance, municipality=municipality, by=actor(options), at=now())
    if options.json:
        print(json.dumps(as_json(balance, hash=snapshot.hash, previous=snapshot.previous_hash or None), ensure_ascii=False, indent=2))
    else:
        show(balance, Console(soft_wrap=False))
        print(f"Øyeblikksbilde {snapshot.seq}, {snapshot.hash[:16]} (forrige {snapshot.previous_hash[:16] or 'ingen'}).")
    return 0 if balance.balanced else 1


def as_json(balance: "Balance", *, hash: str, previous: str | None) -> dict[str, Any]:
    """Give the balance as the JSON object of `--json`; the keys stand in docs/reference."""
    from fjorten.ledger.snapshots import content_of

    return {**content_of(balance), "snapshot": {"hash": hash, "previous": previous}}


def show(balance: "Balance", console: Console) -> None:
    """Draw the balance: the equation, the clinics, the steps, and in words whether it balances."""
    from fjorten.programme.status import Status

    console.print(f"[bold]Regnskapet for {balance.municipality}, {balance.on.strftime('%d.%m.%Y')}[/bold]")
    equation = Table(
        title="Barn 0–5 år: bosatt = innmeldt + overføres + utenfor + uten plass",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    equation.add_column("", no_wrap=True)
    for heading in ("bosatt", "innmeldt", "overføres", "utenfor", "uten plass"):
        equation.add_column(heading, justify="right", no_wrap=True)
    for clinic in balance.clinics:
        equation.add_row(clinic.clinic, *_cells(clinic.counts))
    equation.add_section()
    equation.add_row("Kommunen", *_cells(balance.counts), style="bold")
    console.print(equation)
    if balance.protected:
        console.print(f"{balance.protected} av barna har adressesperre. De er med i kommunens tall, men ikke i en helsestasjons.")
    if balance.steps:
        states = [state for state in Status if any(state.value in row for row in balance.steps.values())]
        table = Table(title="Konsultasjonene til de innmeldte", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.add_column("")
        for state in states:
            table.add_column(state.words, justify="right", min_width=max(len(word) for word in state.words.split()))
        for step, row in balance.steps.items():
            table.add_row(step, *(str(row.get(state.value, 0) or "·") for state in states))
        console.print(table)
    for number, what in (
        (balance.unconfirmed_elsewhere, "konsultasjoner er sagt gjort et annet sted, men ikke bekreftet."),
        (balance.not_closed, "timer fra tidligere dager er ikke ført som møtt, ikke møtt eller avlyst."),
        (balance.open_cases, "saker etter konsultasjoner som ikke ble noe av, er ikke lukket."),
        (balance.enrolled_not_resident, "innmeldte barn er ikke lenger registrert her. De følges til noen bekrefter det."),
        (balance.past_age_unsettled, "barn har fylt seks år med konsultasjoner ingen har avgjort."),
    ):
        if number:
            console.print(f"{number} {what}")
    for problem in balance.problems:
        console.print(f"[red]Går ikke opp:[/red] {problem}")
    if balance.counts.unaccounted:
        console.print(
            f"[red]ALARM:[/red] {balance.counts.unaccounted} barn bor her uten å være innmeldt, under overføring eller utenfor med "
            "begrunnelse. Se `fjorten work`."
        )
    console.print("Regnskapet går opp." if balance.balanced else "[red]Regnskapet går IKKE opp.[/red]")


def _print_rows(options: argparse.Namespace, municipality: "Municipality", balance: "Balance") -> None:
    from fjorten.ledger.balance import ledger_rows
    from fjorten.ledger.reading import record_rows_read

    record_rows_read(municipality=municipality, on=balance.on, with_identifiers=options.identifiers, by=actor(options), at=now())
    for row in ledger_rows(municipality=municipality, on=balance.on):
        shown = options.identifiers and not row.is_protected
        line = {
            "person": row.person,
            "identifiers": [number if shown else MASK for number in row.identifiers],
            "standing": row.standing.value,
            "step": row.step,
            "state": row.state,
        }
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _cells(counts: "Counts") -> tuple[str, ...]:
    alarm = f"[red]{counts.unaccounted}[/red]" if counts.unaccounted else "0"
    return str(counts.residents), str(counts.enrolled), str(counts.in_transfer), str(counts.outside), alarm
