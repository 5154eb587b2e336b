"""Hva som åpner en oppfølgingssak

En sak åpnes av et faktum, og hvert faktum åpner høyst én sak: en sak en person har lukket, åpnes ikke igjen av det samme. Et nytt faktum om en konsultasjon med åpen
sak flytter saken, og åpner ikke en til. Et avgjort steg trenger ingen sak.

Dagene er våre [default]: 14 dager før tidsrommet er over, og en uke til en time ingen har ført, slutter å telle som satt opp.
"""

from datetime import date

from fjorten.appointments.states import State
from fjorten.followup.ladder import default_ladder
from fjorten.followup.triggers import AppointmentOnADay, DeadContact, Fact, Situation, Trigger, entry_of, facts_of
from fjorten.kernel.periods import Period
from tests.spec.followup.test_misses import WORDS
from tests.spec.tables import check_table, period, spec, truth

STATES = {**WORDS, "bekreftet": State.CONFIRMED}


def told(facts: tuple[Fact, ...]) -> str:
    return ", ".join(f"{fact.trigger.words} {fact.since:%d.%m}" for fact in facts) or "ingen"


def appointments_of(cell: str) -> list[AppointmentOnADay]:
    """Read «1.3 ikke møtt, 20.3 flyttet (10.3)» as appointments of 2026, numbered from 1; in brackets the day it was said, if another."""
    found = []
    for nth, part in enumerate((part.strip() for part in cell.split(",") if part.strip()), start=1):
        day, _, rest = part.partition(" ")
        state, _, said = rest.partition(" (")
        found.append(AppointmentOnADay(nth, STATES[state], day_of(day), day_of(said.removesuffix(")") or day)))
    return found


def day_of(cell: str) -> date:
    """Read «20.3» as a day of 2026."""
    day, month = cell.split(".")
    return date(2026, int(month), int(day))


def facts(today: str, timer: str, tidsrom: Period, avgjort: str) -> str:
    situation = Situation(step_id=7, window=tidsrom, is_settled=avgjort == "ja", appointments=appointments_of(timer))
    return told(facts_of(situation, today=date.fromisoformat(today)))


@spec("Det som ikke ble noe av: fra dagen det skjedde")
def test_what_was_missed() -> None:
    check_table(
        facts,
        """
        today      | timer                                   | tidsrom                | avgjort | svar
        2026-03-10 | 10.3 ikke møtt                          | 2026-02-10..2026-04-11 | nei     | ingen kom 10.03
        2026-03-10 | 10.3 ikke møtt, 20.3 tilbudt            | 2026-02-10..2026-04-11 | nei     | ingen kom 10.03
        2026-03-20 | 10.3 ikke møtt, 20.3 ikke fulgt         | 2026-02-10..2026-04-11 | nei     | ingen kom 10.03, ingen kom 20.03
        2026-03-20 | 10.3 avbestilt                          | 2026-02-10..2026-05-11 | nei     | ingen
        2026-03-20 | 10.3 avbestilt, 20.3 flyttet            | 2026-02-10..2026-05-11 | nei     | utsatt gang på gang 20.03
        2026-03-11 | 10.3 avbestilt, 20.3 flyttet (11.3)     | 2026-02-10..2026-05-11 | nei     | utsatt gang på gang 11.03
        2026-03-20 | 10.3 avlyst, 20.3 flyttet av oss        | 2026-02-10..2026-05-11 | nei     | ingen
        2026-03-20 | 10.3 ikke møtt, 20.3 møtt               | 2026-02-10..2026-05-11 | nei     | ingen
        2026-03-20 | 10.3 ikke møtt                          | 2026-02-10..2026-05-11 | ja      | ingen
        """,
        convert={"tidsrom": period},
    )


@spec("Tidsrommet: ingenting satt opp 14 dager før siste dag er tjenestens mangel; dagen etter siste dag er det over")
def test_what_the_window_says() -> None:
    check_table(
        facts,
        """
        today      | timer           | tidsrom                | avgjort | svar
        2026-03-27 |                 | 2026-02-10..2026-04-11 | nei     | ingen time 14 dager før tidsrommet er over 27.03
        2026-03-26 |                 | 2026-02-10..2026-04-11 | nei     | ingen
        2026-04-10 |                 | 2026-02-10..2026-04-11 | nei     | ingen time 14 dager før tidsrommet er over 27.03
        2026-04-11 |                 | 2026-02-10..2026-04-11 | nei     | tidsrommet er over 11.04
        2028-04-11 |                 | 2026-02-10..2026-04-11 | nei     | tidsrommet er over 11.04
        2026-04-11 |                 | 2026-02-10..2026-04-11 | ja      | ingen
        2026-03-27 | 8.4 tilbudt     | 2026-02-10..2026-04-11 | nei     | ingen
        2026-04-11 | 20.4 bekreftet  | 2026-02-10..2026-04-11 | nei     | ingen
        2026-03-27 | 8.4 avlyst      | 2026-02-10..2026-04-11 | nei     | ingen time 14 dager før tidsrommet er over 27.03
        2026-03-10 |                 | 2026-03-10..2026-03-17 | nei     | ingen time 14 dager før tidsrommet er over 10.03
        2026-03-09 |                 | 2026-03-10..2026-03-17 | nei     | ingen
        """,
        convert={"tidsrom": period},
    )


@spec("En time ingen har ført, teller som satt opp i en uke. Deretter skjuler den ikke barnet lenger")
def test_an_appointment_nobody_closed() -> None:
    check_table(
        facts,
        """
        today      | timer          | tidsrom                | avgjort | svar
        2026-04-11 | 10.4 tilbudt   | 2026-02-10..2026-04-11 | nei     | ingen
        2026-04-17 | 10.4 tilbudt   | 2026-02-10..2026-04-11 | nei     | ingen
        2026-04-18 | 10.4 tilbudt   | 2026-02-10..2026-04-11 | nei     | tidsrommet er over 11.04
        """,
        convert={"tidsrom": period},
    )


def unreachable(hva: str, hvem: str, plassert: str) -> str:
    trigger = {"brev i retur": Trigger.LETTER_RETURNED, "dødt nummer": Trigger.NUMBER_DEAD}[hva]
    contact = DeadContact(trigger, "7:2026-03-01", date(2026, 3, 1), is_carers=hvem == "den som har omsorgen")
    situation = Situation(step_id=7, window=period("2026-05-10..2026-07-11"), dead_contacts=[contact], is_placed=truth(plassert))
    found = facts_of(situation, today=date(2026, 3, 10))
    return f"{told(found)}: {default_ladder().starts_with(entry_of(found)) or '-'}"


@spec("Brev i retur og døde nummer begynner med å ringe. Er barnet plassert, gjelder bare den som har omsorgen nå")
def test_who_cannot_be_reached() -> None:
    check_table(
        unreachable,
        """
        hva          | hvem                 | plassert | svar
        brev i retur | foresatt             | nei      | brev kom i retur 01.03: call_again
        dødt nummer  | foresatt             | nei      | telefonnummeret virker ikke 01.03: call_again
        dødt nummer  | foresatt             | ja       | ingen: -
        dødt nummer  | den som har omsorgen | ja       | telefonnummeret virker ikke 01.03: call_again
        """,
    )


def begins(timer: str) -> str:
    situation = Situation(step_id=7, window=period("2026-02-10..2026-06-11"), appointments=appointments_of(timer))
    found = facts_of(situation, today=date(2026, 4, 1))
    return default_ladder().starts_with(entry_of(found)) or default_ladder().codes[0]


@spec("Annen gang legges saken hos helsesykepleieren, også når de to kom fram samtidig")
def test_where_on_the_ladder_a_case_begins() -> None:
    check_table(
        begins,
        """
        timer                                         | svar
        10.3 ikke møtt                                | new_time
        10.3 ikke møtt, 20.3 ikke møtt                | nurse_takes_over
        10.3 avbestilt, 20.3 flyttet                  | new_time
        10.3 avbestilt, 20.3 flyttet, 30.3 flyttet    | nurse_takes_over
        10.3 avbestilt, 20.3 flyttet, 30.3 ikke møtt  | nurse_takes_over
        """,
    )


def words(faktum: str) -> str:
    return next(trigger.sentence for trigger in Trigger if trigger.words == faktum)


@spec("Det som står på saken. Ingen får skylden, og det tjenesten mangler, er tjenestens")
def test_what_stands_on_the_case() -> None:
    check_table(
        words,
        """
        faktum                                     | svar
        ingen kom                                  | Ingen kom til timen.
        utsatt gang på gang                        | Timen til denne konsultasjonen er flyttet eller avbestilt gang på gang.
        tidsrommet er over                         | Tidsrommet for konsultasjonen er over, og den er ikke gjennomført.
        ingen time 14 dager før tidsrommet er over | Ingen time er satt opp, og tidsrommet er snart over. Det er tjenesten som mangler en time, ikke familien.
        brev kom i retur                           | Et brev til familien kom i retur. Finn riktig adresse.
        telefonnummeret virker ikke                | Et telefonnummer til familien virker ikke. Finn riktig nummer.
        åpnet av en ansatt                         | Saken er åpnet av en ansatt.
        """,
    )
