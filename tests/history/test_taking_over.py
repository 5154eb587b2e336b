"""A history is taken over as it was told, asks nothing of any family, and leaves what was not made good to the next round."""

from datetime import date, datetime, time, timedelta
from typing import Any

from fjorten.appointments.actions.outcomes import cancel_by_clinic
from fjorten.appointments.earlier import EarlierTime
from fjorten.appointments.models import Appointment, AppointmentEvent, Hold
from fjorten.appointments.states import State
from fjorten.audit.actor import Actor
from fjorten.audit.models import AuditEvent
from fjorten.audit.trail import broken_links
from fjorten.followup.actions.closings import reopen_case
from fjorten.followup.contact import How, Outcome
from fjorten.followup.earlier import EarlierCase, EarlierEntry
from fjorten.followup.models import Case, CaseEvent, CaseFact
from fjorten.followup.rounds import open_cases_from_facts
from fjorten.followup.triggers import Trigger
from fjorten.history.actions import TakenOver
from fjorten.kernel.national_id import parse
from fjorten.kernel.times import oslo_instant
from fjorten.ledger.balance import balance_of, ledger_rows
from fjorten.ledger.owed import all_obligations
from fjorten.ledger.recount import recount
from fjorten.ledger.snapshots import content_of
from fjorten.messages.models import Message
from fjorten.messages.queries import unaccounted_obligations
from fjorten.organisation.models import Municipality
from fjorten.people.earlier import EarlierAddress, EarlierGuardian, EarlierWish
from fjorten.people.models import Adult, ContactPoint, Person, PostalAddress, Wish
from fjorten.plans.actions.settling import reopen
from fjorten.plans.actions.standing import decide_standing
from fjorten.plans.models import Enrolment, PlannedStep, StandingDecision, StepEvent
from fjorten.plans.steps import EarlierStep
from fjorten.programme.status import Status
from fjorten.programme.steps import Setting
from fjorten.registers.models import WorkItem
from fjorten.registers.reconciliation import reconcile
from tests.factories.cases import NURSE
from tests.factories.register import a_number
from tests.history.conftest import BORN_ON, TODAY, TakeOver, a_child, child_numbered

MISSED_ON, CAME_ON = date(2025, 11, 4), date(2025, 11, 18)
STEP = "C07_M6"


def a_time(on: date, state: State, *, step: str = STEP, **told: Any) -> EarlierTime:
    return EarlierTime(step=step, begins_at=oslo_instant(on, time(9)), state=state, **{"employee": "sykepleier.a", **told})


def a_case(**told: Any) -> EarlierCase:
    call = EarlierEntry(
        step="call_again", on=date(2025, 11, 6), by="kari", how=How.TELEPHONE, outcome=Outcome.NEW_TIME, reason="forgot", note="ringte mor"
    )
    given = {"owner": "merkantil", "opened_on": MISSED_ON, "closed_on": CAME_ON, "closing": "attended", "entries": (call,), **told}
    return EarlierCase(step=STEP, **given)


MADE_GOOD = (a_time(MISSED_ON, State.DID_NOT_ATTEND), a_time(CAME_ON, State.ATTENDED))


def all_others_done(*, but: str = "") -> tuple[EarlierStep, ...]:
    """Every step whose window has been is done, but one."""
    codes = ("C01_HOME", "C02_W4", "C03_W6", "C04_M3", "C05_M4", "C06_M5", "C07_M6", "C08_M8")
    return tuple(
        EarlierStep(step=code, outcome=Status.DONE, on=BORN_ON + timedelta(days=7), by="sykepleier.a") for code in codes if code != but
    )


def cases_opened(municipality: Municipality, clerk: Actor, at: datetime) -> set[tuple[str, str]]:
    """What the next round opens cases about: the step and the fact."""
    before = set(Case.objects.values_list("pk", flat=True))
    triggers = set(Trigger) - {Trigger.NOTHING_BOOKED}
    open_cases_from_facts(municipality=municipality, on=TODAY, triggers=triggers, by=clerk, at=at)
    return set(Case.objects.exclude(pk__in=before).values_list("planned_step__step", "trigger"))


def as_it_stands() -> list[object]:
    """Everything a history is written to, and the end of the trail."""
    models = (
        Enrolment,
        PlannedStep,
        StepEvent,
        Appointment,
        AppointmentEvent,
        Case,
        CaseEvent,
        CaseFact,
        Adult,
        ContactPoint,
        Wish,
        AuditEvent,
    )
    return [row for model in models for row in model.objects.order_by("pk").values_list()]


def test_what_was_done_stands_with_who_and_when(take_over: TakeOver) -> None:
    elsewhere = EarlierStep(step="C02_W4", outcome=Status.DONE_ELSEWHERE, on=date(2025, 6, 9), reason="fastlegen", is_confirmed=False)
    done = EarlierStep(step="C01_HOME", outcome=Status.DONE, on=date(2025, 5, 19), by="jordmor.hansen")
    assert take_over(a_child(steps=(done, elsewhere))) == TakenOver(children=1)
    home, week_four, week_six = PlannedStep.objects.order_by("position")[:3]
    assert (home.outcome, home.outcome_on, home.outcome_by) == ("done", date(2025, 5, 19), "jordmor.hansen")
    assert (week_four.outcome, week_four.outcome_by, week_four.is_confirmed) == ("done_elsewhere", "merkantil.prøve", False)
    assert week_six.outcome is None, "what is not told of is still to be done"
    assert Enrolment.objects.get().enrolled_on == BORN_ON
    assert [event.what for event in home.events.order_by("pk")] == ["planned", "settled"]


def test_an_appointment_stands_with_what_became_of_it_and_holds_nobodys_time(take_over: TakeOver) -> None:
    take_over(a_child(appointments=MADE_GOOD), a_child(1, appointments=MADE_GOOD))
    assert Appointment.objects.count() == 4, "two at once with one nurse: so it was there"
    missed, came = Appointment.objects.filter(person=child_numbered()).order_by("begins_at")
    assert (missed.state, came.state, came.employee.code, came.state_at) == ("did_not_attend", "attended", "sykepleier.a", came.ends_at)
    step = PlannedStep.objects.get(enrolment__person=child_numbered(), step=STEP)
    assert (step.outcome, step.outcome_on, step.outcome_by) == ("done", CAME_ON, "sykepleier.a"), "somebody came: it was done that day"
    assert [event.to_state for event in came.events.order_by("pk")] == ["offered", "attended"]
    assert not Hold.objects.exists()


def test_a_closed_case_stands_with_what_was_done_in_it(take_over: TakeOver) -> None:
    assert take_over(a_child(appointments=MADE_GOOD, cases=(a_case(),))).refused == []
    case = Case.objects.get()
    assert (case.trigger, case.fact_on, case.closing, case.closed_on, case.owner.code) == (
        "missed",
        MISSED_ON,
        "attended",
        CAME_ON,
        "merkantil",
    )
    told = [(event.what, event.step, event.reason, event.by) for event in case.events.order_by("pk")]
    assert told == [
        ("opened", "", "missed", "merkantil"),
        ("step", "call_again", "forgot", "kari"),
        ("closed", "", "attended", "merkantil"),
    ]
    assert case.next_step == "new_time", "what it waited for when it was closed"


def test_a_case_that_was_taken_over_can_be_opened_again(take_over: TakeOver, at: datetime) -> None:
    take_over(a_child(appointments=MADE_GOOD, cases=(a_case(),)))
    reopen_case(case=Case.objects.get(), reason="lukket ved en feil", by=NURSE, at=at)
    assert Case.objects.still_open().count() == 1


def test_each_child_has_one_event_of_each_kind_and_the_chain_holds(take_over: TakeOver, loaded: Municipality) -> None:
    before = AuditEvent.objects.count()
    take_over(a_child(appointments=MADE_GOOD, cases=(a_case(),)), a_child(1))
    actions = sorted(AuditEvent.objects.order_by("seq")[before:].values_list("action", flat=True))
    about_both = ["enrolment.opened"] * 2 + ["family.taken_over"] * 2
    assert actions == ["appointments.taken_over", "cases.taken_over", *about_both]
    assert list(broken_links(loaded.code)) == []


def test_a_miss_that_was_made_good_opens_no_case_today_and_one_that_was_not_does(
    take_over: TakeOver, loaded: Municipality, clerk: Actor, at: datetime
) -> None:
    others = all_others_done(but=STEP)
    take_over(
        a_child(0, steps=others, appointments=MADE_GOOD),
        a_child(1, steps=others, appointments=MADE_GOOD[:1]),
    )
    opened = cases_opened(loaded, clerk, at)
    assert opened == {(STEP, "missed")}
    assert Case.objects.get().person == child_numbered(1)
    assert cases_opened(loaded, clerk, at) == set(), "once"


def test_what_a_person_closed_once_is_not_opened_again_though_the_step_was_never_done(
    take_over: TakeOver, loaded: Municipality, clerk: Actor, at: datetime
) -> None:
    closed = a_case(closing="emigrated_unconfirmed_keep_watch", closed_on=date(2026, 3, 2))
    take_over(a_child(steps=all_others_done(but=STEP), appointments=MADE_GOOD[:1], cases=(closed,)))
    assert cases_opened(loaded, clerk, at) == set()
    assert Case.objects.get().watch_on == date(2026, 6, 2), "and it is looked at again"


def test_a_step_nobody_is_told_to_have_done_is_found_by_the_next_round(
    take_over: TakeOver, loaded: Municipality, clerk: Actor, at: datetime
) -> None:
    take_over(a_child(steps=all_others_done(but=STEP)))
    assert cases_opened(loaded, clerk, at) == {(STEP, "window_passed")}


def test_nothing_is_owed_to_anybody_because_of_a_history(take_over: TakeOver, loaded: Municipality, at: datetime) -> None:
    states = [state for state in State if not state.is_open]
    times = [a_time(date(2025, 11, 3) + timedelta(days=7 * place), state) for place, state in enumerate(states)]
    take_over(a_child(appointments=tuple(times), cases=(a_case(opened_on=date(2025, 11, 3), closed_on=date(2026, 1, 9)),)))
    assert Appointment.objects.count() == len(states)
    long_ago = oslo_instant(date(2000, 1, 1), time(0))
    assert list(all_obligations(municipality=loaded, since=long_ago, at=at)) == []
    assert not Message.objects.exists()


def owed(municipality: Municipality, on: date) -> list[str]:
    """What families are owed by noon of a day, and have not been told."""
    at = oslo_instant(on, time(12))
    every = all_obligations(municipality=municipality, since=oslo_instant(date(2000, 1, 1), time(0)), at=at)
    return [one.kind for one in unaccounted_obligations(municipality=municipality, obligations=every, at=at)]


def test_a_time_to_come_is_held_and_the_family_is_not_told_of_it_again(take_over: TakeOver, loaded: Municipality) -> None:
    coming = a_time(COMING_ON, State.CONFIRMED, step="C09_M10", booked_on=date(2026, 3, 9))
    given_today = a_time(date(2026, 3, 25), State.OFFERED, step="C09_M10", booked_on=TODAY)
    assert take_over(a_child(appointments=(coming,)), a_child(1, appointments=(given_today,))).refused == []
    appointment = Appointment.objects.get(person=child_numbered())
    assert (appointment.state, appointment.booked_by) == ("confirmed", "merkantil.prøve")
    assert appointment.holds.count() == 2, "the nurse's time and the child's"
    assert owed(loaded, TODAY) == []
    assert owed(loaded, COMING_ON - timedelta(days=3)) == ["reminder_3_days"], "what becomes owed from now on is ours"


def test_a_family_the_earlier_system_told_of_a_time_is_told_when_we_cancel_it(
    take_over: TakeOver, loaded: Municipality, at: datetime
) -> None:
    take_over(a_child(appointments=(a_time(COMING_ON, State.OFFERED, step="C09_M10", booked_on=date(2026, 3, 9)),)))
    cancel_by_clinic(appointment=Appointment.objects.get(), reason="kurs", by=NURSE, at=at)
    assert owed(loaded, TODAY + timedelta(days=1)) == ["cancelled_by_clinic"]


def test_a_nurse_receives_one_child_at_a_time_and_a_group_together(take_over: TakeOver) -> None:
    alone = a_time(COMING_ON, State.OFFERED, step="C09_M10")
    done = take_over(a_child(appointments=(alone,)), a_child(1, appointments=(alone,)))
    assert (done.children, [sentence.split(":")[0] for _, sentence in done.refused]) == (1, ["Tiden er ikke ledig lenger"])
    group = a_time(date(2026, 3, 25), State.OFFERED, step="C09_M10", setting=Setting.GROUP, capacity=6, minutes=60)
    assert take_over(a_child(2, appointments=(group,)), a_child(3, appointments=(group,))).children == 2
    first, second = Appointment.objects.filter(setting="group").order_by("pk")
    assert (first.sitting, first.place, second.place) == (second.sitting, 0, 1)


def test_the_same_file_again_changes_nothing_whatever_has_been_done_since(take_over: TakeOver, at: datetime) -> None:
    told = a_child(
        steps=all_others_done(but=STEP),
        appointments=MADE_GOOD,
        cases=(a_case(),),
        guardians=(EarlierGuardian(number=parse(a_number(date(1994, 5, 3))), telephone="+4700000001"),),
        wish=EarlierWish(unsuitable_weekdays=(0,)),
    )
    assert take_over(told) == TakenOver(children=1)
    before = as_it_stands()
    assert take_over(told) == TakenOver(before=1)
    assert as_it_stands() == before
    reopen(enrolment=Enrolment.objects.get(), step=STEP, reason="var et annet barn", by=NURSE, at=at)
    corrected = as_it_stands()
    assert take_over(told) == TakenOver(before=1)
    assert as_it_stands() == corrected


def test_the_ledger_balances_and_the_independent_recount_agrees(take_over: TakeOver, loaded: Municipality, signing_key: None) -> None:
    newcomer = EarlierStep(
        step="C01_HOME", outcome=Status.DONE_ELSEWHERE, on=date(2025, 9, 1), reason="journal fra forrige kommune", by="sykepleier.a"
    )
    declined = EarlierStep(step="C08_M8", outcome=Status.DECLINED, on=date(2026, 1, 12), reason="familien takker nei")
    take_over(
        a_child(0, steps=all_others_done(but=STEP), appointments=MADE_GOOD, cases=(a_case(),)),
        a_child(1, since=date(2025, 9, 1), steps=(newcomer, declined)),
        a_child(2, appointments=(a_time(TODAY - timedelta(days=1), State.NOT_BROUGHT, step="C09_M10"),)),
    )
    balance = balance_of(municipality=loaded, on=TODAY)
    assert balance.problems == ()
    rows = ledger_rows(municipality=loaded, on=TODAY)
    found = recount(municipality=loaded, on=TODAY, lines=rows, totals=content_of(balance))
    assert found.differences == ()
    assert found.checked["steps"] == 3 * 14


def test_a_newcomers_plan_begins_the_day_it_came_with_what_its_papers_said(take_over: TakeOver) -> None:
    came_on = date(2025, 12, 1)
    papers = EarlierStep(step="C01_HOME", outcome=Status.DONE_ELSEWHERE, on=came_on, reason="journal fra forrige kommune")
    take_over(a_child(since=came_on, steps=(papers,)))
    outcomes = dict(PlannedStep.objects.values_list("step", "outcome"))
    assert (outcomes["C01_HOME"], outcomes["C02_W4"], outcomes["C14_Y4"]) == ("done_elsewhere", "waived", None)
    assert Enrolment.objects.get().catch_up_on == came_on


def test_families_are_known_as_they_were_and_what_is_known_here_stays(
    take_over: TakeOver, loaded: Municipality, clerk: Actor, at: datetime
) -> None:
    mother, father = a_number(date(1994, 5, 3)), a_number(date(1992, 5, 3))
    Adult.objects.create(municipality=loaded, number=mother, name="Kjent Her", language="nb", recorded_at=at, recorded_by="her")
    address = EarlierAddress(lines=("Ingensteds 1",), postal_code="0000", place="INGENSTEDS")
    guardians = (
        EarlierGuardian(number=parse(mother), name="Gammel Kunnskap", language="pl", telephone="+4700000009"),
        EarlierGuardian(
            number=parse(father), name="Far", language="uk", needs_interpreter=True, telephone="+47 000 00 001", address=address
        ),
        EarlierGuardian(number=parse(a_number(date(1990, 5, 3))), is_protected=True, address=address),
    )
    take_over(a_child(0, guardians=guardians, wish=EarlierWish(earliest=time(10))), a_child(1, guardians=guardians[1:2]))
    known, told, hidden = Adult.objects.order_by("pk")
    assert (known.name, known.language, known.contact_points.count()) == ("Kjent Her", "nb", 0)
    assert (told.name, told.needs_interpreter, told.contact_points.get().value, told.contact_points.get().source) == (
        *("Far", True),
        *("+4700000001", "import"),
    )
    assert [row.adult for row in PostalAddress.objects.all()] == [told], "no address is kept of the protected"
    assert (hidden.is_protected, Wish.objects.get().earliest) == (True, time(10))


def test_the_work_that_waited_for_the_children_to_be_enrolled_is_done(
    take_over: TakeOver, loaded: Municipality, clerk: Actor, at: datetime
) -> None:
    reconcile(municipality=loaded, on=TODAY, by=clerk, at=at)
    assert WorkItem.objects.unresolved().count() == 4
    take_over(a_child(0), a_child(1), a_child(2))
    assert WorkItem.objects.unresolved().count() == 1


def test_a_wrong_line_is_told_of_by_number_and_the_others_are_done(take_over: TakeOver) -> None:
    stranger = EarlierStep(step="C99", outcome=Status.DONE, on=TODAY)
    done = take_over(a_child(0), a_child(1, steps=(stranger,)), a_child(0), a_child(2), raw=["{", '{"number": "1"}', "", '"barn"'])
    assert (done.children, [line for line, _ in done.refused]) == (2, [2, 3, 5, 6, 8])
    assert done.refused[0][1].startswith("Programmet har ingen konsultasjon med denne koden.")
    assert done.refused[1][1].startswith("Barnet står på en linje tidligere i filen også.")


def test_a_child_who_follows_the_programme_here_otherwise_is_left_alone(take_over: TakeOver) -> None:
    take_over(a_child())
    before = as_it_stands()
    done = take_over(a_child(steps=all_others_done()))
    assert done.refused == [(1, "Barnet er allerede innmeldt i programmet her.")]
    assert as_it_stands() == before


def test_a_signed_decision_that_a_child_stands_outside_is_not_overruled_by_a_file(
    take_over: TakeOver, loaded: Municipality, at: datetime
) -> None:
    outside = StandingDecision.Standing.OUTSIDE
    decide_standing(person=child_numbered(), standing=outside, on=TODAY, reason="fulgt i nabokommunen", by=NURSE, at=at)
    done = take_over(a_child())
    assert (done.children, len(done.refused)) == (0, 1)
    assert done.refused[0][1].startswith("Det er ført her at barnet er utenfor")


TOO_LONG = "x" * 501
COMING_ON = date(2026, 3, 24)
IN_THE_FUTURE, UNBORN = TODAY + timedelta(days=1), BORN_ON - timedelta(days=1)


def settled(**told: Any) -> dict[str, Any]:
    return {"steps": (EarlierStep(**{"step": STEP, "outcome": Status.DONE, "on": CAME_ON, **told}),)}


def closed(**told: Any) -> dict[str, Any]:
    return {"appointments": MADE_GOOD, "cases": (a_case(**told),)}


def an_entry(**told: Any) -> dict[str, Any]:
    given = {"step": "call_again", "on": CAME_ON, "by": "kari", "outcome": Outcome.REACHED, **told}
    return closed(entries=(EarlierEntry(**given),))


CANNOT_HAVE_BEEN: list[tuple[dict[str, Any], str]] = [
    ({"since": IN_THE_FUTURE}, "Datoen er fram i tid."),
    ({"since": UNBORN}, "Datoen er før barnet ble født."),
    (settled(on=IN_THE_FUTURE), "Datoen er fram i tid."),
    (settled(on=UNBORN), "Datoen er før barnet ble født."),
    (settled(outcome=Status.DUE), "Skriv hvordan konsultasjonen ble avgjort"),
    (settled(outcome=Status.DECLINED), "Skriv en begrunnelse"),
    (settled(reason=TOO_LONG), "Begrunnelsen er for lang."),
    (settled(by=TOO_LONG), "For langt: navnet på den som gjorde det"),
    ({"steps": settled()["steps"] * 2}, "Samme konsultasjon er avgjort to ganger."),
    ({"appointments": (a_time(CAME_ON, State.OFFERED),)}, "En time som er over, må ha det som ble av den."),
    ({"appointments": (a_time(IN_THE_FUTURE, State.DID_NOT_ATTEND),)}, "En time som er over, må ha det som ble av den."),
    ({"appointments": (a_time(CAME_ON, State.ATTENDED, booked_on=IN_THE_FUTURE),)}, "Datoen er fram i tid."),
    ({"appointments": (a_time(CAME_ON, State.MOVED_BY_FAMILY, said_on=UNBORN),)}, "Datoen er før barnet ble født."),
    ({"appointments": (a_time(CAME_ON, State.ATTENDED, room="Rom 9"),)}, "Helsestasjonen har ikke noe rom med dette navnet."),
    ({**settled(), "appointments": (a_time(COMING_ON, State.OFFERED),)}, "Konsultasjonen er allerede avgjort."),
    ({"appointments": (a_time(COMING_ON, State.OFFERED), a_time(IN_THE_FUTURE, State.OFFERED))}, "Konsultasjonen har allerede en time."),
    (
        {"appointments": (a_time(COMING_ON, State.OFFERED), a_time(COMING_ON, State.OFFERED, step="C08_M8", employee="sykepleier.b"))},
        "Barnet har en annen time",
    ),
    ({"appointments": (a_time(UNBORN, State.DID_NOT_ATTEND),)}, "Datoen er før barnet ble født."),
    ({"appointments": (a_time(CAME_ON, State.ATTENDED, minutes=0),)}, "En time varer fra 5 til 480 minutter, og er for 1 til 30 barn."),
    ({"appointments": (a_time(CAME_ON, State.ATTENDED, employee="ukjent"),)}, "Ingen ansatt i kommunen har denne koden."),
    ({"appointments": (a_time(CAME_ON, State.NOT_BROUGHT, step="C99"),)}, "Programmet har ingen konsultasjon med denne koden."),
    ({"appointments": (a_time(CAME_ON, State.ATTENDED, reason=TOO_LONG),)}, "Begrunnelsen er for lang."),
    ({"appointments": MADE_GOOD[:1] * 2}, "Samme konsultasjon har to timer på samme tidspunkt."),
    (closed(closing="glemt"), "En sak lukkes bare på måtene som står på listen."),
    (closed(closing="declined_recorded"), "Før først i planen"),
    (closed(closing="concern_report_sent_keep_open_until_feedback"), "Det er ikke ført noen sendt melding på denne saken."),
    (closed(closed_on=MISSED_ON - timedelta(days=1), entries=()), "Dagene i saken går ikke opp"),
    (closed(closed_on=IN_THE_FUTURE), "Datoen er fram i tid."),
    (closed(opened_on=UNBORN), "Datoen er før barnet ble født."),
    (closed(owner="ukjent"), "Ingen ansatt i kommunen har denne koden."),
    (closed(note=TOO_LONG), "For langt: notatet til lukkingen"),
    ({"appointments": MADE_GOOD, "cases": (a_case(), a_case())}, "To saker om samme konsultasjon gjelder de samme dagene."),
    (
        {"cases": (EarlierCase(step="C99", owner="leder", opened_on=MISSED_ON, closed_on=CAME_ON, closing="deceased"),)},
        "Programmet har ingen",
    ),
    (an_entry(step="vente"), "Stigen har ikke dette steget."),
    (an_entry(reason="vet ikke"), "Velg blant det som står på listen"),
    (an_entry(on=TODAY), "Dagene i saken går ikke opp"),
    (an_entry(note="x" * 2001), "Notatet er for langt."),
    (an_entry(by=TOO_LONG), "For langt: navnet på den som gjorde det"),
    (
        {"guardians": (EarlierGuardian(number=parse(a_number(date(1994, 5, 3))), telephone="ring meg"),)},
        "Dette er ikke et gyldig telefonnummer",
    ),
    (
        {"guardians": (EarlierGuardian(number=parse(a_number(date(1994, 5, 3))), language="bokmålsk"[:8] + "x"),)},
        "For langt: språkkoden",
    ),
    ({"wish": EarlierWish(unsuitable_weekdays=(0, 1, 2, 3, 4))}, "Ønskene kan ikke møtes"),
]


def test_what_cannot_have_been_is_refused_with_nothing_written(take_over: TakeOver) -> None:
    before = as_it_stands()
    found = [(says, take_over(a_child(**told)).refused) for told, says in CANNOT_HAVE_BEEN]
    assert [(says, refused) for says, refused in found if [line for line, said in refused if said.startswith(says)] != [1]] == []
    assert as_it_stands() == before


def test_the_dead_and_those_without_a_birth_date_are_left_to_a_person(take_over: TakeOver, loaded: Municipality) -> None:
    Person.objects.filter(pk=child_numbered().pk).update(is_dead=True)
    Person.objects.filter(pk=child_numbered(1).pk).update(born_on=None)
    done = take_over(a_child(), a_child(1), a_child(2))
    assert done.children == 1
    assert [sentence.split(".")[0] for _, sentence in done.refused] == [
        "Folkeregisteret sier at barnet er dødt",
        "Folkeregisteret oppgir ingen fødselsdato for barnet",
    ]


def test_two_cases_about_one_step_are_each_about_their_own_facts(take_over: TakeOver) -> None:
    later = date(2025, 12, 2)
    times = (*MADE_GOOD[:1], a_time(date(2025, 11, 25), State.NOT_BROUGHT), a_time(later, State.ATTENDED))
    cases = (
        a_case(closing="merged_into_next_consultation", closed_on=CAME_ON),
        a_case(opened_on=date(2025, 11, 25), closed_on=later, entries=()),
    )
    assert take_over(a_child(appointments=times, cases=cases)).refused == []
    assert list(Case.objects.order_by("opened_on").values_list("trigger", "fact_on")) == [
        ("missed", MISSED_ON),
        ("missed", date(2025, 11, 25)),
    ]
    assert Case.objects.get(opened_on=date(2025, 11, 25)).track == "fast", "there has been a case about the child before"


def test_a_case_we_are_told_no_fact_of_was_opened_by_hand(take_over: TakeOver) -> None:
    take_over(a_child(steps=all_others_done(), cases=(a_case(opened_on=date(2025, 6, 1), closed_on=date(2025, 6, 5), entries=()),)))
    assert Case.objects.get().trigger == "by_hand"
