"""Innmeldt, utenfor eller under overføring

Hvert bosatt barn står ett sted. Innmeldingen åpner journalen og legger planen; en begrunnelse for å stå utenfor, eller for at journalen er
under overføring, er datert og signert. Alt gjelder fra og med en dag, og til, men ikke med, dagen det avsluttes. I dag er 10. mars 2026.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.actions import enrolment
from fjorten.plans.actions.standing import decide_standing, end_standing
from fjorten.plans.models import Enrolment, StandingDecision
from fjorten.programme.definitions import child_programme
from tests.spec.tables import check_table, spec

TODAY = date(2026, 3, 10)
Acts = dict[str, Callable[[Person, date], object]]


@pytest.fixture
def acts(clerk: Actor, at: datetime) -> Acts:
    """What can be done with a child, from a day on, in the words of the tables."""
    signed: dict[str, Any] = {"reason": "prøve", "by": clerk, "at": at}
    programme = child_programme(TODAY)

    def enrol(child: Person, day: date) -> None:
        enrolment.enrol(person=child, clinic=child.municipality.clinics.get(), definition=programme, on=day, **signed)

    def end_enrolment(child: Person, day: date) -> None:
        enrolment.end_enrolment(enrolment=Enrolment.objects.filter(person=child).latest("pk"), on=day, **signed)

    def decide(standing: StandingDecision.Standing) -> Callable[[Person, date], object]:
        return lambda child, day: decide_standing(person=child, standing=standing, on=day, **signed)

    return {
        "meld inn": enrol,
        "avslutt innmeldingen": end_enrolment,
        "før utenfor": decide(StandingDecision.Standing.OUTSIDE),
        "før under overføring": decide(StandingDecision.Standing.IN_TRANSFER),
        "avslutt begrunnelsen": lambda child, day: end_standing(person=child, on=day, **signed),
    }


def after(skjer: str, *, acts: Acts, municipality: Municipality) -> str:
    """Do things to a new child in order, each from a day of March 2026, and tell the rows that stand, or what was said last."""
    child = Person.objects.create(municipality=municipality, born_on=date(2024, 3, 1), born_by=date(2024, 3, 1))
    for act in skjer.split(", "):
        verb, _, day = act.rpartition(" ")
        try:
            acts[verb](child, date(2026, 3, int(day.rstrip("."))))
        except Refused as refused:
            return str(refused)
    periods = [("innmeldt", row.enrolled_on, row.ended_on) for row in Enrolment.objects.filter(person=child)]
    periods += [(row.get_standing_display(), row.from_on, row.until_on) for row in StandingDecision.objects.filter(person=child)]
    return ", ".join(
        f"{what} fra {begins.day}." + (f" til {ends.day}." if ends else "")
        for what, begins, ends in sorted(periods, key=lambda row: row[1])
    )


@spec("Et barn meldes inn én gang om gangen")
def test_a_child_is_enrolled_once_at_a_time(acts: Acts, municipality: Municipality) -> None:
    check_table(
        partial(after, acts=acts, municipality=municipality),
        """
        skjer                                                   | barnet står da
        meld inn 10.                                            | innmeldt fra 10.
        meld inn 10., meld inn 12.                              | Barnet er allerede innmeldt i programmet her.
        meld inn 10., avslutt innmeldingen 15., meld inn 15.    | innmeldt fra 10. til 15., innmeldt fra 15.
        meld inn 10., avslutt innmeldingen 15., meld inn 14.    | Barnet er allerede innmeldt i programmet her.
        meld inn 10., avslutt innmeldingen 9.                   | Innmeldingen kan ikke avsluttes før dagen den begynte. Sjekk datoen.
        meld inn 10., avslutt innmeldingen 10.                  | innmeldt fra 10. til 10.
        """,
    )


@spec("Den som meldes inn, står ikke lenger utenfor eller under overføring")
def test_enrolling_ends_the_standing(acts: Acts, municipality: Municipality) -> None:
    check_table(
        partial(after, acts=acts, municipality=municipality),
        """
        skjer                                                         | barnet står da
        før utenfor 5., meld inn 10.                                  | utenfor med begrunnelse fra 5. til 10., innmeldt fra 10.
        før under overføring 5., meld inn 10.                         | under overføring fra 5. til 10., innmeldt fra 10.
        før under overføring 5., avslutt begrunnelsen 20., meld inn 10. | under overføring fra 5. til 10., innmeldt fra 10.
        før utenfor 5., avslutt begrunnelsen 8., meld inn 10.         | utenfor med begrunnelse fra 5. til 8., innmeldt fra 10.
        """,
    )


@spec("Det er én gjeldende begrunnelse om gangen, og bare den som ikke er innmeldt, er utenfor")
def test_one_standing_at_a_time(acts: Acts, municipality: Municipality) -> None:
    check_table(
        partial(after, acts=acts, municipality=municipality),
        """
        skjer                                                            | barnet står da
        meld inn 10., før utenfor 10.                                    | Barnet er allerede innmeldt i programmet her.
        meld inn 10., før under overføring 12.                           | innmeldt fra 10., under overføring fra 12.
        før utenfor 5., før under overføring 8.                          | Det finnes allerede en gjeldende begrunnelse for dette barnet. Avslutt den først.
        før utenfor 5., avslutt begrunnelsen 8., før under overføring 8. | utenfor med begrunnelse fra 5. til 8., under overføring fra 8.
        før utenfor 5., avslutt begrunnelsen 8., før under overføring 7. | Det finnes allerede en gjeldende begrunnelse for dette barnet. Avslutt den først.
        før utenfor 5., avslutt begrunnelsen 4.                          | Det finnes ingen gjeldende begrunnelse å avslutte for dette barnet.
        """,
    )
