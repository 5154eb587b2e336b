"""What can be done in a case: each act has a page of its own with one form, and is one action."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fjorten.access.permissions import Permission
from fjorten.audit.actor import Actor
from fjorten.followup.actions.assessments import record_answer, record_assessment, record_report_sent
from fjorten.followup.actions.cases import reassign
from fjorten.followup.actions.closings import close, end_watch, reopen_case, watch_on
from fjorten.followup.actions.steps import correct_event, pause, record_step, resume
from fjorten.organisation.queries import employee_coded
from fjorten.web import words
from fjorten.web.case import forms
from fjorten.web.case.opened import OpenedCase


@dataclass(frozen=True, slots=True)
class Act:
    """
    One thing that can be done in a case: its name in addresses, the permission, what its page is called, the word on its button, the form,
    and what does it. `do` tells what was done, in a sentence.
    """

    name: str
    needs: Permission
    heading: str | Promise
    button: str | Promise
    form: type[forms.CaseForm]
    do: Callable[[OpenedCase, forms.CaseForm, Actor, datetime], str]


def _step(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    said, asked = form.cleaned_data, cast("forms.StepForm", form)
    record_step(
        case=opened.case,
        step=said["step"],
        done_at=asked.done_at(),
        then=asked.then(),
        **asked.contact(),
        note=said["note"],
        by=by,
        at=at,
    )
    if opened.case.closed_at is not None:
        return gettext("Steget er ført, og saken er lukket.")
    owner, day = opened.case.owner.name, words.day(opened.case.due_on)
    return gettext("Steget er ført. Neste steg er hos %(owner)s, med frist %(day)s.") % {"owner": owner, "day": day}


def _correct(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    correct_event(event=forms.correctable(opened), **form.contact(), note=form.cleaned_data["note"], by=by, at=at)
    return gettext("Rettelsen er ført. Det som sto, står fortsatt ved siden av.")


def _pause(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    said = form.cleaned_data
    pause(case=opened.case, until=said["until"], reason=said["reason"], note=said["note"], by=by, at=at)
    return gettext("Saken venter til %(day)s, og går videre av seg selv da.") % {"day": words.day(said["until"])}


def _resume(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    resume(case=opened.case, reason=form.cleaned_data["reason"], by=by, at=at)
    return gettext("Saken er tatt opp igjen.")


def _hand_over(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    asked = cast("forms.HandOverForm", form)
    reassign(case=opened.case, owner=asked.owner(), deputy=asked.deputy(), reason=form.cleaned_data["reason"], by=by, at=at)
    return gettext("Saken er gitt til %(owner)s.") % {"owner": opened.case.owner.name}


def _close(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    close(case=opened.case, closing=form.cleaned_data["closing"], note=form.cleaned_data["note"], by=by, at=at)
    return gettext("Saken er lukket.")


def _reopen(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    reopen_case(case=opened.case, reason=form.cleaned_data["reason"], by=by, at=at)
    return gettext("Saken er åpnet igjen.")


def _watch(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    watch_on(case=opened.case, until=form.cleaned_data["until"], note=form.cleaned_data["note"], by=by, at=at)
    return gettext("Saken ses på igjen %(day)s.") % {"day": words.day(form.cleaned_data["until"])}


def _end_watch(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    end_watch(case=opened.case, reason=form.cleaned_data["reason"], by=by, at=at)
    return gettext("Saken følges ikke lenger.")


def _assess(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    said = form.cleaned_data
    record_assessment(
        person=opened.person,
        case=opened.case,
        assessed_by=employee_coded(by.who, opened.person.municipality),
        assessed_on=said["assessed_on"],
        duty_to_report=said["duty"] == forms.YES,
        criteria=said["criteria"],
        grounds=said["grounds"],
        corrects=forms.assessment_meant(opened) if "assessment" in opened.request.GET else None,
        by=by,
        at=at,
    )
    return gettext("Vurderingen er skrevet.")


def _report(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    asked = cast("forms.ReportForm", form)
    record_report_sent(assessment=forms.assessment_meant(opened), sent_at=asked.sent_at(), by=by, at=at)
    return gettext("Det er ført at meldingen er sendt. Fristene for svar er satt.")


def _answer(opened: OpenedCase, form: forms.CaseForm, by: Actor, at: datetime) -> str:
    said, asked = form.cleaned_data, cast("forms.AnswerForm", form)
    record_answer(
        answer=forms.awaited(opened),
        received_on=said["received_on"],
        content=said["content"],
        investigation_from=said.get("investigation_from"),
        is_investigated=asked.is_investigated(),
        by=by,
        at=at,
    )
    return gettext("Svaret er ført.")


_FOLLOW_UP, _ASSESS = Permission.FOLLOW_UP, Permission.ASSESS_CONCERN
STEP: Final = Act("step", _FOLLOW_UP, _("Før resultat"), _("Før resultat"), forms.StepForm, _step)
CORRECT: Final = Act("correct", _FOLLOW_UP, _("Rett det som er ført"), _("Før rettelsen"), forms.CorrectionForm, _correct)
PAUSE: Final = Act("pause", _FOLLOW_UP, _("Sett saken på vent"), _("Sett på vent"), forms.PauseForm, _pause)
RESUME: Final = Act("resume", _FOLLOW_UP, _("Ta opp saken igjen"), _("Ta opp igjen"), forms.WhyForm, _resume)
HAND_OVER: Final = Act("hand-over", _FOLLOW_UP, _("Gi saken til en annen"), _("Gi videre"), forms.HandOverForm, _hand_over)
CLOSE: Final = Act("close", _FOLLOW_UP, _("Avslutt saken"), _("Avslutt saken"), forms.CloseForm, _close)
REOPEN: Final = Act("reopen", _FOLLOW_UP, _("Åpne saken igjen"), _("Åpne igjen"), forms.WhyForm, _reopen)
WATCH: Final = Act("watch", _FOLLOW_UP, _("Følg saken videre"), _("Følg videre"), forms.WatchForm, _watch)
END_WATCH: Final = Act("end-watch", _FOLLOW_UP, _("Slutt å følge saken"), _("Slutt å følge"), forms.WhyForm, _end_watch)
ASSESS: Final = Act("assess", _ASSESS, _("Vurdering av meldeplikt"), _("Skriv vurderingen"), forms.AssessmentForm, _assess)
REPORT: Final = Act("report", _ASSESS, _("Meldingen er sendt"), _("Før som sendt"), forms.ReportForm, _report)
ANSWER: Final = Act("answer", _ASSESS, _("Svar fra barnevernstjenesten"), _("Før svaret"), forms.AnswerForm, _answer)
ACTS: Final = (STEP, CORRECT, PAUSE, RESUME, HAND_OVER, CLOSE, REOPEN, WATCH, END_WATCH, ASSESS, REPORT, ANSWER)
