"""Hva som kan føres på en konsultasjon

En konsultasjon avgjøres av et menneske, med dag, navn og begrunnelse: gjennomført, gjort et annet sted, takket nei, eller ikke aktuelt. Det
som er avgjort, står til noen åpner det igjen med begrunnelse. Historikken beholder alt. Kommandoen er `fjorten step`.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial

import pytest

from fjorten.audit.actor import Actor
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person
from fjorten.plans.actions import settling
from fjorten.plans.actions.enrolment import enrol
from fjorten.plans.models import Enrolment, PlannedStep, StepEvent
from fjorten.programme.definitions import child_programme
from fjorten.programme.status import Status
from tests.spec.tables import check_table, spec

TODAY = date(2026, 3, 10)
TOMORROW = date(2026, 3, 11)
STEP = "C14_Y4"

Acts = dict[str, Callable[[Enrolment], None]]


@pytest.fixture
def acts(clerk: Actor, at: datetime) -> Acts:
    """What can be recorded, in the words of the tables."""

    def act(action: Callable[..., None], **told: object) -> Callable[[Enrolment], None]:
        signed = {"step": STEP, "reason": "mor ringte", "by": clerk, "at": at, **told}
        return lambda enrolment: partial(action, enrolment=enrolment)(**signed)

    done, elsewhere = settling.mark_done, settling.mark_done_elsewhere
    return {
        "gjennomført": act(done, on=TODAY, today=TODAY),
        "gjennomført uten begrunnelse": act(done, on=TODAY, today=TODAY, reason=""),
        "gjennomført i morgen": act(done, on=TOMORROW, today=TODAY),
        "sagt gjort et annet sted": act(elsewhere, on=TODAY, today=TODAY, is_confirmed=False),
        "dokumentert gjort et annet sted": act(elsewhere, on=TODAY, today=TODAY, is_confirmed=True),
        "gjort et annet sted i morgen": act(elsewhere, on=TOMORROW, today=TODAY, is_confirmed=True),
        "gjort et annet sted uten begrunnelse": act(elsewhere, on=TODAY, today=TODAY, is_confirmed=True, reason=" "),
        "bekreftet": act(settling.confirm_done_elsewhere),
        "takket nei": act(settling.decline, on=TODAY),
        "takket nei uten begrunnelse": act(settling.decline, on=TODAY, reason=""),
        "ikke aktuelt": act(settling.waive, on=TODAY),
        "åpnet igjen": act(settling.reopen),
        "åpnet igjen uten begrunnelse": act(settling.reopen, reason=""),
        "ukjent kode": act(settling.decline, on=TODAY, step="C99"),
    }


@pytest.fixture
def a_child(municipality: Municipality, clerk: Actor, at: datetime) -> Callable[[], Enrolment]:
    """Enrols a newborn, a new one each time."""

    def enrolled() -> Enrolment:
        born_on = date(2026, 3, 1)
        child = Person.objects.create(municipality=municipality, born_on=born_on, born_by=born_on)
        clinic, programme = municipality.clinics.get(), child_programme(TODAY)
        return enrol(person=child, clinic=clinic, definition=programme, on=TODAY, reason="nyfødt", by=clerk, at=at)

    return enrolled


def told(row: PlannedStep) -> str:
    if row.outcome is None:
        return "åpen"
    unconfirmed = ", ikke bekreftet" if row.is_confirmed is False else ""
    return Status(row.outcome).words + unconfirmed


def after(tidligere: str, handling: str, *, acts: Acts, a_child: Callable[[], Enrolment]) -> str:
    """Record one thing on an open step, then another, and tell where the step stands or what was said."""
    enrolment = a_child()
    for act in (tidligere, handling):
        if act:
            try:
                acts[act](enrolment)
            except Refused as refused:
                return str(refused)
    return told(PlannedStep.objects.get(enrolment=enrolment, step=STEP))


@spec("En åpen konsultasjon avgjøres på fire måter")
def test_an_open_step_is_settled(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    check_table(
        partial(after, tidligere="", acts=acts, a_child=a_child),
        """
        handling                        | konsultasjonen er da
        gjennomført                     | gjennomført
        gjennomført uten begrunnelse    | gjennomført
        sagt gjort et annet sted        | gjort annet sted, ikke bekreftet
        dokumentert gjort et annet sted | gjort annet sted
        takket nei                      | takket nei
        ikke aktuelt                    | ikke aktuelt
        """,
    )


@spec("Det som mangler, blir det spurt om")
def test_what_is_missing_is_asked_for(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    check_table(
        partial(after, tidligere="", acts=acts, a_child=a_child),
        """
        handling                             | svar
        takket nei uten begrunnelse          | Skriv en begrunnelse (minst ett ord). Den blir stående med navnet ditt.
        gjort et annet sted uten begrunnelse | Skriv en begrunnelse (minst ett ord). Den blir stående med navnet ditt.
        åpnet igjen uten begrunnelse         | Skriv en begrunnelse (minst ett ord). Den blir stående med navnet ditt.
        gjennomført i morgen                 | Datoen er fram i tid. Oppgi dagen det skjedde.
        gjort et annet sted i morgen         | Datoen er fram i tid. Oppgi dagen det skjedde.
        ukjent kode                          | Programmet har ingen konsultasjon med denne koden. Kodene står i docs/reference og i `fjorten ledger`.
        """,
    )


@spec("Den som kommer sist, får vite at noen var først")
def test_a_settled_step_stands(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    check_table(
        partial(after, acts=acts, a_child=a_child),
        """
        tidligere                       | handling                 | svar
        gjennomført                     | takket nei               | Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse hvis det er feil.
        takket nei                      | gjennomført              | Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse hvis det er feil.
        ikke aktuelt                    | ikke aktuelt             | Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse hvis det er feil.
        dokumentert gjort et annet sted | sagt gjort et annet sted | Konsultasjonen er allerede avgjort. Åpne den igjen med begrunnelse hvis det er feil.
        """,
    )


@spec("En påstand om gjort et annet sted kan bekreftes, én gang")
def test_a_claim_is_confirmed(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    check_table(
        partial(after, acts=acts, a_child=a_child),
        """
        tidligere                       | handling  | svar
        sagt gjort et annet sted        | bekreftet | gjort annet sted
        dokumentert gjort et annet sted | bekreftet | Konsultasjonen er ikke avgjort, så det er ingenting å åpne igjen eller bekrefte.
        gjennomført                     | bekreftet | Konsultasjonen er ikke avgjort, så det er ingenting å åpne igjen eller bekrefte.
                                        | bekreftet | Konsultasjonen er ikke avgjort, så det er ingenting å åpne igjen eller bekrefte.
        """,
    )


@spec("Det som ble ført ved en feil, åpnes igjen")
def test_a_mistake_is_opened_again(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    check_table(
        partial(after, acts=acts, a_child=a_child),
        """
        tidligere                | handling    | svar
        gjennomført              | åpnet igjen | åpen
        sagt gjort et annet sted | åpnet igjen | åpen
        takket nei               | åpnet igjen | åpen
        ikke aktuelt             | åpnet igjen | åpen
                                 | åpnet igjen | Konsultasjonen er ikke avgjort, så det er ingenting å åpne igjen eller bekrefte.
        """,
    )


@spec("Historikken beholder alt som har vært ført, i rekkefølge")
def test_the_history_keeps_everything(acts: Acts, a_child: Callable[[], Enrolment]) -> None:
    def history(handling: str) -> str:
        enrolment = a_child()
        for act in handling.split(", "):
            acts[act](enrolment)
        events = StepEvent.objects.filter(planned_step__enrolment=enrolment, planned_step__step=STEP).order_by("pk")
        return ", ".join(event.get_what_display() for event in events)

    check_table(
        history,
        """
        handling                                          | historikk
        gjennomført                                       | planlagt, avgjort
        gjennomført, åpnet igjen                          | planlagt, avgjort, åpnet igjen
        sagt gjort et annet sted, bekreftet               | planlagt, avgjort, avgjort
        takket nei, åpnet igjen, gjennomført, åpnet igjen | planlagt, avgjort, åpnet igjen, avgjort, åpnet igjen
        """,
    )
