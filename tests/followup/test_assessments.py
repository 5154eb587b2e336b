"""The individual assessment: by a named professional, whatever the answer; the report and its answers. Never by a machine."""

import ast
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import fjorten
from fjorten.audit.models import AuditEvent
from fjorten.followup.actions.assessments import (
    GROUNDS_LENGTH,
    AnswerIsNotAwaited,
    AnswerSaysNothing,
    AssessmentIsCorrected,
    AssessmentIsInTheFuture,
    AssessmentIsOfAnotherChild,
    CriteriaDoNotFitTheAnswer,
    GroundsAreMissing,
    NoDutyToReport,
    NotAProfessional,
    ReceiptSaysWhetherItIsInvestigated,
    ReportIsSentAlready,
    record_answer,
    record_assessment,
    record_report_sent,
)
from fjorten.followup.actions.entries import OnlyAPerson
from fjorten.followup.criteria import duty_to_report
from fjorten.followup.models import Assessment, Case, OwedAnswer
from fjorten.followup.queries import owed_answers_due
from fjorten.organisation.models import Clinic, Employee, Municipality
from fjorten.people.models import Person
from tests.factories.cases import JOB, NURSE, child_with_plan, employee, instant
from tests.followup.conftest import BORN_ON, TODAY

SRC = Path(fjorten.__file__).parent
Staff = dict[str, Employee]


def assess(person: Person, staff: Staff, **told: Any) -> Assessment:
    """A plain yes for one reason, when nothing else is said."""
    defaults: dict[str, Any] = {
        "assessed_by": staff["sykepleier"],
        "assessed_on": TODAY,
        "duty_to_report": True,
        "criteria": ["b"],
        "grounds": "prøve",
        "by": NURSE,
        "at": instant(TODAY),
    }
    return record_assessment(person=person, **{**defaults, **told})


def test_the_criteria_are_those_of_the_paragraph_with_words_in_three_languages() -> None:
    assert [criterion.code for criterion in duty_to_report().criteria] == ["a", "b", "c", "d", "e"]
    assert all(criterion.name[language] for criterion in duty_to_report().criteria for language in ("nb", "nn", "en"))


def test_an_assessment_is_kept_whatever_the_answer_and_with_or_without_a_case(child: Person, case: Case, staff: Staff) -> None:
    without = assess(child, staff, duty_to_report=False, criteria=[], grounds="én uteblitt time, god kontakt")
    within = assess(child, staff, case=case, criteria=["c", "a", "a"], assessed_by=staff["leder"])
    assert (without.case, without.duty_to_report, without.criteria) == (None, False, [])
    assert (within.case, within.criteria, within.assessed_by) == (case, ["a", "c"], staff["leder"])
    assert case.events.count() == 1  # nothing about it stands in the case


def test_the_trail_says_that_it_was_written_and_never_what(child: Person, staff: Staff) -> None:
    assessment = assess(child, staff)
    last = AuditEvent.objects.order_by("-seq")[0]
    assert (last.action, last.about, last.detail) == ("assessment.recorded", str(child.public_id), {"assessment": assessment.pk})
    assert last.reason_digest == ""


@pytest.mark.parametrize("role", ["public_health_nurse", "doctor", "midwife", "physiotherapist", "leader"])
def test_professionals_and_leaders_assess(role: str, child: Person, clinic: Clinic, staff: Staff) -> None:
    assert assess(child, staff, assessed_by=employee(clinic, "fagperson", Employee.Role(role))).pk


def test_clerks_and_those_who_do_not_work_here_do_not(child: Person, clinic: Clinic, staff: Staff) -> None:
    left = employee(clinic, "sluttet", Employee.Role.NURSE, employed_until=TODAY)
    for somebody in (staff["merkantil"], left):
        with pytest.raises(NotAProfessional):
            assess(child, staff, assessed_by=somebody)


REFUSED: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "a machine": ({"by": JOB}, OnlyAPerson),
    "no grounds": ({"grounds": " "}, GroundsAreMissing),
    "grounds that do not fit": ({"grounds": "x" * (GROUNDS_LENGTH + 1)}, GroundsAreMissing),
    "a duty without a criterion": ({"criteria": []}, CriteriaDoNotFitTheAnswer),
    "a no with a criterion": ({"duty_to_report": False}, CriteriaDoNotFitTheAnswer),
    "a letter the paragraph does not have": ({"criteria": ["f"]}, CriteriaDoNotFitTheAnswer),
    "a day to come": ({"assessed_on": TODAY + timedelta(days=1)}, AssessmentIsInTheFuture),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_assessment_is_refused(name: str, child: Person, staff: Staff) -> None:
    told, refusal = REFUSED[name]
    with pytest.raises(refusal):
        assess(child, staff, **told)
    assert not Assessment.objects.exists()


def test_another_childs_case_or_assessment_is_refused(case: Case, clinic: Clinic, staff: Staff) -> None:
    other = child_with_plan(clinic, BORN_ON, on=BORN_ON, by=NURSE, at=instant(TODAY))
    with pytest.raises(AssessmentIsOfAnotherChild):
        assess(other, staff, case=case)
    own = assess(case.person, staff)
    with pytest.raises(AssessmentIsOfAnotherChild):
        assess(other, staff, corrects=own)


def test_a_correction_stands_beside_what_it_corrects(child: Person, staff: Staff) -> None:
    first = assess(child, staff)
    second = assess(child, staff, duty_to_report=False, criteria=[], corrects=first)
    assert second.corrects == first
    with pytest.raises(AssessmentIsCorrected):
        assess(child, staff, corrects=first)
    with pytest.raises(AssessmentIsCorrected):
        record_report_sent(assessment=first, sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))


def test_a_report_makes_two_owed_answers_with_days(child: Person, staff: Staff, municipality: Municipality) -> None:
    assessment = assess(child, staff)
    record_report_sent(assessment=assessment, sent_at=instant(TODAY), owner=staff["leder"], by=NURSE, at=instant(TODAY))
    owed = {answer.what: (answer.due_on, answer.owner) for answer in OwedAnswer.objects.all()}
    assert owed == {"receipt": (date(2026, 3, 31), staff["leder"]), "after_investigation": (date(2026, 7, 8), staff["leder"])}
    assert not owed_answers_due(municipality=municipality, on=date(2026, 3, 30)).exists()
    assert [answer.what for answer in owed_answers_due(municipality=municipality, on=date(2026, 3, 31))] == ["receipt"]
    with pytest.raises(ReportIsSentAlready):
        record_report_sent(assessment=assessment, sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))


def test_only_a_duty_is_reported_by_a_person_and_not_before_it_is_sent(child: Person, staff: Staff) -> None:
    no = assess(child, staff, duty_to_report=False, criteria=[])
    with pytest.raises(NoDutyToReport):
        record_report_sent(assessment=no, sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))
    yes = assess(child, staff)
    with pytest.raises(OnlyAPerson):
        record_report_sent(assessment=yes, sent_at=instant(TODAY), by=JOB, at=instant(TODAY))
    with pytest.raises(AssessmentIsInTheFuture):
        record_report_sent(assessment=yes, sent_at=instant(TODAY, 13), by=NURSE, at=instant(TODAY))


@pytest.fixture
def owed(child: Person, staff: Staff) -> dict[str, OwedAnswer]:
    record_report_sent(assessment=assess(child, staff), sent_at=instant(TODAY), by=NURSE, at=instant(TODAY))
    return {answer.what: answer for answer in OwedAnswer.objects.all()}


def answer(row: OwedAnswer, **told: Any) -> None:
    on = date(2026, 3, 25)
    record_answer(**{"answer": row, "received_on": on, "content": "mottatt", "by": NURSE, "at": instant(on), **told})


def test_the_receipt_says_when_the_last_word_is_owed(owed: dict[str, OwedAnswer]) -> None:
    answer(owed["receipt"], is_investigated=True, investigation_from=date(2026, 3, 20))
    owed["after_investigation"].refresh_from_db()
    assert owed["after_investigation"].due_on == date(2026, 7, 11)  # three months and 21 days
    answer(owed["after_investigation"], content="tiltak i hjemmet")
    with pytest.raises(AnswerIsNotAwaited):
        answer(owed["after_investigation"], content="igjen")


def test_without_an_investigation_no_later_word_is_owed(owed: dict[str, OwedAnswer], municipality: Municipality) -> None:
    answer(owed["receipt"], is_investigated=False)
    assert not owed_answers_due(municipality=municipality, on=date(2027, 1, 1)).exists()
    with pytest.raises(AnswerIsNotAwaited):
        answer(owed["after_investigation"])


@pytest.mark.parametrize(
    ("what", "told", "refusal"),
    [
        ("receipt", {}, ReceiptSaysWhetherItIsInvestigated),
        ("after_investigation", {"is_investigated": True}, ReceiptSaysWhetherItIsInvestigated),
        ("receipt", {"is_investigated": True, "content": " "}, AnswerSaysNothing),
        ("receipt", {"is_investigated": True, "received_on": date(2026, 3, 26)}, AssessmentIsInTheFuture),
        ("receipt", {"is_investigated": True, "by": JOB}, OnlyAPerson),
    ],
)
def test_an_answer_is_refused(what: str, told: dict[str, Any], refusal: type[Exception], owed: dict[str, OwedAnswer]) -> None:
    with pytest.raises(refusal):
        answer(owed[what], **told)
    assert OwedAnswer.objects.outstanding().count() == 2


def modules() -> list[Path]:
    return [path for path in SRC.rglob("*.py") if "migrations" not in path.parts]


def test_only_one_action_makes_an_assessment() -> None:
    making = [
        str(path.relative_to(SRC))
        for path in modules()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(call, ast.Call) and ast.unparse(call.func).startswith("Assessment") and "create" in ast.unparse(call.func))
        or (isinstance(call, ast.Call) and ast.unparse(call.func) == "Assessment")
    ]
    assert making == ["followup/actions/assessments.py"]


def test_nothing_that_runs_by_itself_can_reach_it() -> None:
    allowed = {"followup/actions/assessments.py"}
    reaching = [
        str(path.relative_to(SRC))
        for path in modules()
        if str(path.relative_to(SRC)) not in allowed and "actions.assessments" in path.read_text(encoding="utf-8")
    ]
    assert not [path for path in reaching if path.startswith(("nightly/", "followup/", "messages/", "appointments/", "ledger/"))]


def test_no_rule_reads_the_criteria_but_the_action() -> None:
    reading = {str(path.relative_to(SRC)) for path in modules() if "followup.criteria" in path.read_text(encoding="utf-8")}
    # The page lists them for the professional to tick, and shows those that were ticked.
    assert reading == {"followup/actions/assessments.py", "web/case/forms.py", "web/case/duty.py"}
