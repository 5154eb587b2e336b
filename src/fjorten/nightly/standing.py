"""
Whether all is well in a municipality, and what somebody must look at when it is not. Pure.

A run that is missing cannot tell that it is missing: so this is asked by somebody else, every hour, and on every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from fjorten.kernel.spoken import spoken
from fjorten.kernel.times import OSLO, oslo_date
from fjorten.nightly.usual import Unusual

# All limits are our own [default].
NIGHT_WITHIN: Final = timedelta(hours=26)
NIGHT_TAKES_AT_MOST: Final = timedelta(hours=4)
UNCERTAIN_FOR: Final = timedelta(minutes=30)
OVERDUE_WORKING_DAYS: Final = 3
LETTERS_WORKING_DAYS: Final = 3
# A gateway is down when this many tries one after the other, the last ones there are, did not get through.
TRIES: Final = 3
# The same alarm is told again after a day; that all is well once a week, so that whoever reads it notices when it stops.
ALARM_AGAIN: Final = timedelta(days=1)
ALL_CLEAR_AGAIN: Final = timedelta(days=7)


class Kind(StrEnum):
    """What an alarm is about."""

    NEVER_RUN = "never_run"
    NO_NIGHT = "no_night"
    NIGHT_STOPPED = "night_stopped"
    NOT_BALANCED = "not_balanced"
    TROUBLES = "troubles"
    NOBODY_TO_OWN = "nobody_to_own"
    UNUSUAL = "unusual"
    IN_THE_AIR = "in_the_air"
    UNCERTAIN = "uncertain"
    GATEWAY_DOWN = "gateway_down"
    TASKS_OVERDUE = "tasks_overdue"
    CASES_OVERDUE = "cases_overdue"
    LEADERS_CASES = "leaders_cases"
    LETTERS_WAIT = "letters_wait"
    NOBODY_EMPLOYED = "nobody_employed"
    NO_LEADER = "no_leader"
    NAMELESS = "nameless"
    NOT_FOUND_BY_FAMILIES = "not_found_by_families"
    NOT_PLACEABLE = "not_placeable"


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing somebody must look at, with a Norwegian sentence that says what."""

    kind: Kind
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastNight:
    """
    The newest night that was run to its end. `troubles` are those of its stages, by what went wrong.

    `not_placeable` are the children for whom there was no time left in their window.
    """

    on: date
    finished_at: datetime
    balanced: bool | None
    troubles: Mapping[str, int] = field(default_factory=dict)
    unusual: tuple[Unusual, ...] = ()
    not_placeable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """
    How a municipality stands at an instant. `begun_at` is a run that began after the last one that was finished, and is not finished.

    `children` is whether it has any: an empty ledger owes nobody anything, and needs nobody yet. `not_found` are the clinics with children
    that families are not told the telephone or the address of; `is_nameless` is a municipality they are not told the name of.
    """

    children: bool = True
    last: LastNight | None = None
    begun_at: datetime | None = None
    in_the_air: int = 0
    uncertain_without_task: int = 0
    gateways_down: tuple[str, ...] = ()
    tasks_overdue: int = 0
    cases_overdue: int = 0
    leaders_cases_overdue: int = 0
    letters_waiting: int = 0
    employed: int = 1
    leaders: int = 1
    is_nameless: bool = False
    not_found: tuple[str, ...] = ()


def alarms(facts: Facts, *, at: datetime) -> list[Alarm]:
    """This function will name what somebody must look at, the most pressing first; [] when all is well."""
    return [Alarm(kind, sentence) for kind, sentence in (*_of_the_night(facts, at), *_of_messages(facts), *_of_people(facts))]


def must_tell(found: list[Alarm], *, told: frozenset[str] | None, told_at: datetime | None, at: datetime) -> bool:
    """
    This function will tell whether an alarm is sent now. `told` are the kinds of alarm told of last, at `told_at` (empty: that all was
    well); None when nobody has been told anything.

    At once when there is something new, or when all is well again; the same again after a day; that all is well after a week.
    """
    if told is None or told_at is None:
        return True
    kinds = {alarm.kind.value for alarm in found}
    if not kinds:
        return bool(told) or at - told_at >= ALL_CLEAR_AGAIN
    return not kinds <= told or at - told_at >= ALARM_AGAIN


def _of_the_night(facts: Facts, at: datetime) -> Iterator[tuple[Kind, str]]:
    last = facts.last
    if last is None:
        yield (
            Kind.NEVER_RUN,
            spoken("Nattkjøringen er aldri kjørt til ende her. Kjør `fjorten nightly`, og sett den opp til å gå hver natt."),
        )
    elif at - last.finished_at > NIGHT_WITHIN:
        since = _clock(last.finished_at)
        yield Kind.NO_NIGHT, spoken("Nattkjøringen er ikke kjørt til ende siden %(since)s. Kjør `fjorten nightly`.", since=since)
    if facts.begun_at is not None and at - facts.begun_at > NIGHT_TAKES_AT_MOST:
        yield (
            Kind.NIGHT_STOPPED,
            spoken(
                "Nattkjøringen som begynte %(begun)s, er ikke ferdig. Kjør `fjorten nightly` på nytt.",
                begun=_clock(facts.begun_at),
            ),
        )
    if last is None:
        return
    if last.balanced is None:
        said = spoken("Regnskapet ble ikke gjort opp etter natten til %(day)s. Se `fjorten ledger`.", day=_day(last.on))
        yield Kind.NOT_BALANCED, said
    elif not last.balanced:
        yield Kind.NOT_BALANCED, spoken("Regnskapet gikk ikke opp etter natten til %(day)s. Se `fjorten ledger`.", day=_day(last.on))
    unowned = sum(number for error, number in last.troubles.items() if error in NOBODY)
    if unowned:
        yield (
            Kind.NOBODY_TO_OWN,
            spoken("%(n)s oppgaver eller saker fikk ingen eier i natt. Før minst en leder med `fjorten staff hire`.", n=str(unowned)),
        )
    others = sum(last.troubles.values()) - unowned
    if others:
        yield (
            Kind.TROUBLES,
            spoken(
                "%(n)s ting kunne ikke gjøres natten til %(day)s; resten er gjort. Se hva med `fjorten nightly`.",
                n=str(others),
                day=_day(last.on),
            ),
        )
    for one in last.unusual:
        yield (
            Kind.UNUSUAL,
            spoken(
                "Natten til %(day)s er uvanlig: %(what)s %(count)s, vanligvis %(usual)s.",
                day=_day(last.on),
                what=COUNTS_CALLED.get(one.name, one.name),
                count=str(one.count),
                usual=f"{one.usual:.0f}",
            ),
        )


# The refusals that say that there is nobody to give something to.
NOBODY: Final = frozenset({"NobodyToOwnIt"})


def _of_messages(facts: Facts) -> Iterator[tuple[Kind, str]]:
    for gateway in facts.gateways_down:
        yield (
            Kind.GATEWAY_DOWN,
            spoken("Meldinger kommer ikke ut med %(gateway)s: de siste forsøkene gikk ikke gjennom. De prøves igjen.", gateway=gateway),
        )
    if facts.in_the_air:
        yield Kind.IN_THE_AIR, spoken("%(n)s meldinger skulle vært lenger på vei. Går `fjorten worker`?", n=str(facts.in_the_air))
    if facts.uncertain_without_task:
        yield (
            Kind.UNCERTAIN,
            spoken(
                "%(n)s meldinger er det uvisst om er sendt, og ingen er bedt om å finne det ut. Se `fjorten worker`.",
                n=str(facts.uncertain_without_task),
            ),
        )
    if facts.children and facts.is_nameless:
        yield (
            Kind.NAMELESS,
            spoken(
                "Kommunen har ikke noe navn som kan stå i meldingene, så ingen kan skrives. "
                "Si hva familiene kjenner den som: `fjorten clinics known-as`."
            ),
        )
    if facts.not_found:
        yield (
            Kind.NOT_FOUND_BY_FAMILIES,
            spoken(
                "Telefon eller adresse mangler, så meldinger og brev ikke kan skrives: %(clinics)s. "
                "Før det med `fjorten clinics found-at`.",
                clinics=", ".join(facts.not_found),
            ),
        )
    if facts.letters_waiting:
        yield (
            Kind.LETTERS_WAIT,
            spoken(
                "%(n)s brev har ventet mer enn %(days)s virkedager på å bli skrevet ut. Kjør `fjorten messages print`.",
                n=str(facts.letters_waiting),
                days=str(LETTERS_WORKING_DAYS),
            ),
        )


def _of_people(facts: Facts) -> Iterator[tuple[Kind, str]]:
    if facts.children and not facts.employed:
        yield Kind.NOBODY_EMPLOYED, spoken("Ingen ansatte er ført, så ingen eier det som venter. Før dem med `fjorten staff hire`.")
    elif facts.children and not facts.leaders:
        yield Kind.NO_LEADER, spoken("Ingen leder er ført, så det som haster, har ingen å gå til. Før en med `fjorten staff hire`.")
    if facts.leaders_cases_overdue:
        said = spoken("%(n)s saker venter på lederen over fristen. Se `fjorten cases due`.", n=str(facts.leaders_cases_overdue))
        yield Kind.LEADERS_CASES, said
    if facts.cases_overdue:
        yield (
            Kind.CASES_OVERDUE,
            spoken(
                "%(n)s saker er mer enn %(days)s virkedager over fristen. Se `fjorten cases due`.",
                n=str(facts.cases_overdue),
                days=str(OVERDUE_WORKING_DAYS),
            ),
        )
    if facts.tasks_overdue:
        yield (
            Kind.TASKS_OVERDUE,
            spoken(
                "%(n)s oppgaver på den manuelle listen er mer enn %(days)s virkedager over fristen. Se `fjorten messages tasks`.",
                n=str(facts.tasks_overdue),
                days=str(OVERDUE_WORKING_DAYS),
            ),
        )
    if facts.last is not None and facts.last.not_placeable:
        yield (
            Kind.NOT_PLACEABLE,
            spoken(
                "%(n)s barn skal ha time nå, og det finnes ingen ledig. Se `fjorten appointments need`.", n=str(facts.last.not_placeable)
            ),
        )


# What a count of a run is called; those without a name here are shown by their own.
COUNTS_CALLED: Final = {
    "register.events": "hendelser fra Folkeregisteret",
    "reconcile.work_items": "nye oppgaver på arbeidslisten",
    "contacts.guardians_met": "foresatte som er nye her",
    "contacts.contacts_found": "nye numre og adresser fra kontaktregisteret",
    "cases.opened": "nye saker",
    "unbooked.opened": "nye saker der ingen time er satt opp",
    "invitations.booked": "timer gitt",
    "invitations.unplaced": "barn uten ledig time",
    "owed.queued": "meldinger satt i kø",
    "owed.withdrawn": "meldinger trukket tilbake",
    "owed.given_to_a_person": "beskjeder gitt til et menneske",
    "letters.answered": "svar om digitale brev",
    "sending.left_in_the_queue": "meldinger som venter fordi tjenesten ikke svarer",
    "sending.handed_over": "meldinger sendt siste døgn",
    "ledger.residents": "bosatte barn",
    "ledger.unaccounted": "barn uten plass i regnskapet",
    "ledger.not_closed": "timer som ikke er ført",
    "ledger.open_cases": "åpne saker",
}


def _clock(at: datetime) -> str:
    return spoken("%(day)s kl. %(clock)s", day=_day(oslo_date(at)), clock=f"{at.astimezone(OSLO):%H.%M}")


def _day(day: date) -> str:
    return day.strftime("%d.%m.%Y")
