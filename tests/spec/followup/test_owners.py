"""Hvem som eier en sak, og hvem som handler i den

En åpen sak har alltid en eier og en stedfortreder. Er eieren borte, handler stedfortrederen, og deretter lederen; listen viser hvem og hvorfor. Det regnes ut når listen
leses, så ingen trenger å huske å gi saken tilbake. Reglene er våre [default].
"""

from fjorten.followup.ladder import Owner
from fjorten.followup.owners import may_own, role_of
from fjorten.organisation.owners import Colleague, acting_for, responsible
from tests.spec.tables import check_table, spec

PEOPLE = {"Anne": 1, "Berit": 2, "Lise": 3}
NAMES = {number: name for name, number in PEOPLE.items()}


def acting(eier: str, stedfortreder: str, leder: str, borte: str) -> str:
    away = [PEOPLE[name.strip()] for name in borte.split(",") if name.strip()]
    found = acting_for(owner=PEOPLE[eier], deputy=PEOPLE[stedfortreder], leader=PEOPLE.get(leder), away=away)
    return f"{NAMES[found.who]}, {found.because.words}"


@spec("Hvem som handler i dag")
def test_who_acts() -> None:
    check_table(
        acting,
        """
        eier | stedfortreder | leder | borte              | svar
        Anne | Berit         | Lise  |                    | Anne, eier den
        Anne | Berit         | Lise  | Berit              | Anne, eier den
        Anne | Berit         | Lise  | Anne               | Berit, stedfortreder: eieren er borte
        Anne | Berit         | Lise  | Anne, Berit        | Lise, leder: eieren og stedfortrederen er borte
        Anne | Berit         | Lise  | Anne, Berit, Lise  | Lise, ingen er til stede: eieren, stedfortrederen og lederen er borte
        Anne | Berit         |       | Anne, Berit        | Anne, ingen er til stede: eieren, stedfortrederen og lederen er borte
        Anne | Anne          | Lise  | Anne               | Lise, leder: eieren og stedfortrederen er borte
        """,
    )


ROLES = {"merkantil": "clerk", "helsesykepleier": "public_health_nurse", "leder": "leader", "lege": "doctor"}


def colleagues(cell: str) -> list[Colleague]:
    """Read «merkantil Anne (borte), leder Lise (annen helsestasjon), helsesykepleier Berit > Lise», the last a named deputy."""
    found = []
    for part in (part.strip() for part in cell.split(",") if part.strip()):
        person, _, deputy = part.partition(" > ")
        role, name = person.split()[:2]
        found.append(
            Colleague(
                id=PEOPLE[name],
                role=ROLES[role],
                is_here="annen helsestasjon" not in part,
                is_present="borte" not in part,
                deputy=PEOPLE.get(deputy.strip()),
            )
        )
    return found


def chosen(steg: str, ansatte: str, kjent: str) -> str:
    who = {"systemet": Owner.SYSTEM, "merkantil": Owner.CLERK, "helsesykepleier": Owner.NURSE, "leder": Owner.LEADER}[steg]
    found = responsible(role_of(who), colleagues(ansatte), same_as=PEOPLE.get(kjent))
    return "ingen" if found is None else f"{NAMES[found.owner]}, stedfortreder {NAMES[found.deputy]}"


@spec("Hvem som får saken: rollen steget har, de som er til stede først, og blant dem den familien kjenner")
def test_who_gets_the_case() -> None:
    check_table(
        chosen,
        """
        steg            | ansatte                                                              | kjent | svar
        merkantil       | merkantil Anne, helsesykepleier Berit, leder Lise                    |       | Anne, stedfortreder Lise
        systemet        | merkantil Anne, helsesykepleier Berit, leder Lise                    |       | Anne, stedfortreder Lise
        merkantil       | merkantil Anne, merkantil Berit, leder Lise                          |       | Anne, stedfortreder Berit
        merkantil       | merkantil Anne (borte), merkantil Berit, leder Lise                  |       | Berit, stedfortreder Anne
        merkantil       | merkantil Anne > Lise, merkantil Berit, leder Lise                   |       | Anne, stedfortreder Lise
        helsesykepleier | helsesykepleier Anne, helsesykepleier Berit, leder Lise              | Berit | Berit, stedfortreder Anne
        helsesykepleier | helsesykepleier Anne, helsesykepleier Berit (borte), leder Lise      | Berit | Anne, stedfortreder Berit
        helsesykepleier | merkantil Anne, leder Lise                                           |       | Lise, stedfortreder Anne
        helsesykepleier | merkantil Anne, leder Lise (annen helsestasjon)                      |       | Lise, stedfortreder Anne
        leder           | merkantil Anne, leder Lise                                           |       | Lise, stedfortreder Anne
        leder           | leder Lise                                                           |       | Lise, stedfortreder Lise
        helsesykepleier | merkantil Anne                                                       |       | ingen
        merkantil       |                                                                      |       | ingen
        """,
    )


def allowed(steg: str, rolle: str) -> str:
    return "ja" if may_own(Owner(steg), {**ROLES, "jordmor": "midwife", "fysioterapeut": "physiotherapist"}[rolle]) else "nei"


@spec("Hvem et steg kan gis til for hånd")
def test_who_may_own_a_step() -> None:
    check_table(
        allowed,
        """
        steg   | rolle           | svar
        clerk  | merkantil       | ja
        clerk  | helsesykepleier | ja
        system | merkantil       | ja
        nurse  | merkantil       | nei
        nurse  | helsesykepleier | ja
        nurse  | lege            | ja
        nurse  | jordmor         | ja
        nurse  | fysioterapeut   | ja
        nurse  | leder           | ja
        leader | leder           | ja
        leader | helsesykepleier | nei
        """,
    )


def spread(tur: str) -> str:
    found = responsible(role_of(Owner.NURSE), colleagues("helsesykepleier Anne, helsesykepleier Berit, leder Lise"), turn=int(tur))
    assert found is not None
    return NAMES[found.owner]


@spec("Er familien ikke kjent fra før, fordeles sakene etter tur (barnets nummer i registeret vårt)")
def test_cases_spread_over_several() -> None:
    check_table(
        spread,
        """
        tur | svar
        0   | Anne
        1   | Berit
        2   | Anne
        """,
    )
