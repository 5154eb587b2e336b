"""The chronology of one child, its journal entries, and the letters its cases owe."""

from datetime import datetime, timedelta

from fjorten.appointments.states import State
from fjorten.followup.actions.assessments import record_answer, record_assessment, record_report_sent
from fjorten.followup.actions.closings import close
from fjorten.followup.actions.steps import Planned, correct_event, pause, record_step
from fjorten.followup.chronology import chronology_of, chronology_with_assessments, journal_entries_of
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.models import Case, CaseEvent
from fjorten.followup.obligations import NOT_MET_YET, SECOND_MISS, TimeSetAside, letter_of_case, obligations_on
from fjorten.followup.rounds import open_cases_from_facts
from fjorten.messages.models import Message
from fjorten.messages.obligations import IfTooLate
from fjorten.messages.texts import Channel, messages
from fjorten.organisation.models import Absence, Employee, Municipality
from fjorten.plans.actions import mark_done, mark_done_elsewhere
from fjorten.plans.models import PlannedStep
from tests.factories.cases import JOB, NURSE, appointment, guardian, instant
from tests.followup.conftest import TODAY

Staff = dict[str, Employee]


def lived(step: PlannedStep, staff: Staff, municipality: Municipality) -> Case:
    """A week of one consultation: cancelled by the clinic, then nobody came, a call, a wait, a word from the family."""
    first = TODAY - timedelta(days=7)
    appointment(step, staff["sykepleier"], on=first, state=State.CANCELLED_BY_CLINIC)
    Absence.objects.create(
        clinic=staff["sykepleier"].clinic, employee=staff["sykepleier"], from_on=first, until_on=TODAY, reason="syk",
        recorded_at=instant(first), recorded_by="leder",
    )  # fmt: skip
    appointment(step, staff["sykepleier"], on=TODAY, state=State.DID_NOT_ATTEND)
    open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 11))
    case = Case.objects.get(planned_step=step)
    record_step(
        case=case, step="check_and_call", done_at=instant(TODAY, 12), then=Planned("call_again"), how=How.TELEPHONE, language="pl",
        interpreter=Interpreter.QUALIFIED, outcome=Outcome.REACHED, reason="forgot", note="Kommer gjerne.", by=NURSE, at=instant(TODAY, 12),
    )  # fmt: skip
    pause(case=case, until=TODAY + timedelta(days=9), reason="abroad_until_date", by=NURSE, at=instant(TODAY, 13))
    Message.objects.create(
        municipality=municipality, key="k", kind="missed_new_time", about="appointment:1", person=case.person, way="sms",
        clinic=step.enrolment.clinic, adult=guardian(case.person), if_too_late="becomes_task",
        not_before=instant(TODAY), created_at=instant(TODAY), state="failed", state_at=instant(TODAY, 14), state_reason="ugyldig nummer",
    )  # fmt: skip
    return case


def test_the_chronology_is_one_page_in_order_of_time_in_norwegian(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    case = lived(step, staff, municipality)
    mark_done_elsewhere(
        enrolment=step.enrolment, step=step.step, on=TODAY, today=TODAY, is_confirmed=False, reason="mor", by=NURSE, at=instant(TODAY, 15)
    )
    lines = [line for line in chronology_of(case.person) if line.on >= TODAY - timedelta(days=7)]
    about_others = {"tidsrommet", "ingen time"}
    words = [line.words for line in lines if not any(word in line.words.lower() for word in about_others) and line.kind != "fact"]
    step_words = [line for line in words if "10 måneder" in line or "Saken" in line or "SMS" in line or "borte" in line or "Sjekk" in line]
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert step_words[0] == "Ansatt sykepleier.a var borte fra 03.03.2026 til og med 09.03.2026."
    assert step_words[1] == "Time til 10 måneder hos Ansatt sykepleier.a: avlyst av helsestasjonen."
    assert "Time til 10 måneder hos Ansatt sykepleier.a: ingen kom." in words
    assert any(
        line.endswith("Ring første foresatte: på telefon, på språket pl, med kvalifisert tolk, fikk kontakt, grunn: glemte timen. Neste: "
                      "Ring igjen på en annen tid av dagen, også andre foresatte, med tolk om det trengs. Finn en tid som passer, "
                      "Ansatt merkantil, innen 17.03.2026. Kommer gjerne.")
        for line in words
    )  # fmt: skip
    assert any(line.startswith("Saken venter til 19.03.2026: i utlandet til en dato.") for line in words)
    assert any(line.startswith("SMS, ") and line.endswith("ikke levert (ugyldig nummer).") for line in words)
    assert "10 måneder: gjort annet sted, ikke bekreftet." in words


def test_assessments_are_left_out_unless_asked_for(case: Case, staff: Staff) -> None:
    assessment = record_assessment(
        person=case.person, case=case, assessed_by=staff["sykepleier"], assessed_on=TODAY, duty_to_report=True, criteria=["b"],
        grounds="alvorlig sykdom ikke undersøkt", by=NURSE, at=instant(TODAY),
    )  # fmt: skip
    record_report_sent(assessment=assessment, sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))
    record_answer(
        answer=assessment.owed_answers.get(what="receipt"), received_on=TODAY, content="undersøkes", is_investigated=True, by=NURSE,
        at=instant(TODAY, 13),
    )  # fmt: skip
    plain = "\n".join(line.words for line in chronology_of(case.person)).lower()
    assert not any(word in plain for word in ("vurdering:", "barnevern", "bekymring", "melde"))
    told = [line.words for line in chronology_with_assessments(case.person) if line.kind == "assessment"]
    assert told == [
        "Individuell vurdering: plikt til å melde, b. alvorlig sykdom ikke undersøkt",
        "Svar fra barnevernstjenesten: undersøkes",
        "Bekymringsmelding sendt.",
    ]


def test_every_step_stands_in_the_journal_and_a_correction_beside_it(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    case = lived(step, staff, municipality)
    call = case.events.get(what=CaseEvent.What.STEP)
    correct_event(event=call, how=How.TELEPHONE, outcome=Outcome.NO_CONTACT, note="det var nabobarnet", by=NURSE, at=instant(TODAY, 16))
    entries = [entry for entry in journal_entries_of(case.person) if entry.consultation == "10 måneder"]
    assert len(entries) == case.events.count() == 4
    corrected, correction = entries[1], entries[3]
    assert (corrected.corrected_by, correction.corrects) == (correction.id, corrected.id)
    assert corrected.words.startswith("Sjekk adresse")
    assert correction.words.startswith("Rettet: Sjekk adresse")
    assert correction.note == "det var nabobarnet"
    close(case=case, closing="moved_transfer_confirmed", by=NURSE, at=instant(TODAY, 17))
    assert journal_entries_of(case.person)[-1].words == "Saken ble lukket: flyttet, overføringen er bekreftet."


def times(*states: State) -> list[TimeSetAside]:
    return [TimeSetAside(state, instant(TODAY - timedelta(days=30 - nth))) for nth, state in enumerate(states)]


def test_the_letter_says_more_than_once_only_when_it_was() -> None:
    the_nurse_has_it = instant(TODAY)

    def owed(*states: State, reached_at: datetime | None = the_nurse_has_it) -> str | None:
        letter = letter_of_case(case_id=1, person_id=2, clinic_id=3, reached_at=reached_at, times=times(*states))
        if letter is None:
            return None
        assert letter.values.keys() == ({"missed_at"} if letter.kind == "second_miss" else set())
        return letter.kind

    assert owed(State.DID_NOT_ATTEND, State.DID_NOT_ATTEND) == "second_miss"
    assert owed(State.DID_NOT_ATTEND, State.DID_NOT_ATTEND, State.NOT_BROUGHT) == "second_miss"
    assert owed(State.MOVED_BY_FAMILY, State.DID_NOT_ATTEND) == "second_miss"
    assert owed(State.CANCELLED_BY_FAMILY, State.MOVED_BY_FAMILY, State.MOVED_BY_FAMILY) == "second_miss"
    assert owed(State.DID_NOT_ATTEND, State.OFFERED) == "not_met_yet"  # nobody got in touch, and there is another time
    assert owed(State.DID_NOT_ATTEND) == "not_met_yet"
    assert owed(State.CANCELLED_BY_CLINIC, State.DID_NOT_ATTEND) == "not_met_yet"
    assert owed(State.CANCELLED_BY_CLINIC, State.CANCELLED_BY_CLINIC) == "not_met_yet"
    assert owed(State.CANCELLED_BY_FAMILY) == "not_met_yet"
    assert owed() == "not_met_yet"
    assert owed(State.DID_NOT_ATTEND, State.DID_NOT_ATTEND, reached_at=None) is None


def test_after_one_miss_and_no_contact_the_nurse_writes_without_saying_more_than_once(
    step: PlannedStep, staff: Staff, municipality: Municipality
) -> None:
    appointment(step, staff["sykepleier"], on=TODAY, state=State.DID_NOT_ATTEND)
    open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    case, later = Case.objects.get(planned_step=step), TODAY + timedelta(days=14)
    for done, then in (("new_time", "check_and_call"), ("check_and_call", "call_again"), ("call_again", "nurse_takes_over")):
        case.refresh_from_db()
        record_step(
            case=case, step=done, done_at=instant(later), then=Planned(then), outcome=Outcome.NO_CONTACT, by=NURSE, at=instant(later)
        )
    [letter] = obligations_on(municipality=municipality, on=later)
    assert (letter.key, letter.not_before) == (f"case:{case.pk}/not_met_yet", instant(later))
    appointment(step, staff["sykepleier"], on=later, state=State.DID_NOT_ATTEND)
    [letter] = obligations_on(municipality=municipality, on=later)
    assert letter.key == f"case:{case.pk}/second_miss"


def test_a_family_is_owed_one_letter_once_the_nurse_has_the_case(step: PlannedStep, staff: Staff, municipality: Municipality) -> None:
    appointment(step, staff["sykepleier"], on=TODAY, state=State.DID_NOT_ATTEND)
    open_cases_from_facts(municipality=municipality, on=TODAY, by=JOB, at=instant(TODAY, 23))
    assert obligations_on(municipality=municipality, on=TODAY) == []
    later = TODAY + timedelta(days=9)
    second = appointment(step, staff["sykepleier"], on=later, state=State.DID_NOT_ATTEND)
    open_cases_from_facts(municipality=municipality, on=later, by=JOB, at=instant(later, 23))
    case = Case.objects.get(planned_step=step)
    [letter] = obligations_on(municipality=municipality, on=later)
    assert (letter.key, letter.kind, letter.about, letter.person_id) == (
        f"case:{case.pk}/second_miss",
        "second_miss",
        f"case:{case.pk}",
        case.person_id,
    )
    assert (letter.not_before, letter.lapses_at, letter.if_too_late) == (instant(later, 23), None, IfTooLate.BECOMES_TASK)
    assert letter.is_letter
    assert dict(letter.values) == {"missed_at": second.begins_at.isoformat()}
    record_step(
        case=case, step="nurse_takes_over", done_at=instant(later, 23), then=Planned("discuss"), outcome=Outcome.NO_CONTACT, by=NURSE,
        at=instant(later, 23),
    )  # fmt: skip
    assert obligations_on(municipality=municipality, on=later) == [letter]  # the same, however far the case has come
    pause(case=case, until=later + timedelta(days=5), reason="hospitalised", by=NURSE, at=instant(later, 23))
    assert obligations_on(municipality=municipality, on=later) == []
    assert obligations_on(municipality=municipality, on=later + timedelta(days=5)) == [letter]
    mark_done(enrolment=step.enrolment, step=step.step, on=later, today=later, by=NURSE, at=instant(later, 23))
    assert obligations_on(municipality=municipality, on=later + timedelta(days=5)) == []


def test_the_kind_of_letter_is_one_there_is_a_text_for() -> None:
    for kind in (SECOND_MISS, NOT_MET_YET):
        assert (Channel.LETTER, "nb") in messages()[kind].texts
