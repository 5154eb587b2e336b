"""`fjorten history`: take over what an earlier system knows of the children who live here."""

import argparse
from pathlib import Path
from typing import Final

from fjorten.cli.edge import actor, now, with_municipality

_MOST_SHOWN: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="hva", title="hva")
    load = verbs.add_parser("load", help="ta over historikken i en fil (JSON Lines, ett barn på hver linje)")
    load.add_argument("path", type=Path, metavar="FIL")
    load.add_argument("--by", metavar="NAVN", help="hvem som gjør det (uten: brukeren på maskinen)")
    with_municipality(load)


def run(options: argparse.Namespace) -> int:
    """Take the file over, and say what came of it and which lines a person must see to."""
    from fjorten.history.actions import take_over_history
    from fjorten.history.lines import read_history
    from fjorten.organisation.queries import municipality_named

    municipality = municipality_named(options.municipality)
    done = take_over_history(lines=read_history(options.path), municipality=municipality, by=actor(options), at=now())
    print(f"Historikken til {done.children} barn er tatt over. {done.before} barn var tatt over før og er ikke rørt.")
    for line, sentence in done.refused[:_MOST_SHOWN]:
        print(f"  linje {line}: {sentence}")
    if done.refused:
        print(f"{len(done.refused)} linjer kunne ikke brukes; resten er tatt over. Rett dem og kjør på nytt: ingenting blir doblet.")
    return 1 if done.refused else 0
