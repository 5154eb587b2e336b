"""What the edge of the program knows: the clock, who is at the keyboard, and how words on the command line become values."""

import argparse
import getpass
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from fjorten.audit.actor import Actor
from fjorten.kernel.national_id import NationalId, NotANationalId, parse
from fjorten.kernel.times import oslo_date, oslo_instant

if TYPE_CHECKING:
    from fjorten.organisation.models import Municipality

_YEARS: Final = range(1900, 2200)


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


def acting(options: argparse.Namespace, municipality: "Municipality") -> Actor:
    """Tell who acts: --by as the code of an employee gives their role and clinic; anybody else is whoever runs the installation."""
    from fjorten.organisation.models import Employee

    employee = Employee.objects.filter(municipality=municipality, code=getattr(options, "by", None)).select_related("clinic").first()
    if employee is None or not Employee.objects.filter(pk=employee.pk).employed_on(today()).exists():
        return actor(options)
    return Actor(who=employee.code, role=employee.role, unit=employee.clinic.name, ground="command line")


def with_employee(parser: argparse.ArgumentParser) -> None:
    """Add --by: whose work it is."""
    parser.add_argument("--by", metavar="KODE", help="den ansatte som gjør det; rollen følger med (uten: brukeren på maskinen)")


def an_instant(text: str) -> datetime:
    """Read an hour by the Norwegian clock, written as 2026-03-30T09:00 or 30.03.2026 09.00."""
    day, _, clock = text.replace("T", " ").partition(" ")
    try:
        return oslo_instant(a_day(day), time.fromisoformat(clock.replace(".", ":")))
    except (ValueError, argparse.ArgumentTypeError):
        raise argparse.ArgumentTypeError("skriv tiden som 2026-03-30T09:00") from None


def a_clock(text: str) -> time:
    """Read a time of day written as 09:00 or 9.00."""
    try:
        return time.fromisoformat(text.replace(".", ":").zfill(5))
    except ValueError:
        raise argparse.ArgumentTypeError("skriv klokkeslettet som 09:00") from None


def a_day(text: str) -> date:
    """Read a day written as 2026-03-01 or 01.03.2026, of a year anybody here was born in or will see."""
    for written in (text, "-".join(reversed(text.split(".")))):
        try:
            day = date.fromisoformat(written)
        except ValueError:
            continue
        if day.year not in _YEARS:
            raise argparse.ArgumentTypeError(f"året må ligge mellom {_YEARS[0]} og {_YEARS[-1]}")
        return day
    raise argparse.ArgumentTypeError("skriv datoen som 2026-03-01")


def a_number_between(least: int, most: int) -> Callable[[str], int]:
    """Make the reader of a whole number within bounds."""

    def read(text: str) -> int:
        if not text.strip().isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"skriv et helt tall fra {least} til {most}")
        return int(text)

    return read


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
