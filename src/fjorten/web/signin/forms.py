"""The form in which somebody chooses their own password."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from fjorten.access.actions import IsTheSamePassword, PasswordIsTooWeak
from fjorten.web.asked import AskedForm

_LONGEST = 200  # characters: more than anybody types, and little to reckon with


class OwnPasswordForm(AskedForm):
    """A new password, twice. What was typed is not shown again."""

    groups_asked = (("", ("password", "again")),)
    about: ClassVar = {PasswordIsTooWeak: "password", IsTheSamePassword: "password"}

    password = forms.CharField(
        label=_("Nytt passord"),
        help_text=_("Minst 12 tegn. Flere ord etter hverandre er lette å huske."),
        max_length=_LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Skriv et nytt passord."), "max_length": _("Skriv passordet med høyst 200 tegn.")},
    )
    again = forms.CharField(
        label=_("Gjenta passordet"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Gjenta passordet.")},
    )

    def clean(self) -> dict[str, Any]:
        """Hold the two against each other."""
        said = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("De to passordene er ikke like. Skriv dem på nytt."))
        return said
