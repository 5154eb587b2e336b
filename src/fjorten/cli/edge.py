"""What the edge of the program knows: the clock, who is at the keyboard, and how words on the command line become values."""

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, date, datetime

from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import NationalId, NotANationalId, parse
from fjorten.kernel.times import oslo_date


def now() -> datetime:
    """Read the clock, in UTC."""
    return datetime.now(tz=UTC)


def today() -> date:
    """Read the calendar in Norway."""
    return oslo_date(now())


def actor(options: argparse.Namespace) -> Actor:
    """Tell who is at the keyboard: --by, else the user of the operating system."""
    who = getattr(options, "by", None) or _login()
    return Actor(who=who, role="technical_administrator", ground="command line")


def a_day(text: str) -> date:
    """Read a day written as 2026-03-01 or 01.03.2026."""
    for written in (text, "-".join(reversed(text.split(".")))):
        try:
            return date.fromisoformat(written)
        except ValueError:
            continue
    raise argparse.ArgumentTypeError("skriv datoen som 2026-03-01")


def a_number(text: str) -> NationalId:
    """Read a national identity number."""
    try:
        return parse(text)
    except NotANationalId as wrong:
        raise argparse.ArgumentTypeError(wrong.sentence) from None


def with_municipality(parser: argparse.ArgumentParser) -> None:
    """Add --municipality, needed only when several keep their ledger here."""
    parser.add_argument("--municipality", metavar="NNNN", help="kommunenummer; trengs bare når flere kommuner fører regnskap her")


def with_day(parser: argparse.ArgumentParser, help_text: str) -> None:
    """Add --on; the default is today, read when the command runs."""
    parser.add_argument("--on", type=a_day, metavar="DATO", help=f"{help_text} (uten: i dag)")


def with_signature(parser: argparse.ArgumentParser) -> None:
    """Add --reason and --by: what is signed needs both."""
    parser.add_argument("--reason", required=True, metavar="TEKST", help="begrunnelsen, som blir stående med navnet ditt")
    parser.add_argument("--by", metavar="NAVN", help="hvem som gjør det (uten: brukeren på maskinen)")


SubCommand = Callable[[argparse.Namespace], int]


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "ukjent bruker"
