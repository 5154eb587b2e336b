"""
Hvem som får åpne et barns journal

Det samme svaret gjelder for sider, lister, søk, utskrifter, eksport og kommandolinjen. Svaret «finnes ikke» gis der selve det at barnet finnes, er en hemmelighet. Rekkefølgen og hva som er en behandlingsrelasjon, er våre egne [default]; at man ikke skal lese uten grunn, og at tungtveiende grunner kan gå foran en reservasjon, følger av pasientjournalloven §§ 16, 17 og 22 og pasient- og brukerrettighetsloven § 5-3.
"""

from datetime import UTC, datetime, timedelta

from fjorten.access.permissions import Role
from fjorten.access.policies import Subject, Viewer, may_open
from tests.spec.tables import check_table, spec

AT = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CHILD, CLINIC, OTHER_CLINIC = 7, 1, 2
# What may hold of the child and of what binds the viewer to it, by the words of the tables.
FACTS = {
    "": {},
    "på egen helsestasjon": {"clinic": CLINIC},
    "på en annen helsestasjon": {"clinic": OTHER_CLINIC},
    "uten journal": {"clinic": None},
    "i en annen kommune": {"clinic": CLINIC, "municipality": "9902"},
    "skjermet": {"is_protected": True},
    "time hos den som spør": {"has_time_with_viewer": True},
    "saken til den som spør": {"is_viewers_case": True},
    "reservert": {"is_blocked_for_viewer": True},
    "har fått tilgang": {"authorised_until": AT + timedelta(days=1)},
    "tilgangen er gått ut": {"authorised_until": AT},
    "nødåpnet": {"emergency_until": AT + timedelta(minutes=60)},
    "nødåpnet for en time siden": {"emergency_until": AT},
}


def opened(rolle: str, barnet: str, *, egen_familie: str = "nei", navngitt: str = "nei") -> str:
    facts: dict[str, object] = {"child": CHILD, "municipality": "9901", "clinic": OTHER_CLINIC}
    for fact in barnet.split(", "):
        facts |= FACTS[fact]
    viewer = Viewer(
        municipality="9901",
        roles=[Role(rolle)],
        clinics=[CLINIC],
        kin=[CHILD] if egen_familie == "ja" else [],
        protected_team=[CHILD] if navngitt == "ja" else [],
    )
    verdict = may_open(viewer, Subject(**facts), at=AT)  # type: ignore[arg-type]
    words = [{"shown": "vises", "refused": "avvises", "absent": "finnes ikke"}[verdict.answer.value]]
    words += [f"({verdict.ground.value})"] if verdict.ground else []
    words += ["kan nødåpne"] if verdict.may_break_glass else []
    return " ".join(words)


@spec("Hva som gir tilgang")
def test_what_gives_access() -> None:
    check_table(
        opened,
        """
        rolle               | barnet                                                  | svar
        public_health_nurse | på egen helsestasjon                                    | vises (clinic)
        clerk               | på egen helsestasjon                                    | vises (clinic)
        leader              | på egen helsestasjon                                    | vises (clinic)
        public_health_nurse | på en annen helsestasjon                                | avvises kan nødåpne
        clerk               | på en annen helsestasjon                                | avvises
        leader              | på en annen helsestasjon                                | avvises
        doctor              | på en annen helsestasjon, time hos den som spør         | vises (appointment)
        clerk               | på en annen helsestasjon, saken til den som spør        | vises (case)
        doctor              | på en annen helsestasjon, har fått tilgang              | vises (authorisation)
        doctor              | på en annen helsestasjon, tilgangen er gått ut          | avvises kan nødåpne
        clerk               | uten journal                                            | vises (register)
        public_health_nurse | uten journal                                            | vises (register)
        doctor              | uten journal                                            | avvises kan nødåpne
        analyst             | på egen helsestasjon                                    | avvises
        privacy_officer     | på egen helsestasjon                                    | avvises
        administrator       | på egen helsestasjon, har fått tilgang                  | avvises
        public_health_nurse | i en annen kommune                                      | finnes ikke
        public_health_nurse | i en annen kommune, time hos den som spør               | finnes ikke
        """,
    )


@spec("Reservasjon og nødåpning")
def test_blocking_and_breaking_glass() -> None:
    check_table(
        opened,
        """
        rolle               | barnet                                                  | svar
        public_health_nurse | på egen helsestasjon, reservert                         | avvises kan nødåpne
        clerk               | på egen helsestasjon, reservert                         | avvises
        public_health_nurse | på egen helsestasjon, reservert, time hos den som spør  | avvises kan nødåpne
        public_health_nurse | på egen helsestasjon, reservert, nødåpnet               | vises (emergency)
        public_health_nurse | på en annen helsestasjon, nødåpnet                      | vises (emergency)
        public_health_nurse | på en annen helsestasjon, nødåpnet for en time siden    | avvises kan nødåpne
        clerk               | på en annen helsestasjon, nødåpnet                      | avvises
        public_health_nurse | i en annen kommune, nødåpnet                            | finnes ikke
        """,
    )


@spec("Skjermede barn og egen familie")
def test_protected_children_and_ones_own_family() -> None:
    check_table(
        opened,
        """
        rolle               | barnet                                   | egen_familie | navngitt | svar
        public_health_nurse | på egen helsestasjon, skjermet           | nei          | nei      | finnes ikke
        public_health_nurse | på egen helsestasjon, skjermet           | nei          | ja       | vises (clinic)
        public_health_nurse | på egen helsestasjon, skjermet, nødåpnet | nei          | nei      | finnes ikke
        leader              | på egen helsestasjon, skjermet           | nei          | nei      | finnes ikke
        public_health_nurse | på egen helsestasjon                     | ja           | nei      | avvises
        public_health_nurse | på egen helsestasjon, nødåpnet           | ja           | nei      | avvises
        public_health_nurse | på egen helsestasjon, har fått tilgang   | ja           | nei      | avvises
        public_health_nurse | på egen helsestasjon, skjermet           | ja           | nei      | finnes ikke
        public_health_nurse | på egen helsestasjon, skjermet           | ja           | ja       | avvises
        """,
    )
