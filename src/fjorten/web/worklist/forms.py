"""Giving cases to somebody: who, and why."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy

from fjorten.organisation.models import Employee
from fjorten.web import words


class GiveForm(forms.Form):
    """Whom the cases are given to, with the reason that is put down in each."""

    to = forms.TypedChoiceField(label=gettext_lazy("Gi til"), coerce=int)
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor"), help_text=gettext_lazy("Én setning. Den står i saken."), max_length=500, strip=True
    )

    def __init__(self, *args: object, staff: Iterable[Employee], **kwargs: object) -> None:
        """Take the employees there are to choose among."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # passed on as Django has it
        named = sorted(staff, key=lambda one: (one.name, one.pk))
        self.fields["to"].choices = [(one.pk, f"{one.name}, {words.on_screen(str(one.get_role_display()))}") for one in named]  # type: ignore[attr-defined]
