"""How a municipality wants the ladder: from which day, why, and its days, waits and words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fjorten.followup.actions.ladders import AnotherLadderBeginsThatDay
from fjorten.followup.ladder import Ladder, LadderStep, Reason, Track, default_ladder
from fjorten.followup.overlays import Wanted
from fjorten.programme.tables import LANGUAGES
from fjorten.web import words
from fjorten.web.administration.ladder.presenters import MONTHS, months_of
from fjorten.web.asked import AskedForm, Group, a_day, a_line, a_number, some_words
from fjorten.web.words import capital

_LONGEST_DAYS: Final = 250  # working days: a year [default]
_LONGEST_MONTHS: Final = 12
_WORDS: Final = 400  # characters of a step's words
_NAMES: Final = {"nb": gettext_lazy("bokmål"), "nn": gettext_lazy("nynorsk"), "en": gettext_lazy("engelsk")}


@dataclass(frozen=True, slots=True)
class DaysRow:
    """One step with its fields: days usually, and when it is urgent."""

    words: str
    fields: tuple[BoundField, ...]


class LadderForm(AskedForm):
    """Days of every step on both tracks, months of every wait, and the words; what ships stands where nothing was decided."""

    about: ClassVar = {AnotherLadderBeginsThatDay: "valid_from"}

    def __init__(self, ladder: Ladder, data: Any = None, *, today: date) -> None:
        """Fill in the ladder as it is now."""
        super().__init__(data, initial={"valid_from": today})
        self._today = today
        now = {step.code: step for step in ladder.steps}
        self._steps = tuple(now.get(step.code, step) for step in default_ladder().steps)
        self.fields["valid_from"] = a_day(_("Gjelder fra"), missing=_("Skriv fra hvilken dag det gjelder."))
        self.fields["decided_by"] = a_line(
            _("Bestemt av"), most=200, missing=_("Skriv hvem som har bestemt det."), hint=_("Hvem, og i hvilken sak.")
        )
        self.fields["why"] = some_words(_("Hvorfor"), most=500, missing=_("Skriv hvorfor."), rows=2)
        for number, step in enumerate(self._steps, start=1):
            self._ask_days(number, step)
        for key, label in MONTHS.items():
            self._ask_months(key, str(label), months_of(ladder)[key])
        for key, one in self._worded(ladder):
            self._ask_words(key, one)

    def _ask_days(self, number: int, step: LadderStep) -> None:
        missing = _("Skriv et helt tall fra 0 til %(most)d.") % {"most": _LONGEST_DAYS}
        for track in Track:
            label = _("Steg %(number)d når det haster") if track is Track.FAST else _("Steg %(number)d")
            field = a_number(label % {"number": number}, least=0, most=_LONGEST_DAYS, missing=missing)
            field.initial = step.days[track]
            self.fields[_days(step.code, track)] = field

    def _ask_months(self, key: str, label: str, now: int) -> None:
        missing = _("Skriv et tall fra 1 til %(most)d.") % {"most": _LONGEST_MONTHS}
        field = a_number(label, least=1, most=_LONGEST_MONTHS, missing=missing, hint=_("Måneder"))
        field.initial = now
        self.fields[f"months-{key}"] = field

    def _ask_words(self, key: str, one: LadderStep | Reason) -> None:
        for language in LANGUAGES:
            label = f"{capital(words.said(one.name).partition(':')[0])} ({_NAMES[language]})"
            field = a_line(label, most=_WORDS, missing=_("Skriv ordene på alle tre språkene."))
            field.initial = one.name[language]
            self.fields[_word(key, one.code, language)] = field

    def _worded(self, ladder: Ladder) -> Iterator[tuple[str, LadderStep | Reason]]:
        """Give everything that has words, in the words of today."""
        shipped = default_ladder()
        yield from (("step", step) for step in self._steps)
        for key, ours, now in (
            ("reason", shipped.reasons, ladder.reasons),
            ("pause", shipped.pauses, ladder.pauses),
            ("close", shipped.closings, ladder.closings),
        ):
            known = {one.code: one for one in now}
            yield from ((key, known.get(one.code, one)) for one in ours)

    def groups(self) -> Iterator[Group]:
        """Give what is always asked; the words are folded (`worded`)."""
        yield self.group(_("Beslutningen"), ["valid_from", "decided_by", "why"])
        yield self.group(_("Hvor lenge noe kan vente"), [f"months-{key}" for key in MONTHS])

    def days(self) -> Iterator[DaysRow]:
        """Give the days of each step, for a table."""
        for number, step in enumerate(self._steps, start=1):
            fields = tuple(self[_days(step.code, track)] for track in (Track.STANDARD, Track.FAST))
            yield DaysRow(f"{number}. {words.said(step.name)}", fields)

    def worded(self) -> Iterator[Group]:
        """Give the words, under what they are for."""
        for key, heading in (
            ("step", _("Stegene")),
            ("reason", _("Hvorfor familien ikke kom")),
            ("pause", _("Hvorfor en sak venter")),
            ("close", _("Hvordan en sak lukkes")),
        ):
            yield self.group(heading, [name for name in self.fields if name.startswith(f"words-{key}-")])

    def clean(self) -> dict[str, Any]:
        """Hold the days against each other, so that what the ladder never does is told in words at its field."""
        said = super().clean() or {}
        if said.get("valid_from") and said["valid_from"] < self._today:
            self.add_error("valid_from", _("En beslutning gjelder fra i dag eller senere. Velg en annen dag."))
        before = dict.fromkeys(Track, 0)
        for number, step in enumerate(self._steps):
            for track in Track:
                name = _days(step.code, track)
                days = said.get(name)
                if days is None:
                    continue
                if number == 0 and days != 0:
                    self.add_error(name, _("Det første steget tas samme dag. Skriv 0."))
                elif days < before[track]:
                    self.add_error(
                        name, _("Dagene må stige: dette steget kan ikke komme før det forrige. Skriv minst %(n)d.") % {"n": before[track]}
                    )
                before[track] = max(before[track], days)
            slow, fast = said.get(_days(step.code, Track.STANDARD)), said.get(_days(step.code, Track.FAST))
            if slow is not None and fast is not None and fast > slow:
                self.add_error(_days(step.code, Track.FAST), _("Det kan ikke gå saktere når det haster. Skriv høyst %(n)d.") % {"n": slow})
        return said

    def wanted(self) -> Wanted:
        """Give what was filled in."""
        said, kinds = self.cleaned_data, ("step", "reason", "pause", "close")
        named: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in kinds}
        for name in self.fields:
            if name.startswith("words-"):
                _kind, kind, code, language = name.split("-")
                named[kind].setdefault(code, {})[language] = " ".join(said[name].split())
        return Wanted(
            days={step.code: {track: said[_days(step.code, track)] for track in Track} for step in self._steps},
            words=named,
            months={key: said[f"months-{key}"] for key in MONTHS},
        )


def _days(code: str, track: Track) -> str:
    return f"days-{code}-{track}"


def _word(kind: str, code: str, language: str) -> str:
    return f"words-{kind}-{code}-{language}"
