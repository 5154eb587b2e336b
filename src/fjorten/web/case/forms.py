"""What is asked for in a case. Shape and plausibility only; whether it can be done is the action's to say."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any, ClassVar, Final

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.followup.actions import assessments, cases, closings, entries, steps
from fjorten.followup.case_book import proposals_in
from fjorten.followup.contact import How, Interpreter, Outcome
from fjorten.followup.criteria import duty_to_report
from fjorten.followup.ladder import LadderStep, Reason
from fjorten.followup.models import Assessment, CaseEvent, OwedAnswer
from fjorten.followup.proposals import Proposal, proposal_after
from fjorten.kernel.times import OSLO, oslo_instant
from fjorten.messages.languages import languages
from fjorten.organisation.models import Employee
from fjorten.organisation.queries import employees_of
from fjorten.web import words
from fjorten.web.asked import AskedForm, a_choice, a_clock, a_day, one_of, some_of, some_words
from fjorten.web.case.opened import OpenedCase
from fjorten.web.words import capital

GO_ON: Final = "go_on"
CLOSE: Final = "close"
YES: Final = "yes"
NO: Final = "no"
_NOT_SAID: Final = gettext_lazy("Ikke oppgitt")
# A child is no choice: a person writes down the emergency it was, or that nobody interpreted (tolkeloven § 4 [source]).
_INTERPRETERS: Final = [interpreter for interpreter in Interpreter if interpreter is not Interpreter.CHILD]


class CaseForm(AskedForm):
    """A form in a case: it knows the case as it was opened."""

    def __init__(self, opened: OpenedCase, data: Any = None, initial: dict[str, Any] | None = None) -> None:
        """Take what was sent, if anything was."""
        super().__init__(data, initial=initial)
        self.opened = opened
        self.ask(opened)

    def ask(self, opened: OpenedCase) -> None:
        """Add the fields; their lists come with the case."""
        raise NotImplementedError

    def ask_how(self, opened: OpenedCase) -> None:
        """Ask how a family was reached, and what came of it."""
        self.fields["how"] = a_choice(_("Hvordan"), _listed(How), none=_NOT_SAID)
        self.fields["language"] = a_choice(_("Språk"), _languages(), none=_NOT_SAID)
        self.fields["interpreter"] = a_choice(
            _("Tolk"), _listed(_INTERPRETERS), none=_NOT_SAID, hint=_("Barn skal ikke brukes som tolk (tolkeloven § 4).")
        )
        self.fields["outcome"] = one_of(_("Hva kom ut av det"), _listed(Outcome), missing=_("Velg hva som kom ut av steget."))
        self.fields["reason"] = a_choice(
            _("Hvorfor familien ikke kom"),
            _reasons(opened.ladder.reasons),
            none=_("Ingen har sagt det"),
            hint=_("Det familien selv sier, eller det dere har funnet ut."),
        )

    def contact(self) -> dict[str, Any]:
        """Tell how the family was reached, as the actions take it."""
        said = self.cleaned_data
        return {
            "how": How(said["how"]) if said["how"] else None,
            "language": said["language"],
            "interpreter": Interpreter(said["interpreter"]) if said["interpreter"] else None,
            "outcome": Outcome(said["outcome"]),
            "reason": said["reason"],
        }


class StepForm(CaseForm):
    """What was done, and what comes next or how the case ends: one of the two, always."""

    groups_asked = (
        (gettext_lazy("Hva ble gjort"), ("step", "done_on", "done_clock", "how", "language", "interpreter", "outcome", "reason", "note")),
        (gettext_lazy("Hva skjer nå"), ("then", "next_step", "next_due", "next_owner", "next_deputy", "closing")),
    )
    about: ClassVar = {
        steps.NoSuchStep: "step",
        steps.StepIsInTheFuture: "done_clock",
        steps.ChildAsInterpreter: "interpreter",
        steps.AssessmentIsMissing: "step",
        steps.StepIsBehind: "next_step",
        steps.DeadlineIsOutOfReach: "next_due",
        entries.NoteIsMissing: "note",
        entries.NoteIsTooLong: "note",
        cases.DoesNotWorkHere: "next_owner",
        cases.NotTheirStep: "next_owner",
        cases.OwnerIsTheirOwnDeputy: "next_deputy",
        closings.UnknownClosing: "closing",
        closings.ClosingDisagreesWithThePlan: "closing",
        closings.NoReportIsSent: "closing",
    }

    def ask(self, opened: OpenedCase) -> None:
        """Ask with what the ladder proposes filled in."""
        case, now = opened.case, opened.request.at.astimezone(OSLO)
        possible = proposals_in(case, on=opened.today)
        is_known = any(one.step.code == case.next_step for one in possible)
        proposed = proposal_after(case, done=case.next_step, on=opened.today) if is_known else None
        closable = opened.row.closable
        staff = _staff(opened)
        own = [(step.code, first_words(step)) for step in opened.ladder.steps]
        self.fields["step"] = a_choice(_("Steg"), own, missing=_("Velg steget som ble gjort."))
        self.fields["done_on"] = a_day(_("Dato"), missing=_("Skriv hvilken dag steget ble gjort."))
        self.fields["done_clock"] = a_clock(_("Klokkeslett"), missing=_("Skriv når på dagen steget ble gjort."))
        self.ask_how(opened)
        self.fields["note"] = some_words(
            _("Notat"), most=entries.NOTE_LENGTH, hint=_("Kort om det som er nytt. Notatet er en del av barnets journal.")
        )
        self.fields["then"] = one_of(
            _("Saken"),
            [(GO_ON, _("går videre med et neste steg")), (CLOSE, _("lukkes"))],
            missing=_("Velg om saken går videre eller lukkes. Et steg kan ikke fullføres uten at du setter det neste."),
        )
        self.fields["next_step"] = a_choice(_("Neste steg"), [(one.step.code, _proposed(one)) for one in possible], none=_("Velg steg"))
        self.fields["next_due"] = a_day(_("Frist"), hint=_("Tomt felt: fristen som står ved steget."))
        self.fields["next_owner"] = a_choice(_("Ansvarlig"), staff, none=_("Den som står ved steget"))
        self.fields["next_deputy"] = a_choice(_("Stedfortreder"), staff, none=_("Den stigen foreslår"))
        self.fields["closing"] = a_choice(_("Lukkes fordi"), _reasons(opened.ladder.closings), none=_("Saken lukkes ikke"))
        self.initial = {
            "step": case.next_step,
            "done_on": opened.today,
            "done_clock": now.time().replace(second=0, microsecond=0),
            "then": CLOSE if closable else GO_ON,
            "next_step": proposed.step.code if proposed else "",
            "closing": closable.closing if closable else "",
        }

    def clean(self) -> dict[str, Any]:
        """Hold a person to one of the two: what comes next, or how it ends."""
        said = super().clean() or {}
        if said.get("then") == GO_ON and not said.get("next_step") and "next_step" not in self.errors:
            self.add_error("next_step", _("Velg neste steg. Et steg kan ikke fullføres uten at du setter det neste."))
        if said.get("then") == CLOSE and not said.get("closing") and "closing" not in self.errors:
            self.add_error("closing", _("Velg hvorfor saken lukkes."))
        return said

    def done_at(self) -> datetime:
        """The instant it was done."""
        return oslo_instant(self.cleaned_data["done_on"], self.cleaned_data["done_clock"])

    def then(self) -> steps.Planned | steps.Closing:
        """What comes next, or how the case ends."""
        said = self.cleaned_data
        if said["then"] == CLOSE:
            return steps.Closing(said["closing"])
        staff = {one.code: one for one in _employees(self.opened)}
        return steps.Planned(said["next_step"], staff.get(said["next_owner"]), staff.get(said["next_deputy"]), said["next_due"])


class CorrectionForm(CaseForm):
    """What an entry should have said, all of it anew."""

    groups_asked = (("", ("how", "language", "interpreter", "outcome", "reason", "note")),)
    about: ClassVar = {steps.ChildAsInterpreter: "interpreter", entries.NoteIsMissing: "note", entries.NoteIsTooLong: "note"}

    def ask(self, opened: OpenedCase) -> None:
        """Ask with what stands there now."""
        self.ask_how(opened)
        self.fields["note"] = some_words(
            _("Hva som var galt, og hva som er riktig"),
            most=entries.NOTE_LENGTH,
            missing=_("Skriv hva som var galt, og hva som er riktig."),
            hint=_("Det som sto, blir stående ved siden av."),
        )
        entry = correctable(opened)
        self.initial = {name: getattr(entry, name) for name in ("how", "language", "interpreter", "outcome", "reason")}


class PauseForm(CaseForm):
    """Until when a case waits, and why."""

    groups_asked = (("", ("until", "reason", "note")),)
    about: ClassVar = {steps.PauseIsOutOfReach: "until", steps.UnknownPause: "reason", entries.NoteIsTooLong: "note"}

    def ask(self, opened: OpenedCase) -> None:
        """Ask for a day and one of the ladder's reasons."""
        self.fields["until"] = a_day(_("Saken venter til"), missing=_("Skriv hvilken dag saken skal gå videre."))
        self.fields["reason"] = one_of(_("Fordi barnet er"), _reasons(opened.ladder.pauses), missing=_("Velg hvorfor saken venter."))
        self.fields["note"] = some_words(_("Notat"), most=entries.NOTE_LENGTH)


class WhyForm(CaseForm):
    """Only why."""

    groups_asked = (("", ("reason",)),)
    about: ClassVar = {entries.NoteIsMissing: "reason", entries.NoteIsTooLong: "reason"}

    def ask(self, opened: OpenedCase) -> None:
        """Ask why."""
        self.fields["reason"] = some_words(_("Hvorfor"), most=entries.NOTE_LENGTH, missing=words.on_screen(entries.NoteIsMissing.sentence))


class HandOverForm(CaseForm):
    """Whose the case is from now on."""

    groups_asked = (("", ("owner", "deputy", "reason")),)
    about: ClassVar = {
        cases.DoesNotWorkHere: "owner",
        cases.NotTheirStep: "owner",
        cases.OwnerIsTheirOwnDeputy: "deputy",
        entries.NoteIsMissing: "reason",
        entries.NoteIsTooLong: "reason",
    }

    def ask(self, opened: OpenedCase) -> None:
        """Ask for a colleague."""
        staff = _staff(opened)
        self.fields["owner"] = a_choice(_("Ny ansvarlig"), staff, missing=_("Velg hvem som får saken."), none=_("Velg en kollega"))
        self.fields["deputy"] = a_choice(_("Stedfortreder"), staff, none=_("Den stigen foreslår"))
        self.fields["reason"] = some_words(_("Hvorfor"), most=entries.NOTE_LENGTH, missing=words.on_screen(entries.NoteIsMissing.sentence))

    def owner(self) -> Employee:
        """Whose it is to be."""
        return next(one for one in _employees(self.opened) if one.code == self.cleaned_data["owner"])

    def deputy(self) -> Employee | None:
        """Who stands in, if somebody was chosen."""
        return next((one for one in _employees(self.opened) if one.code == self.cleaned_data["deputy"]), None)


class CloseForm(CaseForm):
    """How the case ends."""

    groups_asked = (("", ("closing", "note")),)
    about: ClassVar = {
        closings.UnknownClosing: "closing",
        closings.ClosingDisagreesWithThePlan: "closing",
        closings.NoReportIsSent: "closing",
        entries.NoteIsTooLong: "note",
    }

    def ask(self, opened: OpenedCase) -> None:
        """Ask for one of the ladder's ways, the one that agrees with the plan filled in."""
        ways = _reasons(opened.ladder.closings)
        self.fields["closing"] = one_of(_("Saken lukkes fordi"), ways, missing=_("Velg hvorfor saken lukkes."))
        self.fields["note"] = some_words(_("Notat"), most=entries.NOTE_LENGTH)
        self.initial = {"closing": opened.row.closable.closing if opened.row.closable else ""}


class WatchForm(CaseForm):
    """When a closed case is looked at again."""

    groups_asked = (("", ("until", "note")),)
    about: ClassVar = {closings.WatchIsTooLong: "until", entries.NoteIsMissing: "note", entries.NoteIsTooLong: "note"}

    def ask(self, opened: OpenedCase) -> None:
        """Ask for a day, and what was found today."""
        self.fields["until"] = a_day(_("Se på saken igjen"), missing=_("Skriv hvilken dag saken skal ses på igjen."))
        self.fields["note"] = some_words(_("Det du fant nå"), most=entries.NOTE_LENGTH, missing=_("Skriv kort hva du fant."))


class AssessmentForm(CaseForm):
    """One professional's assessment. Nothing is filled in: the answer is theirs."""

    groups_asked = (("", ("assessed_on", "duty", "criteria", "grounds")),)
    about: ClassVar = {
        assessments.AssessmentIsInTheFuture: "assessed_on",
        assessments.CriteriaDoNotFitTheAnswer: "criteria",
        assessments.GroundsAreMissing: "grounds",
    }

    def ask(self, opened: OpenedCase) -> None:
        """Ask for the answer, the letters that were found met, and the grounds."""
        letters = [(one.code, f"{one.code}) {words.said(one.name)}") for one in duty_to_report().criteria]
        answers = [(NO, _("Nei, det er ikke plikt til å melde nå")), (YES, _("Ja, det er plikt til å melde"))]
        self.fields["assessed_on"] = a_day(_("Vurdert"), missing=_("Skriv hvilken dag vurderingen ble gjort."))
        self.fields["duty"] = one_of(_("Din vurdering"), answers, missing=_("Velg ja eller nei. Svaret skrives ned også når det er nei."))
        self.fields["criteria"] = some_of(_("Vilkår du mener er oppfylt"), letters, hint=_("Bare når svaret er ja."))
        self.fields["grounds"] = some_words(
            _("Begrunnelse"), most=assessments.GROUNDS_LENGTH, missing=words.on_screen(assessments.GroundsAreMissing.sentence), rows=6
        )
        self.initial = {"assessed_on": opened.today}


class ReportForm(CaseForm):
    """When a report was sent."""

    groups_asked = (("", ("sent_on", "sent_clock")),)
    about: ClassVar = {assessments.AssessmentIsInTheFuture: "sent_on"}

    def ask(self, opened: OpenedCase) -> None:
        """Ask for the instant."""
        self.fields["sent_on"] = a_day(_("Sendt"), missing=_("Skriv hvilken dag meldingen ble sendt."))
        self.fields["sent_clock"] = a_clock(_("Klokkeslett"), missing=_("Skriv når på dagen meldingen ble sendt."))
        now = opened.request.at.astimezone(OSLO).time()
        self.initial = {"sent_on": opened.today, "sent_clock": time(now.hour, now.minute)}

    def sent_at(self) -> datetime:
        """The instant it was sent."""
        return oslo_instant(self.cleaned_data["sent_on"], self.cleaned_data["sent_clock"])


class AnswerForm(CaseForm):
    """What child welfare answered."""

    groups_asked = (("", ("received_on", "investigated", "investigation_from", "content")),)
    about: ClassVar = {
        assessments.AssessmentIsInTheFuture: "received_on",
        assessments.AnswerSaysNothing: "content",
        assessments.ReceiptSaysWhetherItIsInvestigated: "investigated",
    }

    def ask(self, opened: OpenedCase) -> None:
        """Ask for the answer; of the first one also whether there is an investigation."""
        self.fields["received_on"] = a_day(_("Svaret kom"), missing=_("Skriv hvilken dag svaret kom."))
        if awaited(opened).what == OwedAnswer.What.RECEIPT:
            answers = [(YES, _("Ja")), (NO, _("Nei, meldingen er henlagt"))]
            self.fields["investigated"] = one_of(_("Undersøkes det?"), answers, missing=_("Velg om det undersøkes."))
            self.fields["investigation_from"] = a_day(_("Undersøkelsen begynte"), hint=_("Tomt felt: dagen svaret kom."))
        self.fields["content"] = some_words(
            _("Hva svaret sier"), most=assessments.CONTENT_LENGTH, missing=words.on_screen(assessments.AnswerSaysNothing.sentence)
        )
        self.initial = {"received_on": opened.today}

    def is_investigated(self) -> bool | None:
        """Whether it is investigated, None for an answer that does not say."""
        said = self.cleaned_data.get("investigated")
        return None if said is None else said == YES


def correctable(opened: OpenedCase) -> CaseEvent:
    """This function will find the entry the address means. Raises Http404 when there is none, or nothing in it to correct."""
    entry = opened.asked_for("entry", opened.entries)
    if not may_be_corrected(entry):
        raise Http404
    return entry


def may_be_corrected(entry: CaseEvent) -> bool:
    """This function will tell whether an entry is a step, or a correction of one, that nothing stands instead of."""
    return entry.what in (CaseEvent.What.STEP, CaseEvent.What.CORRECTED) and not hasattr(entry, "corrected_by")


def awaited(opened: OpenedCase) -> OwedAnswer:
    """This function will find the answer the address means. Raises Http404 when it is not awaited."""
    return opened.asked_for("answer", opened.awaited)


def assessment_meant(opened: OpenedCase) -> Assessment:
    """This function will find the assessment the address means. Raises Http404 when there is none."""
    return opened.asked_for("assessment", opened.assessments)


def first_words(step: LadderStep) -> str:
    """This function will name a step by the beginning of its words: «Hjemmebesøk, varslet»."""
    return in_two(step)[0]


def in_two(step: LadderStep) -> tuple[str, str]:
    """This function will part a step's words into what is done and how, "" where there is no more to say."""
    said = words.said(step.name)
    cuts = [(said.index(mark), mark) for mark in (": ", ". ") if mark in said]
    if not cuts:
        return said, ""
    place, mark = min(cuts)
    return said[:place], capital(said[place + len(mark) :])


def _proposed(one: Proposal) -> str:
    said = {"step": first_words(one.step), "owner": one.owner.name, "day": words.day(one.due_on)}
    return _("%(step)s (%(owner)s, innen %(day)s)") % said


def _listed(values: Iterable[How | Interpreter | Outcome]) -> list[tuple[str, str]]:
    return [(value.value, capital(words.on_screen(value.words))) for value in values]


def _reasons(reasons: Iterable[Reason]) -> list[tuple[str, str]]:
    return [(reason.code, capital(words.said(reason.name))) for reason in reasons]


def _languages() -> list[tuple[str, str]]:
    return [(code, capital(words.on_screen(language.norwegian))) for code, language in languages().items()]


def _employees(opened: OpenedCase) -> list[Employee]:
    return list(employees_of(opened.person.municipality, on=opened.today))


def _staff(opened: OpenedCase) -> list[tuple[str, str]]:
    return [(one.code, f"{one.name}, {words.on_screen(str(Employee.Role(one.role).label))}") for one in _employees(opened)]
