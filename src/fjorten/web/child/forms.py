"""The forms of the child's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fjorten.care_relations.models import REASON, ReasonOfEmergency
from fjorten.web import words


def _reasons() -> list[tuple[str, str]]:
    """List the reasons there are in the language of the page: asked each time the form is made."""
    return [(reason.value, words.on_screen(str(reason.label))) for reason in ReasonOfEmergency]


class EmergencyForm(forms.Form):
    """Why a record has to be opened now. The action says how much must be written."""

    code = forms.ChoiceField(label=_("Hvorfor må du se journalen nå?"), choices=_reasons, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Minst ti tegn. Lederen leser den."),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
