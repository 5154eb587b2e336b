"""The `fjorten` command: finds the subcommand, loads what it needs, turns refusals into sentences and exit codes."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NoReturn

from fjorten import __version__
from fjorten.cli.home import begin_demo, ensure_secret, has_secret, turn_to_demo
from fjorten.kernel.national_id import mask
from fjorten.kernel.refusals import Refused

# Command -> module and what it does. Modules are loaded only when asked for: `reconcile` needs no database and no Django.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "reconcile": ("fjorten.cli.reconcile", "To filer inn, en liste over avvik ut: registeruttrekk og journaleksport."),
    "init": ("fjorten.cli.init", "Gjør klar databasen, nøklene og eventuelt en kommune."),
    "register": ("fjorten.cli.register", "Les inn Folkeregisteret: uttrekk (load), hendelser (feed)."),
    "history": ("fjorten.cli.history", "Ta over historikken fra et tidligere system: load."),
    "enrol": ("fjorten.cli.enrol", "Meld inn et barn i programmet og åpne journal."),
    "step": ("fjorten.cli.step", "Før en konsultasjon: gjort, gjort et annet sted, avslått, utgår, åpnet igjen."),
    "standing": ("fjorten.cli.standing", "Før et barn utenfor programmet eller under overføring, med begrunnelse."),
    "work": ("fjorten.cli.work", "Arbeidslisten: det som venter på et menneske."),
    "ledger": ("fjorten.cli.ledger", "Regnskapet: alle bosatte barn, og hvor de står."),
    "verify": ("fjorten.cli.verify", "Tell regnskapet på nytt fra rå opplysninger, og prøv sporet og øyeblikksbildene."),
    "clinics": (
        "fjorten.cli.clinics",
        "Helsestasjonene: det meldingene og brevene sier om hvem vi er, hva vi har av telefon, og hvor vi er.",
    ),
    "staff": ("fjorten.cli.staff", "De ansatte: hvem som arbeider her, hvem som er borte, og hvem som gjør arbeidet da."),
    "account": ("fjorten.cli.accounts", "Kontoene: hvem som kan logge inn, hvilke roller de har, og hvem som hadde tilgang når."),
    "roster": ("fjorten.cli.roster", "Timeplanene: hvem som tar imot hvor og når."),
    "appointments": ("fjorten.cli.appointments", "Timene: dagens, de som ikke er ført, og hva som ble av dem."),
    "messages": ("fjorten.cli.messages", "Meldingene: hvor de står, den manuelle listen og brevene."),
    "cases": ("fjorten.cli.cases", "Sakene etter konsultasjoner som ikke ble noe av."),
    "nightly": ("fjorten.cli.nightly", "Nattkjøringen: registeret, arbeidslisten, innkalling, saker, meldinger og regnskapet."),
    "status": ("fjorten.cli.status", "Står alt bra til? Én linje for hvert forhold noen må se på."),
    "worker": ("fjorten.cli.worker", "Meldingene mellom nettene: det familiene skal ha beskjed om, og det de har skrevet."),
    "serve": ("fjorten.cli.serve", "Nettsidene: tjeneren, når innstillingene er trygge nok."),
    "backup": ("fjorten.cli.backup", "Sikkerhetskopi av alt i én fil, mens alt går."),
    "restore": ("fjorten.cli.restore", "Legg tilbake en sikkerhetskopi, og se at alt stemmer."),
    "demo": ("fjorten.cli.demo", "En oppdiktet kommune: regnskapet og avvikene."),
    "manage": ("fjorten.cli.manage", "Djangos egne kommandoer (migrate, shell, ...)."),
}
WITHOUT_DATABASE: Final = frozenset({"reconcile"})
MAKES_READY: Final = frozenset({"init", "demo"})
BRINGS_ITS_OWN: Final = frozenset({"restore"})  # the keys are in the file

# What goes over all municipalities, and what goes into one after the other by itself; any other is within the one it names.
OVER_ALL: Final = frozenset({"init", "backup", "restore", "demo", "manage"})
ONE_BY_ONE: Final = frozenset({"nightly", "status", "worker", "serve"})

OK: Final = 0
FOUND: Final = 1
CANNOT: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command and give its exit code: 0 nothing to do, 1 something found, 2 could not be done (a sentence says why).

    National numbers never reach the terminal through an error.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _Parser(prog="fjorten", description="Ingen barn skal mistes av syne: regnskapet en helsestasjon kan få til å gå opp.")
    parser.add_argument("--version", action="version", version=f"fjorten {__version__}", help="vis versjonen")
    commands = parser.add_subparsers(dest="command", metavar="kommando", title="kommandoer", parser_class=_Parser)
    asked = given[0] if given and given[0] in COMMANDS else None
    for name, (_, help_text) in COMMANDS.items():
        child = commands.add_parser(name, help=help_text, description=help_text)
        if name == asked:
            _prepare(name, given)
            importlib.import_module(COMMANDS[name][0]).add_arguments(child)
    options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return CANNOT
    try:
        if options.command not in WITHOUT_DATABASE | BRINGS_ITS_OWN and not has_secret():
            raise InstallationIsNotReady
        with _before_the_wall(options):
            return int(importlib.import_module(COMMANDS[options.command][0]).run(options))
    except Refused as refused:
        print(f"fjorten: {mask(str(refused))}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        print("fjorten: avbrutt. Ingenting er halvgjort; kjør kommandoen på nytt.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def _before_the_wall(options: argparse.Namespace) -> AbstractContextManager[None]:
    """
    Open the wall as far as a command needs (organisation.wall). When the municipality it names is not there, or the database is not, it
    stays shut: the command says so itself.
    """
    if options.command in WITHOUT_DATABASE | ONE_BY_ONE:
        return nullcontext()
    from django.db import DatabaseError

    from fjorten.organisation.queries import municipality_named
    from fjorten.organisation.wall import over_all, within

    if options.command in OVER_ALL:
        return over_all(f"fjorten {options.command}")
    try:
        return within(municipality_named(getattr(options, "municipality", None)))
    except (Refused, DatabaseError):
        return nullcontext()


class InstallationIsNotReady(Refused):
    """There is no key and so no installation to work in."""

    sentence = "Her er det ingen installasjon ennå. Kjør `fjorten init` først, i samme mappe eller med samme FJORTEN_HOME."


def parser_of(command: str) -> argparse.ArgumentParser:
    """Make the parser of one command by itself."""
    parser = _Parser(prog=f"fjorten {command}", description=COMMANDS[command][1])
    importlib.import_module(COMMANDS[command][0]).add_arguments(parser)
    return parser


def entry() -> None:
    """Leave the process with the command's exit code."""
    sys.exit(main())


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "bruk: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Explains itself in Norwegian, and says in Norwegian what is wrong with the command line."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **traits)
        self._positionals.title, self._optionals.title = "argumenter", "valg"
        self.add_argument("-h", "--help", action="help", help="vis denne hjelpen")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(CANNOT, f"{self.prog}: kommandolinjen er ikke forstått: {mask(_in_norwegian(message))}\nSe {self.prog} --help.\n")


def _in_norwegian(message: str) -> str:
    for english, norwegian in (
        ("the following arguments are required:", "dette mangler:"),
        ("unrecognized arguments:", "dette er ukjent:"),
        ("invalid choice:", "ukjent valg:"),
        ("choose from", "velg mellom"),
        ("expected one argument", "trenger en verdi"),
        ("invalid int value:", "skriv et helt tall, ikke"),
        ("invalid float value:", "skriv et tall, ikke"),
        ("one of the arguments ", "ett av disse trengs: "),
        (" is required", ""),
        ("not allowed with argument", "kan ikke brukes sammen med"),
        ("ambiguous option:", "kan bety flere ting:"),
        (" could match ", ", det kan være "),
        ("expected at least one argument", "trenger minst én verdi"),
        ("argument ", "argumentet "),
    ):
        message = message.replace(english, norwegian)
    return message


def _prepare(command: str, given: Sequence[str]) -> None:
    if command in WITHOUT_DATABASE:
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fjorten.config.settings")
    if command == "demo":
        begin_demo()
    if command == "serve" and "--demo" in given:
        turn_to_demo()  # before the settings are read
    if command in MAKES_READY:
        ensure_secret()
    import django

    django.setup()
