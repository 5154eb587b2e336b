"""What is asked for about messages, tasks, letters and texts. Shape only; whether it can be done is the action's to say."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.messages.actions import approvals, letters, tasks
from fjorten.messages.incoming import IncomingEffect
from fjorten.messages.models import Way
from fjorten.messages.queries import NoSuchMessage
from fjorten.messages.tasks import TaskOutcome
from fjorten.organisation.models import Employee
from fjorten.organisation.queries import NoSuchEmployee
from fjorten.web.asked import AskedForm, a_choice, a_day, one_of, some_words
from fjorten.web.told import WAYS
from fjorten.web.words import on_screen

YES: Final = "yes"
NO: Final = "no"
_OUTCOMES: Final = {
    TaskOutcome.TOLD: gettext_lazy("Familien har fått beskjeden nå"),
    TaskOutcome.WAS_TOLD: gettext_lazy("Beskjeden hadde kommet fram likevel"),
    TaskOutcome.NOT_REACHED: gettext_lazy("Vi fikk ikke tak i familien"),
    TaskOutcome.NO_LONGER_NEEDED: gettext_lazy("Beskjeden trengs ikke lenger"),
}
_EFFECTS: Final = {
    IncomingEffect.ANSWERED: gettext_lazy("Vi har svart den som skrev"),
    IncomingEffect.WRONG_NUMBER: gettext_lazy("Det var feil nummer"),
    IncomingEffect.NOTHING_TO_DO: gettext_lazy("Det er ingenting å gjøre"),
}


class FinishForm(AskedForm):
    """How a task ended."""

    groups_asked = (("", ("outcome", "note")),)
    about: ClassVar = {tasks.NoteIsMissing: "note", tasks.NoteIsTooLong: "note"}

    def __init__(self, data: Any = None) -> None:
        """Ask anew."""
        super().__init__(data)
        self.fields["outcome"] = one_of(_("Hvordan gikk det"), _listed(_OUTCOMES), missing=_("Velg hvordan det gikk."))
        self.fields["note"] = some_words(
            _("Notat"), most=tasks.LONGEST_NOTE, hint=_("Skriv når og hvordan. Trengs når familien ikke fikk beskjeden."), rows=2
        )


class HandOnForm(AskedForm):
    """Who has a task from now on, and until when."""

    groups_asked = (("", ("owner", "due_on")),)
    about: ClassVar = {tasks.DeadlineHasPassed: "due_on", NoSuchEmployee: "owner"}

    def __init__(self, employees: Iterable[Employee], owner: str, due_on: date, data: Any = None) -> None:
        """Ask with whoever has it filled in."""
        super().__init__(data, auto_id="on-%s", initial={"owner": owner, "due_on": due_on})
        listed = [(one.code, f"{one.name}, {on_screen(str(Employee.Role(one.role).label))}") for one in employees]
        self.fields["owner"] = a_choice(_("Hvem skal gjøre det"), listed, missing=_("Velg hvem som skal gjøre det."))
        self.fields["due_on"] = a_day(_("Frist"), missing=_("Skriv fristen."))


class FateForm(AskedForm):
    """Whether a message arrived."""

    groups_asked = (("", ("arrived",)),)

    def __init__(self, data: Any = None) -> None:
        """Ask anew."""
        super().__init__(data)
        answers = [(YES, _("Den kom fram")), (NO, _("Den kom ikke fram"))]
        self.fields["arrived"] = one_of(
            _("Hva har du funnet ut"),
            answers,
            missing=_("Velg om meldingen kom fram."),
            hint=_("Spør familien, eller se hos den som sender SMS for oss. Meldingen sendes ikke en gang til."),
        )


class AnotherWayForm(AskedForm):
    """Which other way a message goes."""

    groups_asked = (("", ("way",)),)

    def __init__(self, ways: Iterable[Way], data: Any = None) -> None:
        """Ask among those that are left."""
        super().__init__(data, auto_id="way-%s")
        listed = [(way.value, str(WAYS[way])) for way in ways]
        self.fields["way"] = one_of(_("Hvordan skal den sendes"), listed, missing=_("Velg hvordan meldingen skal sendes."))


class SeenToForm(AskedForm):
    """What came of a message from a number nobody here uses."""

    groups_asked = (("", ("effect",)),)

    def __init__(self, data: Any = None) -> None:
        """Ask anew."""
        super().__init__(data)
        self.fields["effect"] = one_of(_("Hva ble gjort"), _listed(_EFFECTS), missing=_("Velg hva som ble gjort."))


class ReturnedForm(AskedForm):
    """Which letter came back, and when."""

    groups_asked = (("", ("number", "on")),)
    about: ClassVar = {NoSuchMessage: "number", letters.LetterWasNotSent: "number"}

    def __init__(self, today: date, data: Any = None) -> None:
        """Ask with today filled in."""
        super().__init__(data, auto_id="returned-%s", initial={"on": today})
        errors = {"required": _("Skriv nummeret som står på brevet."), "invalid": _("Nummeret på brevet har bare siffer.")}
        self.fields["number"] = forms.RegexField(
            r"^[0-9]{1,18}$",
            label=_("Nummeret på brevet"),
            help_text=_("Det står etter «Vår ref.» under datoen."),
            strip=True,
            error_messages=errors,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )
        self.fields["on"] = a_day(_("Kom i retur"), missing=_("Skriv hvilken dag brevet kom i retur."))


class TakeOutForm(AskedForm):
    """Why a printed letter was destroyed."""

    groups_asked = (("", ("reason",)),)

    def __init__(self, number: int, data: Any = None) -> None:
        """Ask anew; many stand on one page."""
        super().__init__(data, auto_id=f"out-{number}-%s")
        self.fields["reason"] = some_words(_("Hvorfor"), most=200, missing=_("Skriv hvorfor brevet ikke skal sendes."), rows=2)


class ApproveForm(AskedForm):
    """Who has read a text, and that it may be sent."""

    groups_asked = (("", ("proof_read_by",)),)
    about: ClassVar = {approvals.ProofReaderIsMissing: "proof_read_by", approvals.ProofReaderIsTooLong: "proof_read_by"}

    def __init__(self, place: str, data: Any = None) -> None:
        """Ask anew; `place` tells the texts of a page apart."""
        super().__init__(data, auto_id=f"{place}-%s")
        errors = {
            "required": on_screen(approvals.ProofReaderIsMissing.sentence),
            "max_length": on_screen(approvals.ProofReaderIsTooLong.sentence),
        }
        self.fields["proof_read_by"] = forms.CharField(
            label=_("Lest av"),
            help_text=_("Navnet på den som kan språket og har lest teksten."),
            max_length=approvals.LONGEST_NAME,
            error_messages=errors,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )


def _listed(words: Any) -> list[tuple[str, str]]:
    return [(one.value, str(said)) for one, said in words.items()]
