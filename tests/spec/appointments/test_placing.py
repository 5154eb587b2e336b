"""Hvem som får hvilken time

Hver natt velges timene for alle som skal ha en, på én gang. Det som velges etter, i denne rekkefølgen:

1. Så mange barn som mulig får time. Dagen ligger alltid blant dem barnet kan få time på, og sted, fagfolk og lengde er det konsultasjonen krever. En time brukes
   én gang, en gruppe av så mange som den har plass til, og ingen er to steder samtidig.
2. Er det ikke plass til alle, går de først som har kortest frist.
3. Blant alle måter å gjøre det på velges den med færrest poeng: nær dagen det siktes mot, samme helsesykepleier som sist, søsken samme dag etter hverandre,
   familiens ønsker, få fulle grupper heller enn mange halvtomme, noen dager å forberede seg på (flere når tolk må bestilles), og ikke legens tid når legen ikke
   trengs. Poengene er våre [default] og står i norms.toml.

Et ønske er et ønske: ingen går uten time fordi de ledige ikke var ønsket. Barna heter her Ask, Bo, Eir og Liv; dagene er i mars 2026, og 16. er en mandag.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

from fjorten.appointments.choosing import Suiting, best_of, suiting
from fjorten.appointments.norms import default_norms
from fjorten.appointments.placing import Need, Placing, Wishes
from fjorten.appointments.slots import FreeSlot
from fjorten.appointments.solver import place
from fjorten.kernel.periods import Period
from fjorten.kernel.times import OSLO, start_of_day
from fjorten.programme.steps import Setting
from tests.appointments.times import IN_GROUP, NURSE_AND_DOCTOR, TODAY, WITH_DOCTOR, a_need, a_slot
from tests.spec.tables import check_table, spec

NAMES = ["Ask", "Bo", "Eir", "Liv"]
EMPLOYEES = ["Kari", "Nora"]
WEEKDAYS = ["mandag", "tirsdag", "onsdag", "torsdag", "fredag"]
WHY = {
    "no_such_time": "ingen slik time",
    "only_shorter_times": "bare kortere timer",
    "child_is_elsewhere": "barnet er et annet sted",
    "taken_by_others": "tatt av dem med kortere frist",
}


def child(words: str) -> Need:
    """«Bo mål 12 frist 20 med lege hos Nora»: what is not said is as for most."""
    name, *rest = words.split()
    need = a_need(NAMES.index(name) + 1)
    said = dict(zip(rest[::2], rest[1::2], strict=True))
    for word, value in said.items():
        match word:
            case "mål":
                need = replace(need, target_on=date(2026, 3, int(value)))
            case "frist":
                until_on = date(2026, 3, int(value) + 1)
                need = replace(need, until_on=until_on, days=Period(need.days.start, until_on))
            case "med":
                need = replace(need, ways=(WITH_DOCTOR,))
            case "i":
                need = replace(need, ways=IN_GROUP)
            case "hos":
                need = replace(need, same_nurse=EMPLOYEES.index(value) + 1)
            case "søsken":
                need = replace(need, family=1)
            case "ikke":
                need = replace(need, wishes=Wishes(frozenset({WEEKDAYS.index(value)})))
            case "fra":
                need = replace(need, wishes=Wishes(earliest=time.fromisoformat(value)))
            case "tolk":
                need = replace(need, needs_interpreter=True)
            case _:
                raise ValueError(word)
    return need


def slot(words: str) -> FreeSlot:
    """«16 09:00 Kari lege», «16 12:00 Nora gruppe 4»."""
    day, clock, who, *rest = words.split()
    employee = EMPLOYEES.index(who) + 1
    match rest:
        case []:
            return a_slot(int(day), clock, employee_id=employee)
        case ["lege"]:
            return a_slot(int(day), clock, employee_id=employee, doctor_id=9, performers=NURSE_AND_DOCTOR)
        case ["gruppe", places]:
            return a_slot(int(day), clock, employee_id=employee, minutes=60, setting=Setting.GROUP, capacity=int(places))
    raise ValueError(words)


def who_gets_which(barn: str, ledig: str) -> str:
    needs = [child(words) for words in barn.split(", ")]
    return told(place(needs=needs, slots=[slot(words) for words in ledig.split(", ") if words], today=TODAY))


def told(placing: Placing) -> str:
    assert placing.is_best
    given = {
        one.need.child: f"{one.slot.begins_at.astimezone(OSLO):%-d %H:%M} {EMPLOYEES[one.slot.employee_id - 1]}" for one in placing.placed
    }
    without = {one.need.child: WHY[one.why] for one in placing.unplaced}
    return ", ".join(f"{NAMES[number - 1]} {answer}" for number, answer in sorted((given | without).items()))


@spec("Nær dagen det siktes mot, samme helsesykepleier, og familiens ønsker")
def test_one_child_is_given_the_best_time() -> None:
    check_table(
        who_gets_which,
        """
        barn                      | ledig                              | svar
        Ask mål 16                | 12 09:00 Kari, 17 09:00 Kari       | Ask 17 09:00 Kari
        Ask mål 16 hos Nora       | 16 09:00 Kari, 18 09:00 Nora       | Ask 18 09:00 Nora
        Ask mål 16 hos Nora       | 16 09:00 Kari, 27 09:00 Nora       | Ask 16 09:00 Kari
        Ask mål 16 ikke mandag    | 16 09:00 Kari, 19 09:00 Kari       | Ask 19 09:00 Kari
        Ask mål 16 ikke mandag    | 16 09:00 Kari                      | Ask 16 09:00 Kari
        Ask mål 16 fra 12:00      | 16 09:00 Kari, 17 13:00 Kari       | Ask 17 13:00 Kari
        Ask mål 16                | 16 09:00 Kari lege, 17 09:00 Kari  | Ask 17 09:00 Kari
        Ask mål 16 med lege       | 16 09:00 Kari, 20 09:00 Kari lege  | Ask 20 09:00 Kari
        """,
    )


@spec("Når det ikke er plass til alle: de med kortest frist først, og flest mulig")
def test_those_whose_window_closes_first_come_first() -> None:
    check_table(
        who_gets_which,
        """
        barn                                | ledig                                   | svar
        Ask frist 27, Bo frist 20           | 16 09:00 Kari                           | Ask tatt av dem med kortere frist, Bo 16 09:00 Kari
        Ask frist 27, Bo frist 20           | 16 09:00 Kari, 23 09:00 Kari            | Ask 23 09:00 Kari, Bo 16 09:00 Kari
        Ask mål 16, Bo mål 16 med lege      | 16 09:00 Kari lege, 26 09:00 Nora       | Ask 26 09:00 Nora, Bo 16 09:00 Kari
        Ask frist 20 med lege, Bo frist 27  | 16 09:00 Kari, 24 09:00 Kari lege       | Ask ingen slik time, Bo 16 09:00 Kari
        Ask frist 20, Bo frist 27           | 24 09:00 Kari                           | Ask ingen slik time, Bo 24 09:00 Kari
        Ask frist 27                        |                                         | Ask ingen slik time
        """,
    )


@spec("Grupper fylles: få og fulle, og alene bare når ingen gruppe har plass")
def test_groups_are_filled() -> None:
    check_table(
        who_gets_which,
        """
        barn                                     | ledig                                                   | svar
        Ask mål 16 i gruppe, Bo mål 19 i gruppe  | 16 12:00 Kari gruppe 4, 18 12:00 Nora gruppe 4          | Ask 18 12:00 Nora, Bo 18 12:00 Nora
        Ask mål 10 i gruppe, Bo mål 26 i gruppe  | 10 12:00 Kari gruppe 4, 26 12:00 Nora gruppe 4          | Ask 10 12:00 Kari, Bo 26 12:00 Nora
        Ask i gruppe, Bo i gruppe, Eir i gruppe  | 16 12:00 Kari gruppe 2, 17 09:00 Nora                   | Ask 16 12:00 Kari, Bo 16 12:00 Kari, Eir 17 09:00 Nora
        Ask mål 16 i gruppe                      | 16 09:00 Kari, 27 12:00 Nora gruppe 4                   | Ask 27 12:00 Nora
        """,
    )


@spec("Søsken samme dag, etter hverandre")
def test_siblings_come_together() -> None:
    check_table(
        who_gets_which,
        """
        barn                                         | ledig                                                                | svar
        Ask mål 16 søsken ja, Bo mål 18 søsken ja    | 16 09:00 Kari, 18 09:00 Kari, 18 09:30 Kari                          | Ask 18 09:00 Kari, Bo 18 09:30 Kari
        Ask mål 16 søsken ja, Bo mål 16 søsken ja    | 16 09:00 Kari, 16 14:00 Kari, 17 09:00 Nora, 17 09:30 Nora           | Ask 17 09:00 Nora, Bo 17 09:30 Nora
        Ask søsken ja, Bo fra 12:00 søsken ja        | 16 09:00 Kari, 16 14:00 Kari                                         | Ask 16 09:00 Kari, Bo 16 14:00 Kari
        Ask mål 10 søsken ja, Bo mål 26 søsken ja    | 10 09:00 Kari, 26 09:00 Kari, 26 09:30 Kari                          | Ask 10 09:00 Kari, Bo 26 09:00 Kari
        """,
    )


def best_ones(barn: str, ledig: str) -> str:
    need, free = child(barn), [slot(words) for words in ledig.split(", ") if words]
    at = start_of_day(TODAY)
    return told_of(best_of(suiting(need, free, at=at, today=TODAY, norms=default_norms())))


def told_of(best: Sequence[Suiting]) -> str:
    return ", ".join(
        f"{one.slot.day.day} {one.slot.begins_at.astimezone(OSLO):%H:%M} {EMPLOYEES[one.slot.employee_id - 1]}" for one in best
    )


@spec("En person som velger, får de tre beste først, høyst én hver dag")
def test_the_best_three_are_on_three_days() -> None:
    check_table(
        best_ones,
        """
        barn                | ledig                                                      | svar
        Ask mål 17          | 16 09:00 Kari, 17 09:00 Kari, 19 09:00 Kari, 24 09:00 Kari | 17 09:00 Kari, 16 09:00 Kari, 19 09:00 Kari
        Ask mål 17          | 17 09:00 Kari, 17 10:00 Kari, 18 09:00 Kari                | 17 09:00 Kari, 18 09:00 Kari
        Ask mål 17 hos Nora | 17 09:00 Kari, 17 10:00 Nora                               | 17 10:00 Nora
        Ask mål 17 med lege | 17 09:00 Kari, 18 09:00 Kari lege                          | 18 09:00 Kari
        Ask mål 17 frist 18 | 17 09:00 Kari, 19 09:00 Kari                               | 17 09:00 Kari
        """,
    )
