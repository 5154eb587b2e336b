"""
Hvilke oppslag noen ser nærmere på

Loggen over hvem som har sett i hvilke journaler, blir gått gjennom etterpå. Det uvanlige kommer først, det viktigste øverst, og blir stående til noen har sagt hva det var. Uvanlig er ikke det samme som galt. At det skal kontrolleres etterpå, følger av pasientjournalloven § 22; hva som er uvanlig, er vårt eget [default].
"""

from datetime import datetime, timedelta

from fjorten.care_relations.oddities import LookFacts, crowded, is_in_working_hours, oddities_of
from fjorten.kernel.times import OSLO
from tests.spec.tables import check_table, spec

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=OSLO)
GROUNDS = {"time": "appointment", "sak": "case", "helsestasjonen": "clinic", "uten journal": "register", "gitt av lederen": "authorisation"}


def oddities(oppslag: str, grunn: str) -> str:
    facts = oppslag.split(", ")
    look = LookFacts(
        at=NOON,
        ground=GROUNDS.get(grunn, {"nødåpning": "emergency", "ingen": "", "kommandolinjen": "command line"}.get(grunn, grunn)),
        was_shown="avvist" not in facts,
        is_own_family="egen familie" in facts,
        is_colleagues_child="barnet til en kollega" in facts or "egen familie" in facts,
        is_reviewed_emergency="nødåpningen er gjennomgått" in facts,
    )
    return ", ".join(oddity.words for oddity in oddities_of(look)) or "vanlig"


@spec("Hvem barnet er, og hvorfor noen så")
def test_whose_child_and_why() -> None:
    check_table(
        oddities,
        """
        oppslag                    | grunn           | svar
                                   | time            | vanlig
                                   | sak             | vanlig
                                   | helsestasjonen  | vanlig
                                   | uten journal    | vanlig
                                   | gitt av lederen | vanlig
                                   | nødåpning       | nødåpning
        nødåpningen er gjennomgått | nødåpning       | vanlig
                                   | ingen           | uten behandlingsrelasjon
                                   | kommandolinjen  | uten behandlingsrelasjon
        avvist                     | ingen           | forsøk som ble avvist
        egen familie               | helsestasjonen  | egen familie
        egen familie, avvist       | ingen           | egen familie, forsøk som ble avvist
        barnet til en kollega      | helsestasjonen  | barnet til en kollega
        barnet til en kollega      | nødåpning       | nødåpning, barnet til en kollega
        """,
    )


def same_name(ansatt: str, barn: str) -> str:
    return "uvanlig" if oddities_of(LookFacts(at=NOON, ground="clinic", viewers_family_name=ansatt, childs_family_name=barn)) else "vanlig"


@spec("Samme etternavn")
def test_the_same_family_name() -> None:
    check_table(
        same_name,
        """
        ansatt      | barn        | svar
        Kvist       | Kvist       | uvanlig
        Aas         | Ås          | uvanlig
        Kvist-Berg  | Berg        | uvanlig
        Kvist       | Lyng        | vanlig
                    |             | vanlig
        """,
    )


@spec("Utenfor arbeidstid: en virkedag fra klokken 7 til 18 er innenfor")
def test_working_hours() -> None:
    check_table(
        lambda tidspunkt: "innenfor" if is_in_working_hours(datetime.fromisoformat(tidspunkt).replace(tzinfo=OSLO)) else "utenfor",
        """
        tidspunkt        | svar
        2026-03-10 06:59 | utenfor
        2026-03-10 07:00 | innenfor
        2026-03-10 17:59 | innenfor
        2026-03-10 18:00 | utenfor
        2026-03-14 12:00 | utenfor
        2026-05-17 12:00 | utenfor
        2026-12-25 12:00 | utenfor
        """,
    )


def volume(journaler: str, minutter: str) -> str:
    step = timedelta(minutes=int(minutter)) / max(int(journaler) - 1, 1)
    looks = [(NOON + number * step, f"barn {number}") for number in range(int(journaler))]
    return "uvanlig" if list(crowded(looks)) else "vanlig"


@spec("Mange journaler på kort tid: over 60 forskjellige på ti minutter")
def test_many_records_in_a_short_time() -> None:
    check_table(
        volume,
        """
        journaler | minutter | svar
        60        | 1        | vanlig
        61        | 9        | uvanlig
        61        | 10       | vanlig
        200       | 480      | vanlig
        """,
    )


def looked_again(journaler: str, ganger: str) -> str:
    looks = [(NOON + timedelta(seconds=number), f"barn {number % int(journaler)}") for number in range(int(journaler) * int(ganger))]
    return "uvanlig" if list(crowded(looks)) else "vanlig"


@spec("Å se i den samme journalen flere ganger teller én gang")
def test_the_same_record_counts_once() -> None:
    check_table(
        looked_again,
        """
        journaler | ganger | svar
        3         | 100    | vanlig
        61        | 1      | uvanlig
        """,
    )
