"""What is asked for about a finding. Many stand on one page, so the ids of their fields carry the number of theirs."""

from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.plans.reasons import REASON_LENGTH, ReasonIsMissing, ReasonIsTooLong
from fjorten.registers.models import WorkItem
from fjorten.registers.work import DayHasPassed
from fjorten.web.asked import AskedForm, a_choice, a_day, some_words
from fjorten.web.words import capital, on_screen

_MISSING: Final = gettext_lazy("Skriv en begrunnelse. Den blir stående med navnet ditt.")
# A journal is opened by opening it, not by saying so.
_SAID: Final = [resolution for resolution in WorkItem.Resolution if resolution is not WorkItem.Resolution.ENROLLED]


class SettleForm(AskedForm):
    """How a finding ends, and why."""

    groups_asked = (("", ("resolution", "reason")),)
    about: ClassVar = {ReasonIsMissing: "reason", ReasonIsTooLong: "reason"}

    def __init__(self, item: WorkItem, suggested: str, data: Any = None) -> None:
        """Fill in what is suggested."""
        super().__init__(data, auto_id=f"settle-{item.pk}-%s", initial={"resolution": suggested})
        choices = [(one.value, capital(on_screen(str(one.label)))) for one in _SAID]
        self.fields["resolution"] = a_choice(_("Utfall"), choices, missing=_("Velg hva som er riktig."), none=_("Velg utfall"))
        self.fields["reason"] = some_words(_("Begrunnelse"), most=REASON_LENGTH, missing=_MISSING, rows=2)


class WaitForm(AskedForm):
    """Until when a finding waits, and why."""

    groups_asked = (("", ("until", "reason")),)
    about: ClassVar = {DayHasPassed: "until", ReasonIsMissing: "reason", ReasonIsTooLong: "reason"}

    def __init__(self, item: WorkItem, data: Any = None) -> None:
        """Ask anew."""
        super().__init__(data, auto_id=f"wait-{item.pk}-%s")
        self.fields["until"] = a_day(_("Vent til"), missing=_("Skriv hvilken dag den skal tilbake på listen."))
        self.fields["reason"] = some_words(_("Begrunnelse"), most=REASON_LENGTH, missing=_MISSING, rows=2)
