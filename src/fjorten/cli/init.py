"""`fjorten init`: the database, the keys, and, when asked, a municipality. Running it again changes nothing that is there."""

import argparse
import tomllib
from pathlib import Path

from fjorten.cli.edge import actor, now
from fjorten.kernel.files import why_unreadable
from fjorten.kernel.refusals import Refused


class OverlayCannotBeRead(Refused):
    """The overlay file is missing, is not TOML, or does not fit the programme."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    parser.add_argument("--municipality", metavar="NNNN", help="åpne regnskapet for denne kommunen")
    parser.add_argument("--name", metavar="NAVN", default="", help="kommunens navn")
    parser.add_argument(
        "--clinic", action="append", default=[], metavar="NAVN[=SIFRE,...]", help="åpne en helsestasjon for disse grunnkretsene"
    )
    parser.add_argument("--overlay", metavar="FIL", type=Path, help="kommunens egne konsultasjoner (TOML)")


def run(options: argparse.Namespace) -> int:
    """Make what is missing, and say what there is."""
    from django.core.management import call_command

    from fjorten.ledger.signing import ensure_key
    from fjorten.organisation.actions import open_clinic, open_municipality
    from fjorten.plans.programmes import adopt_overlay
    from fjorten.programme.definitions import DefinitionIsInvalid

    call_command("migrate", verbosity=0)
    key = ensure_key()
    print("Databasen er klar.")
    print(f"Regnskapet signeres med nøkkelen {key.fingerprint} ({key.path}).")
    if options.municipality:
        by, at = actor(options), now()
        municipality = open_municipality(code=options.municipality, name=options.name, by=by, at=at)
        for clinic in options.clinic:
            name, _, prefixes = clinic.partition("=")
            areas = [prefix.strip() for prefix in prefixes.split(",") if prefix.strip()]
            open_clinic(municipality=municipality, name=name, basic_unit_prefixes=areas, by=by, at=at)
        if options.overlay:
            try:
                adopt_overlay(municipality=municipality, content=_read(options.overlay), by=by, at=at)
            except DefinitionIsInvalid as wrong:
                raise OverlayCannotBeRead(f"Filen kan ikke brukes; rett opp dette og prøv igjen.\n{wrong}") from wrong
        print(f"Regnskapet er åpnet for {municipality}.")
    return 0


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise OverlayCannotBeRead(f"{path.name} kan ikke leses: {why_unreadable(error)}.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise OverlayCannotBeRead(f"{path.name} er ikke gyldig TOML i UTF-8: {error}") from error
