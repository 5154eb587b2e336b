"""What is asked for when somebody reviews a look, and when something is given, named or blocked."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from fjorten.access.models import User
from fjorten.care_relations.actions import (
    AccountIsElsewhere,
    AuthorisationHasNoDays,
    IsBlockedAlready,
    IsNamedAlready,
    NotForOneself,
)
from fjorten.care_relations.models import NOTE, REASON, ReviewVerdict
from fjorten.kernel.times import start_of_day
from fjorten.kernel.writing import TextIsTooLong
from fjorten.plans.reasons import ReasonIsMissing
from fjorten.web.asked import AskedForm, a_choice, a_day, one_of, some_words
from fjorten.web.words import capital, on_screen


class ReviewForm(AskedForm):
    """A verdict and a note. Many stand on one page, so the ids of their fields carry what they are about."""

    groups_asked = (("", ("verdict", "note")),)
    about: ClassVar = {ReasonIsMissing: "note", TextIsTooLong: "note"}

    def __init__(self, about: str, data: Any = None) -> None:
        """Ask anew."""
        super().__init__(data, auto_id=f"review-{about}-%s")
        choices = [(verdict.value, capital(on_screen(str(verdict.label)))) for verdict in ReviewVerdict]
        self.fields["verdict"] = one_of(_("Vurdering"), choices, missing=_("Velg hva du kom fram til."))
        self.fields["note"] = some_words(
            _("Hva du så på, og hva du kom fram til"),
            most=NOTE,
            missing=_("Skriv hva du kom fram til. Det blir stående med navnet ditt."),
            rows=2,
        )

    def verdict(self) -> ReviewVerdict:
        """Tell what was chosen."""
        return ReviewVerdict(self.cleaned_data["verdict"])


class GivingForm(AskedForm):
    """A form that is about one account of the municipality."""

    about: ClassVar = {
        AccountIsElsewhere: "account",
        NotForOneself: "account",
        IsNamedAlready: "account",
        IsBlockedAlready: "account",
        AuthorisationHasNoDays: "until",
        ReasonIsMissing: "reason",
        TextIsTooLong: "reason",
    }

    def __init__(self, accounts: list[User], data: Any = None, *, about: str = "") -> None:
        """Take the accounts to choose among; `about` tells forms of one page apart."""
        super().__init__(data, auto_id=f"{self.__class__.__name__.lower()}{about}-%s")
        self.accounts = {str(user.pk): user for user in accounts if user.is_active}
        self.ask()

    def ask(self) -> None:
        """Add the fields."""
        raise NotImplementedError

    def ask_account(self) -> None:
        """Ask whom it is about."""
        named = [(number, user.display_name) for number, user in self.accounts.items()]
        self.fields["account"] = a_choice(_("Ansatt"), named, missing=_("Velg hvem det gjelder."), none=_("Velg ansatt"))

    def account(self) -> User:
        """Tell whom it is about."""
        return self.accounts[self.cleaned_data["account"]]


class AuthoriseForm(GivingForm):
    """Who is to have access, until when, and why."""

    groups_asked = (("", ("account", "until", "reason")),)

    def ask(self) -> None:
        """Add the fields."""
        self.ask_account()
        self.fields["until"] = a_day(
            _("Til og med"),
            missing=_("Skriv den siste dagen tilgangen gjelder."),
            hint=_("Høyst tre måneder fram. Da kan den gis på nytt."),
        )
        self.fields["reason"] = some_words(_("Begrunnelse"), most=REASON, missing=_("Skriv hvorfor de trenger å se journalen."), rows=2)

    def until_at(self) -> datetime:
        """Tell the instant the access ends: with the last day."""
        until: date = self.cleaned_data["until"]
        return start_of_day(until + timedelta(days=1))


class NameForm(GivingForm):
    """Who is to follow a protected child, and why."""

    groups_asked = (("", ("account", "reason")),)

    def ask(self) -> None:
        """Add the fields."""
        self.ask_account()
        self.fields["reason"] = some_words(_("Begrunnelse"), most=REASON, missing=_("Skriv hvorfor de skal følge barnet."), rows=2)


class BlockForm(GivingForm):
    """Whom the family does not want to see the journal, and who said so."""

    groups_asked = (("", ("account", "reason")),)

    def ask(self) -> None:
        """Add the fields."""
        self.ask_account()
        self.fields["reason"] = some_words(
            _("Hvem i familien sa det, og hvordan"), most=REASON, missing=_("Skriv hvem som sa det, og hvordan."), rows=2
        )


class UnblockForm(AskedForm):
    """Who said that the family objects no more."""

    groups_asked = (("", ("reason",)),)
    about: ClassVar = {ReasonIsMissing: "reason", TextIsTooLong: "reason"}

    def __init__(self, number: int, data: Any = None) -> None:
        """Take the number of the block."""
        super().__init__(data, auto_id=f"unblock-{number}-%s")
        self.number = number
        self.fields["reason"] = some_words(
            _("Hvem i familien opphever den, og hvordan"), most=REASON, missing=_("Skriv hvem som sa det, og hvordan."), rows=2
        )
