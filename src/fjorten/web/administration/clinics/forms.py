"""What is asked for about clinics and rooms."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _

from fjorten.kernel.telephones import TelephoneNumberIsInvalid
from fjorten.organisation import actions
from fjorten.organisation.models import NAME, ROOM_NAME
from fjorten.web.asked import AskedForm, a_line, one_of

_ADDRESS = 150
_BRAND = 40
_AREAS = 2000  # characters: some hundred areas


class NameForm(AskedForm):
    """A name of a clinic or a room."""

    groups_asked = (("", ("name",)),)
    about: ClassVar = {actions.NameIsMissing: "name", actions.ClinicNameIsTaken: "name", actions.RoomNameIsTaken: "name"}

    def __init__(self, data: Any = None, *, name: str = "", is_room: bool = False) -> None:
        """Show the name it has."""
        super().__init__(data, initial={"name": name})
        missing = _("Skriv navnet på rommet.") if is_room else _("Skriv navnet på helsestasjonen.")
        self.fields["name"] = a_line(_("Navn"), most=ROOM_NAME if is_room else NAME, missing=missing)


class FoundAtForm(AskedForm):
    """Where families call and come."""

    groups_asked = (("", ("telephone", "visiting_address")),)
    about: ClassVar = {
        TelephoneNumberIsInvalid: "telephone",
        actions.CannotStandInAMessage: "visiting_address",
        actions.TellsTheKindOfClinic: "visiting_address",
    }

    def __init__(self, data: Any = None, *, telephone: str = "", visiting_address: str = "") -> None:
        """Show what is known."""
        super().__init__(data, initial={"telephone": telephone, "visiting_address": visiting_address})
        self.fields["telephone"] = a_line(_("Telefon"), most=30, missing=_("Skriv telefonnummeret familiene skal ringe."))
        self.fields["visiting_address"] = a_line(
            _("Besøksadresse"),
            most=_ADDRESS,
            missing=_("Skriv hvor familiene skal møte."),
            hint=_("Stedet og adressen på én linje, uten ordet helsestasjon: Torget 1, Fjordvik."),
        )


class AreasForm(AskedForm):
    """Which basic units a clinic serves."""

    groups_asked = (("", ("areas",)),)
    about: ClassVar = {actions.AreaIsNotDigits: "areas", actions.AreaIsAnotherClinics: "areas"}

    def __init__(self, data: Any = None, *, areas: str = "") -> None:
        """Show those it has."""
        super().__init__(data, initial={"areas": areas})
        self.fields["areas"] = a_line(
            _("Grunnkretser"),
            most=_AREAS,
            hint=_("De første sifrene i grunnkretsene, med mellomrom mellom: 46010101 460102. De lengste går foran."),
        )

    def prefixes(self) -> list[str]:
        """Give the areas one by one."""
        return str(self.cleaned_data["areas"]).replace(",", " ").split()


class KnownAsForm(AskedForm):
    """What families know the municipality as."""

    groups_asked = (("", ("brand", "norwegian")),)
    about: ClassVar = {actions.CannotStandInAMessage: "brand", actions.TellsTheKindOfClinic: "brand", actions.NotANorwegian: "norwegian"}

    def __init__(self, data: Any = None, *, brand: str = "", norwegian: str = "nb") -> None:
        """Show what is said now."""
        super().__init__(data, initial={"brand": brand, "norwegian": norwegian})
        self.fields["brand"] = a_line(
            _("Kommunens navn i meldinger"),
            most=_BRAND,
            missing=_("Skriv navnet familiene kjenner."),
            hint=_("Uten «helse» og «barnevern»."),
        )
        forms_of_norwegian = [("nb", _("bokmål")), ("nn", _("nynorsk"))]
        self.fields["norwegian"] = one_of(_("Målform"), forms_of_norwegian, missing=_("Velg bokmål eller nynorsk."))
