"""`fjorten register`: extracts and events from the population register into the ledger."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from fjorten.cli.edge import actor, now, today, with_day, with_municipality


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="hva", title="hva")
    load = verbs.add_parser("load", help="les inn et uttrekk (JSON Lines, også .gz)")
    load.add_argument("path", type=Path, metavar="FIL")
    load.add_argument("--municipality", metavar="NNNN", help="kommunenummer; kommunen åpnes hvis den er ny")
    load.add_argument("--force", action="store_true", help="les inn selv om uttrekket mangler de fleste barna vi kjenner")
    with_day(load, "dagen uttrekket gjelder for")
    feed = verbs.add_parser("feed", help="les hendelser fra en mappe eller fra registerets tjeneste")
    feed.add_argument("location", metavar="MAPPE|ADRESSE")
    feed.add_argument("--token-file", type=Path, metavar="FIL", help="fil med adgangstegnet til tjenesten")
    with_municipality(feed)
    accept = verbs.add_parser("accept-gap", help="godta at hendelser mangler, med begrunnelse")
    accept.add_argument("first", type=int)
    accept.add_argument("last", type=int)
    accept.add_argument("--reason", required=True, metavar="TEKST")
    with_municipality(accept)
    for child in (load, feed, accept):
        child.add_argument("--by", metavar="NAVN", help="hvem som gjør det (uten: brukeren på maskinen)")


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    match options.verb:
        case "load":
            return _load(options)
        case "feed":
            return _feed(options)
        case _:
            return _accept_gap(options)


def _load(options: argparse.Namespace) -> int:
    from fjorten.organisation.actions import open_municipality
    from fjorten.organisation.queries import municipality_named
    from fjorten.organisation.wall import within
    from fjorten.registers.actions import load_extract
    from fjorten.registers.reconciliation import reconcile

    by, at, on = actor(options), now(), options.on or today()
    municipality = open_municipality(code=options.municipality, name="", by=by, at=at) if options.municipality else municipality_named(None)
    with within(municipality):  # which may have been opened just now
        with _progress() as progress:
            task = progress.add_task("Leser uttrekket", total=None, lines="")
            result = load_extract(
                path=options.path,
                municipality=municipality,
                on=on,
                by=by,
                at=at,
                force=options.force,
                progress=lambda line: progress.update(task, lines=f"{line} linjer"),
            )
        opened = reconcile(municipality=municipality, on=on, by=by, at=at)
    print(f"Lest {result.persons_read} personer; {result.children_kept} barn hører til her, {result.new} av dem var nye.")
    print(f"Innmeldt straks (nyfødte): {result.enrolled}. Nye oppgaver på arbeidslisten: {opened}.")
    if result.was_loaded_before:
        print("Den samme filen er lest inn for samme dag før; ingenting ble doblet.")
    for line in result.rejected[:10]:
        print(f"  linje {line.line}: {line.reason}")
    if result.rejected_count:
        print(f"{result.rejected_count} linjer kunne ikke brukes; resten er lest inn.")
    return 0


def _feed(options: argparse.Namespace) -> int:
    from fjorten.organisation.queries import municipality_named
    from fjorten.registers.actions import apply_feed
    from fjorten.registers.feeds.credentials import BearerToken, NoCredentials
    from fjorten.registers.feeds.endpoints import is_address
    from fjorten.registers.feeds.opening import open_source
    from fjorten.registers.reconciliation import reconcile

    by, at = actor(options), now()
    municipality = municipality_named(options.municipality)
    token = options.token_file
    credentials = BearerToken(lambda: token.read_text(encoding="ascii").strip()) if token else NoCredentials()
    with open_source(options.location, credentials=credentials) as source, _progress() as progress:
        task = progress.add_task("Leser hendelser", total=None, lines="")
        result = apply_feed(
            source=source,
            municipality=municipality,
            by=by,
            at=at,
            from_the_start=not is_address(options.location),
            progress=lambda number: progress.update(task, lines=f"{number} hendelser"),
        )
    opened = reconcile(municipality=municipality, on=today(), by=by, at=at)
    print(f"Lest {result.events} nye hendelser ({result.already_known} var lest før); {result.concerned_us} gjaldt barn her.")
    print(f"Nye barn: {result.new}. Innmeldt straks (nyfødte): {result.enrolled}. Nye oppgaver på arbeidslisten: {opened}.")
    for gap in result.gaps:
        print(f"HULL: hendelse {gap.first}–{gap.last} mangler. Hent dem, eller les inn et nytt uttrekk.")
    if result.waiting_for_look_up:
        print(f"{result.waiting_for_look_up} hendelser kom uten persondokument og venter på nytt oppslag.")
    for row in result.rejected[:10]:
        print(f"  rad {row.position}: {row.reason}")
    if result.rejected:
        print(f"{len(result.rejected)} rader kunne ikke brukes; de står som hull til de er hentet på nytt.")
    if result.conflicts:
        print(f"{len(result.conflicts)} sekvensnumre kom med ulikt innhold: {', '.join(map(str, result.conflicts[:10]))}.")
    return 1 if result.gaps or result.rejected or result.waiting_for_look_up or result.conflicts else 0


def _accept_gap(options: argparse.Namespace) -> int:
    from fjorten.organisation.queries import municipality_named
    from fjorten.registers.actions import accept_gap

    accept_gap(
        municipality=municipality_named(options.municipality),
        first=options.first,
        last=options.last,
        reason=options.reason,
        by=actor(options),
        at=now(),
    )
    print(f"Hendelse {options.first}–{options.last} regnes ikke lenger som hull.")
    return 0


def _progress() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[lines]}"), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
