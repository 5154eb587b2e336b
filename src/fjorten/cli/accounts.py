"""`fjorten account`: who may sign in, which roles they have, and who had which access on a day."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from fjorten.cli.edge import a_day, acting, now, today, with_day, with_employee, with_municipality
from fjorten.kernel.national_id import NotANationalId, parse
from fjorten.kernel.refusals import Refused

if TYPE_CHECKING:
    from fjorten.kernel.national_id import NationalId
    from fjorten.organisation.models import Municipality

ROLES = (
    *("public_health_nurse", "midwife", "doctor", "physiotherapist", "school_nurse"),
    *("clerk", "leader", "analyst", "privacy_officer", "administrator"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what can be written behind the command."""
    with_municipality(parser)
    with_day(parser, "dagen listen gjelder for, eller rollen begynner eller slutter")
    verbs = parser.add_subparsers(dest="verb", metavar="hva", title="hva (uten: listen)")
    opening = verbs.add_parser("open", help="åpne en konto, uten passord og uten rolle")
    role = verbs.add_parser("role", help="gi en rolle")
    end_role = verbs.add_parser("end-role", help="avslutt en rolle; i dag: straks")
    password = verbs.add_parser("password", help="sett et nytt passord; det leses fra tastaturet eller fra det som sendes inn")
    number = verbs.add_parser("number", help="si hvem kontoen tilhører i Folkeregisteret; nummeret leses på samme måte")
    unlock = verbs.add_parser("unlock", help="åpne en konto som er sperret etter feil passord")
    close = verbs.add_parser("close", help="steng en konto og avslutt rollene")
    reopen = verbs.add_parser("reopen", help="åpne en stengt konto igjen, uten roller")
    for child in (opening, role, end_role, password, number, unlock, close, reopen):
        child.add_argument("login", metavar="BRUKERNAVN")
        with_employee(child)
    opening.add_argument("name", metavar="NAVN")
    opening.add_argument("--employee", metavar="KODE", help="den ansatte kontoen tilhører")
    for child in (role, end_role):
        child.add_argument("role", choices=ROLES, metavar="ROLLE", help=", ".join(ROLES))
        child.add_argument("--clinic", metavar="NAVN", help="helsestasjonen (uten: alle i kommunen)")
    role.add_argument("--until", type=a_day, metavar="DATO", help="dagen rollen ikke gjelder lenger (uten: til den avsluttes)")


def run(options: argparse.Namespace) -> int:
    """Show who has which roles, or do what was asked."""
    from fjorten.access import actions
    from fjorten.access.permissions import Role
    from fjorten.access.queries import account_named, role_of_account
    from fjorten.organisation.queries import clinic_named, employee_coded, municipality_named

    municipality = municipality_named(options.municipality)
    on, at = options.on or today(), now()
    if options.verb is None:
        return _list(municipality, options)
    by = acting(options, municipality)
    if options.verb == "open":
        employee = employee_coded(options.employee, municipality) if options.employee else None
        actions.open_account(municipality=municipality, login=options.login, name=options.name, employee=employee, by=by, at=at)
        print(f"{options.login} er åpnet. Gi kontoen et passord (password), et fødselsnummer (number) og en rolle (role).")
        return 0
    user = account_named(options.login, municipality)
    match options.verb:
        case "role":
            role, clinic = Role(options.role), clinic_named(options.clinic, municipality) if options.clinic else None
            actions.give_role(user=user, role=role, clinic=clinic, from_on=on, until_on=options.until, by=by, at=at)
            print(f"{user.login} er {role.words} ved {clinic or 'alle helsestasjonene'} fra {on.strftime('%d.%m.%Y')}.")
        case "end-role":
            clinic = clinic_named(options.clinic, municipality) if options.clinic else None
            actions.end_role(held=role_of_account(user, Role(options.role), clinic, on=on), on=on, by=by, at=at)
            print(f"{user.login} er ikke lenger {Role(options.role).words} fra {on.strftime('%d.%m.%Y')}.")
        case "password":
            actions.set_password(user=user, password=_secret("Nytt passord: ", "Gjenta passordet: "), by=by, at=at)
            print(f"{user.login} har fått nytt passord, og er logget ut alle steder.")
        case "number":
            actions.tell_own_number(user=user, number=_number(), by=by, at=at)
            print(f"Den egne familien til {user.login} er kjent, og åpnes ikke for kontoen.")
        case "unlock":
            actions.unlock_account(user=user, by=by, at=at)
            print(f"{user.login} kan logge inn igjen.")
        case "close":
            actions.close_account(user=user, by=by, at=at)
            print(f"{user.login} er stengt, og rollene er avsluttet.")
        case _:
            actions.reopen_account(user=user, by=by, at=at)
            print(f"{user.login} er åpnet igjen. Rollene må gis på nytt.")
    return 0


class NotTheSameTwice(Refused):
    """What was typed the second time differs from the first."""

    sentence = "De to passordene er ikke like. Prøv igjen."


class NothingWasGiven(Refused):
    """Neither the keyboard nor what was sent in gave anything."""

    sentence = "Ingenting ble lest. Skriv det når du blir spurt, eller send det inn: `fjorten account password NAVN < fil`."


class NumberIsInvalid(Refused):
    """What was given is not an identity number."""

    def __init__(self, sentence: str) -> None:
        super().__init__("number")
        self.sentence = sentence


def _secret(asks: str, repeats: str = "") -> str:
    """Read what is never to stand on a command line: typed without showing, or the first line of what is sent in."""
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = getpass.getpass(asks)
        if repeats and getpass.getpass(repeats) != given:
            raise NotTheSameTwice
    if not given:
        raise NothingWasGiven
    return given


def _number() -> "NationalId":
    try:
        return parse(_secret("Fødselsnummer: "))
    except NotANationalId as wrong:
        raise NumberIsInvalid(wrong.sentence) from None


def _list(municipality: "Municipality", options: argparse.Namespace) -> int:
    from fjorten.access.permissions import Role
    from fjorten.access.queries import accounts_of, roles_held
    from fjorten.cli.listing import show

    on = options.on or today()
    held = list(roles_held(municipality, on=on))
    rows = [
        (
            one.user.login,
            one.user.display_name,
            Role(one.role).words,
            one.clinic or "alle",
            one.from_on.strftime("%d.%m.%Y"),
            one.until_on.strftime("%d.%m.%Y") if one.until_on else "",
            one.given_by,
            "kjent" if one.user.national_id else "ukjent",
        )
        for one in held
    ]
    headings = ("brukernavn", "navn", "rolle", "helsestasjon", "fra", "til", "gitt av", "egen familie")
    show(f"Tilgang {on.strftime('%d.%m.%Y')}", headings, rows, nothing="Ingen hadde noen rolle den dagen.", most=500)
    idle = [
        (user.login, user.display_name, "stengt" if not user.is_active else "uten rolle")
        for user in accounts_of(municipality)
        if user.pk not in {one.user_id for one in held}
    ]
    if idle:
        show("Kontoer uten tilgang", ("brukernavn", "navn", "nå"), idle, nothing="", most=500)
    return 0 if rows else 1
