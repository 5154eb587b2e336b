"""The forms of the child's page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from fjorten.care_relations.models import REASON, ReasonOfEmergency


class EmergencyForm(forms.Form):
    """Why a record has to be opened now. The action says how much must be written."""

    code = forms.ChoiceField(label=_("Hvorfor må du se journalen nå?"), choices=ReasonOfEmergency.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Minst ti tegn. Lederen leser den."),
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
