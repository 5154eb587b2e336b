"""What our forms ask for: each field with its label and hint, and with an error that says how to put it right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias, TypeVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from fjorten.kernel.refusals import Refused
from fjorten.web import words
from fjorten.web.day_converter import FIRST, LAST

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Words: TypeAlias = "str | _StrPromise"
Choices = Iterable[tuple[str, str]]
FieldT = TypeVar("FieldT", bound=forms.ChoiceField)
_NOT_LISTED: Final = _("Velg blant det som står på listen.")
_NO_DAY: Final = _("Skriv en dato, for eksempel 24.11.2026.")
_NO_CLOCK: Final = _("Skriv et klokkeslett, for eksempel 10.15.")
_TOO_LONG: Final = _("Teksten er for lang. Skriv den med høyst %(limit_value)d tegn.")


@dataclass(frozen=True, slots=True)
class Drawn:
    """One field as it is drawn: `kind` is "options", "tick", "short" or "" for a line of its own."""

    kind: str
    field: BoundField


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under a heading ("" when it goes without saying)."""

    heading: str
    fields: tuple[Drawn, ...]

    @property
    def is_wrong(self) -> bool:
        """Tell whether something in it was refused: it is not folded then."""
        return any(drawn.field.errors for drawn in self.fields)


class AskedForm(forms.Form):
    """
    A form of ours. `groups_asked` are the names of its fields under their headings; `about` says which field a refusal belongs to. What an
    action refuses is shown like any other error, with everything that was typed.
    """

    use_required_attribute = False  # the browser's own words would stand in our sentences' place
    groups_asked: ClassVar[tuple[tuple[Words, tuple[str, ...]], ...]] = ()
    about: ClassVar[Mapping[type[Refused], str]] = {}

    def refused(self, refusal: Refused) -> None:
        """Show what an action refused, at its field when it is about one."""
        kinds = (self.about[kind] for kind in type(refusal).__mro__ if kind in self.about)
        self.add_error(next(kinds, None), words.refusal(refusal))

    def groups(self) -> Iterator[Group]:
        """Give the fields in the order they are asked, those that are asked."""
        for heading, names in self.groups_asked:
            group = self.group(str(heading), names)
            if group.fields:
                yield group

    def group(self, heading: str, names: Iterable[str]) -> Group:
        """Give some fields under a heading, those of them that are asked."""
        return Group(heading, tuple(_drawn(self[name]) for name in names if name in self.fields))


def _drawn(field: BoundField) -> Drawn:
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return Drawn("options", field)
    if isinstance(widget, forms.CheckboxInput):
        return Drawn("tick", field)
    return Drawn("short" if isinstance(widget, forms.DateInput | forms.TimeInput | forms.NumberInput) else "", field)


def a_choice(label: Words, choices: Choices, *, missing: Words = "", hint: Words = "", none: Words = "") -> forms.ChoiceField:
    """Ask for one of a list, as a menu. `missing`: the sentence when nothing is chosen; without it the answer may be `none`."""
    listed = [*choices] if missing and not none else [("", str(none)), *choices]
    return _choice(forms.ChoiceField, forms.Select, label, listed, missing=missing, hint=hint)


def one_of(label: Words, choices: Choices, *, missing: Words, hint: Words = "") -> forms.ChoiceField:
    """Ask for one of a few, all shown."""
    return _choice(forms.ChoiceField, forms.RadioSelect, label, [*choices], missing=missing, hint=hint)


def some_of(label: Words, choices: Choices, *, hint: Words = "") -> forms.MultipleChoiceField:
    """Ask for any number of a few, all shown."""
    return _choice(forms.MultipleChoiceField, forms.CheckboxSelectMultiple, label, [*choices], missing="", hint=hint)


def a_day(label: Words, *, missing: Words = "", hint: Words = "") -> forms.DateField:
    """Ask for a day. `missing`: the sentence when there is none; without it there need not be one."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"required": missing, "invalid": _NO_DAY}
    formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d%m%y", "%d/%m/%Y"]
    within = [MinValueValidator(FIRST, _NO_DAY), MaxValueValidator(LAST, _NO_DAY)]
    return forms.DateField(
        label=label,
        help_text=hint,
        required=bool(missing),
        widget=widget,
        input_formats=formats,
        error_messages=errors,
        validators=within,
    )


def a_clock(label: Words, *, missing: Words = "", hint: Words = "") -> forms.TimeField:
    """Ask for a time of day. `missing`: the sentence when there is none; without it there need not be one."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    errors = {"required": missing, "invalid": _NO_CLOCK}
    formats = ["%H:%M", "%H.%M"]
    return forms.TimeField(label=label, help_text=hint, required=bool(missing), widget=widget, input_formats=formats, error_messages=errors)


def a_line(label: Words, *, most: int, missing: Words = "", hint: Words = "") -> forms.CharField:
    """Ask for a text on one line, of at most so many characters. `missing`: as for `some_words`."""
    errors = {"required": missing, "max_length": _TOO_LONG}
    return forms.CharField(label=label, help_text=hint, required=bool(missing), max_length=most, error_messages=errors)


def a_number(label: Words, *, least: int, most: int, missing: Words, hint: Words = "") -> forms.IntegerField:
    """Ask for a whole number within bounds; `missing` is also the sentence for what is none, or outside."""
    errors = {"required": missing, "invalid": missing, "min_value": missing, "max_value": missing}
    return forms.IntegerField(label=label, help_text=hint, min_value=least, max_value=most, error_messages=errors)


def a_file(label: Words, *, hint: Words = "") -> forms.FileField:
    """Ask for a file there need not be. Whoever reads it says how large it may be."""
    errors = {"empty": _("Filen er tom. Velg en annen.")}
    return forms.FileField(label=label, help_text=hint, required=False, widget=forms.FileInput, error_messages=errors)


def some_words(label: Words, *, most: int, missing: Words = "", hint: Words = "", rows: int = 3) -> forms.CharField:
    """Ask for a text of at most so many characters. `missing`: the sentence when there is none; without it there need not be one."""
    errors = {"required": missing, "max_length": _TOO_LONG}
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=bool(missing), max_length=most, widget=widget, error_messages=errors)


def _choice(kind: type[FieldT], widget: type[forms.Widget], label: Words, choices: Choices, *, missing: Words, hint: Words) -> FieldT:
    errors = {"required": missing, "invalid_choice": _NOT_LISTED}
    return kind(label=label, help_text=hint, choices=choices, required=bool(missing), widget=widget, error_messages=errors)
