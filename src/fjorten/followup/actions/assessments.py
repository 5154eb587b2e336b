"""
The individual assessment of whether there is a duty to report to child welfare (hpl § 33, bvl § 13-2 [source]), the report, its answers.

A named professional weighs it, at any step of a case, without a case, after a single miss; the answer no is written down too. Nothing here
is called by a timer or by a rule, and what is written here stands in no message and in no case's events.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from django.db import transaction

from fjorten.audit.actor import Actor
from fjorten.audit.trail import record
from fjorten.followup.actions.entries import refuse_machines
from fjorten.followup.criteria import duty_to_report as rules
from fjorten.followup.models import Assessment, Case, OwedAnswer
from fjorten.followup.owners import is_professional
from fjorten.kernel.refusals import Refused
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Employee
from fjorten.people.models import Person

GROUNDS_LENGTH: Final = 4000  # characters; what the table holds
CONTENT_LENGTH: Final = 2000


class NotAProfessional(Refused):
    """The one named does not work here as a nurse, doctor, midwife, physiotherapist or leader."""

    sentence = "Vurderingen gjøres av en navngitt fagperson eller leder som arbeider i kommunen den dagen."


class GroundsAreMissing(Refused):
    """An assessment without its grounds, or with more than fits."""

    sentence = f"Skriv begrunnelsen, også når svaret er nei, med høyst {GROUNDS_LENGTH} tegn."


class CriteriaDoNotFitTheAnswer(Refused):
    """A duty without a criterion, criteria with a no, or a letter the paragraph does not have."""

    sentence = "Er svaret ja, velg minst ett av vilkårene a–e. Er svaret nei, skal ingen være valgt."


class AssessmentIsOfAnotherChild(Refused):
    """The case, or the assessment that is corrected, is about another child."""

    sentence = "Saken eller vurderingen gjelder et annet barn."


class AssessmentIsInTheFuture(Refused):
    """It was made today or before."""

    sentence = "Datoen er fram i tid. Oppgi dagen det skjedde."


class AssessmentIsCorrected(Refused):
    """Another assessment stands instead of this one."""

    sentence = "Denne vurderingen er rettet av en nyere. Bruk den."


class NoDutyToReport(Refused):
    """Only an assessment that found a duty is reported."""

    sentence = "Vurderingen sier at det ikke er plikt til å melde. Skriv en ny vurdering hvis det er endret."


class ReportIsSentAlready(Refused):
    """Someone recorded it first."""

    sentence = "Det er alt ført at meldingen er sendt."


class AnswerIsNotAwaited(Refused):
    """It has come already, or is not owed."""

    sentence = "Dette svaret er alt ført, eller det ventes ikke."


class AnswerSaysNothing(Refused):
    """What the answer said is missing, or does not fit."""

    sentence = f"Skriv kort hva svaret sier, med høyst {CONTENT_LENGTH} tegn."


class ReceiptSaysWhetherItIsInvestigated(Refused):
    """A receipt says whether there is an investigation; the last word does not."""

    sentence = "Si om det undersøkes når du fører den første tilbakemeldingen, og bare da."


@transaction.atomic
def record_assessment(
    *,
    person: Person,
    case: Case | None = None,
    assessed_by: Employee,
    assessed_on: date,
    duty_to_report: bool,
    criteria: Collection[str],
    grounds: str,
    corrects: Assessment | None = None,
    by: Actor,
    at: datetime,
) -> Assessment:
    """
    Write down one professional's assessment, whatever the answer. `criteria` are the letters (a-e) they found met; nothing is derived from
    them. A correction stands beside what it corrects.

    Raises OnlyAPerson and the refusals of this module down to AssessmentIsCorrected.
    """
    refuse_machines(by)
    if not grounds.strip() or len(grounds) > GROUNDS_LENGTH:
        raise GroundsAreMissing
    if bool(criteria) != duty_to_report or not set(criteria) <= {criterion.code for criterion in rules().criteria}:
        raise CriteriaDoNotFitTheAnswer
    if assessed_on > oslo_date(at):
        raise AssessmentIsInTheFuture
    works_here = Employee.objects.filter(municipality=person.municipality_id).employed_on(assessed_on)
    if not is_professional(assessed_by.role) or not works_here.filter(pk=assessed_by.pk).exists():
        raise NotAProfessional(assessed_by.pk)
    if (case is not None and case.person_id != person.pk) or (corrects is not None and corrects.person_id != person.pk):
        raise AssessmentIsOfAnotherChild(person.pk)
    if corrects is not None:
        _refuse_corrected(corrects)
    assessment = Assessment.objects.create(
        person=person,
        case=case,
        assessed_by=assessed_by,
        assessed_on=assessed_on,
        recorded_at=at,
        duty_to_report=duty_to_report,
        criteria=sorted(set(criteria)),
        grounds=grounds,
        corrects=corrects,
    )
    _record("assessment.recorded", assessment, by, at)
    return assessment


@transaction.atomic
def record_report_sent(*, assessment: Assessment, sent_at: datetime, owner: Employee | None = None, by: Actor, at: datetime) -> None:
    """
    Record that a report has been sent, and with it the two answers that are owed: the receipt after 21 days, and the last word at the
    latest a week, three months and 21 days after (bvl §§ 2-1, 13-3 [source]; the three months [unverified]) until the receipt says more.

    `owner` follows up the answers; the assessor when nobody else is named. Raises OnlyAPerson, AssessmentIsInTheFuture, NoDutyToReport,
    AssessmentIsCorrected or ReportIsSentAlready.
    """
    refuse_machines(by)
    if sent_at > at:
        raise AssessmentIsInTheFuture
    if not assessment.duty_to_report:
        raise NoDutyToReport(assessment.pk)
    _refuse_corrected(assessment)
    if not Assessment.objects.filter(pk=assessment.pk, report_sent_at__isnull=True).update(report_sent_at=sent_at, report_sent_by=by.who):
        raise ReportIsSentAlready(assessment.pk)
    assessment.refresh_from_db()
    sent_on, answers = oslo_date(sent_at), rules()
    due = {
        OwedAnswer.What.RECEIPT: answers.receipt_due_on(sent_on),
        OwedAnswer.What.AFTER_INVESTIGATION: answers.latest_answer_due_on(sent_on),
    }
    OwedAnswer.objects.bulk_create(
        [OwedAnswer(assessment=assessment, what=what, owner=owner or assessment.assessed_by, due_on=day) for what, day in due.items()]
    )
    _record("assessment.report_sent", assessment, by, at)


@transaction.atomic
def record_answer(
    *, answer: OwedAnswer, received_on: date, content: str, investigation_from: date | None = None, is_investigated: bool | None = None,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """
    Record an answer that came. A receipt says whether there is an investigation (`is_investigated`), and from when, if not from the day of
    the receipt: the last word is then owed three months and 21 days after that, or not owed at all.

    Raises OnlyAPerson, AnswerSaysNothing, AssessmentIsInTheFuture, ReceiptSaysWhetherItIsInvestigated or AnswerIsNotAwaited.
    """
    refuse_machines(by)
    if not content.strip() or len(content) > CONTENT_LENGTH:
        raise AnswerSaysNothing
    if received_on > oslo_date(at):
        raise AssessmentIsInTheFuture
    if (answer.what == OwedAnswer.What.RECEIPT) != (is_investigated is not None):
        raise ReceiptSaysWhetherItIsInvestigated(answer.pk)
    told = {"received_on": received_on, "received_at": at, "recorded_by": by.who, "content": content}
    if not OwedAnswer.objects.outstanding().filter(pk=answer.pk).update(**told):
        raise AnswerIsNotAwaited(answer.pk)
    answer.refresh_from_db()
    last_word = OwedAnswer.objects.outstanding().filter(assessment=answer.assessment, what=OwedAnswer.What.AFTER_INVESTIGATION)
    if is_investigated:
        last_word.update(due_on=rules().after_investigation_due_on(investigation_from or received_on))
    elif is_investigated is False:
        last_word.update(not_owed_on=received_on, recorded_by=by.who)
    _record("assessment.answer_recorded", answer.assessment, by, at)


def _refuse_corrected(assessment: Assessment) -> None:
    if Assessment.objects.filter(corrects=assessment).exists():
        raise AssessmentIsCorrected(assessment.pk)


def _record(action: str, assessment: Assessment, by: Actor, at: datetime) -> None:
    """Write the trail's line: that something was written, never what. Neither answer, letters nor grounds stand in it."""
    person = assessment.person
    record(action, municipality=person.municipality.code, about=str(person.public_id), by=by, at=at, detail={"assessment": assessment.pk})
