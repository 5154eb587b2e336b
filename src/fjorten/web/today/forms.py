"""The forms of the day."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from fjorten.appointments.models import DropIn
from fjorten.organisation.models import Clinic
from fjorten.web import words
from fjorten.web.asked import AskedForm, one_of


class DropInForm(AskedForm):
    """Why a family has come without an appointment, and to which clinic, where whoever asks is of several."""

    groups_asked: ClassVar = (("", ("clinic", "matter")),)

    def __init__(self, clinics: Iterable[Clinic], data: Any = None) -> None:
        """Take the clinics there are to choose from."""
        super().__init__(data)
        self.clinics = {str(clinic.pk): clinic for clinic in clinics}
        if len(self.clinics) > 1:
            named = [(number, clinic.name) for number, clinic in self.clinics.items()]
            self.fields["clinic"] = one_of(_("Hvor er familien?"), named, missing=_("Velg helsestasjonen familien er kommet til."))
        matters = [(matter.value, words.capital(words.on_screen(str(matter.label)))) for matter in DropIn.Matter]
        self.fields["matter"] = one_of(_("Hva gjelder det?"), matters, missing=_("Velg hva familien er kommet for."))

    def clinic(self) -> Clinic:
        """Tell where the family has come."""
        return self.clinics[self.cleaned_data["clinic"]] if "clinic" in self.fields else next(iter(self.clinics.values()))
