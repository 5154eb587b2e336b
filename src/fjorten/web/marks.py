"""
The marks a state is drawn with: always a shape, a word and a colour, so that none of the three has to be seen for the other two.

One shape per state of the ledger, the same in lists, on the child's page and in print; and the track, a child's steps in order with one
mark each. Values only: the shapes themselves are drawn by the template tags in `templatetags/pictures.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fjorten.programme.status import Status
from fjorten.web.shown import ByName

Words = str | Promise


class Tone(StrEnum):
    """What a colour says. Red is kept for what was missed, is over time, or is a child nobody knows."""

    OK = "ok"
    BOOKED = "book"
    LATE = "late"
    MISSED = "miss"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Mark:
    """One state as it is shown. `code` names the shape (`#mark-<code>` among the drawn shapes) and is a word of HTML classes."""

    code: str
    word: Words
    tone: Tone


class NoSuchMark(LookupError):
    """A template asked for a mark that is not drawn."""


# Before a newcomer came: not a state of the ledger, but how steps are drawn until a person has accepted a catch-up plan.
UNKNOWN: Final = Mark("unknown", _("ukjent, før innflytting"), Tone.QUIET)

OF_STATUS: Final[Mapping[Status, Mark]] = MappingProxyType(
    {
        Status.NOT_YET_DUE: Mark("not_yet_due", _("kommer"), Tone.QUIET),
        Status.DUE: Mark("due", _("skal ha time nå"), Tone.LATE),
        Status.BOOKED: Mark("booked", _("time satt opp"), Tone.BOOKED),
        Status.OVERDUE: Mark("overdue", _("over tiden"), Tone.LATE),
        Status.MISSED: Mark("missed", _("ikke møtt"), Tone.MISSED),
        Status.DONE: Mark("done", _("gjennomført"), Tone.OK),
        Status.DONE_ELSEWHERE: Mark("done_elsewhere", _("gjort annet sted"), Tone.OK),
        Status.DECLINED: Mark("declined", _("takket nei"), Tone.QUIET),
        Status.WAIVED: Mark("waived", _("ikke aktuelt"), Tone.QUIET),
    }
)

# What is not a state of a step but is shown beside them: who is in the house now, and the child nobody has opened a journal for.
WITHOUT_JOURNAL: Final = Mark("without_journal", _("uten journal"), Tone.MISSED)
WAITING: Final = Mark("waiting", _("på venterommet"), Tone.BOOKED)
INSIDE: Final = Mark("inside", _("inne nå"), Tone.OK)
OPEN: Final = Mark("open", _("ikke gjort"), Tone.QUIET)

MARKS: Final[Mapping[str, Mark]] = MappingProxyType(
    {mark.code: mark for mark in (*OF_STATUS.values(), UNKNOWN, WITHOUT_JOURNAL, WAITING, INSIDE, OPEN)}
)


def mark_named(code: str) -> Mark:
    """Find the mark with this code. Raises NoSuchMark, naming those there are."""
    try:
        return MARKS[code]
    except KeyError:
        raise NoSuchMark(f'no mark "{code}" (known: {", ".join(MARKS)})') from None


@dataclass(frozen=True, slots=True)
class TrackStep:
    """
    One step on the track.

    `label` is the step's short name («8 mnd»), `detail` and `note` are the two lines under it on the large track («14.09», «med lege»), and
    `phase` the heading over it; steps that follow each other with the same phase share one. All are words for the screen already.
    """

    code: str
    label: str
    mark: Mark
    detail: str = ""
    note: str = ""
    phase: str = ""

    @property
    def is_now(self) -> bool:
        """Whether the step waits for an appointment today."""
        return self.mark.code in _WAITING_NOW

    @property
    def is_behind(self) -> bool:
        """Whether the step lies behind the child: the drawn line is solid as far as the last of these."""
        return self.mark.code in BEHIND


def _codes(*statuses: Status) -> frozenset[str]:
    return frozenset(OF_STATUS[status].code for status in statuses)


BEHIND: Final = _codes(Status.DONE, Status.DONE_ELSEWHERE, Status.MISSED, Status.DECLINED, Status.WAIVED)
_WAITING_NOW: Final = _codes(Status.DUE, Status.OVERDUE)
_COUNTED: Final = _codes(Status.DONE, Status.DONE_ELSEWHERE)
# What the sentence names one by one; the rest a listener can infer from the count and the order.
_NAMED: Final = _codes(Status.MISSED, Status.OVERDUE, Status.DUE, Status.BOOKED)


@dataclass(frozen=True, slots=True)
class Track:
    """A child's steps in the order of the programme, ready to be drawn."""

    steps: tuple[TrackStep, ...]

    @property
    def mini(self) -> MiniTrack:
        """The same for a list."""
        return MiniTrack.of([step.mark for step in self.steps], lambda number: self.steps[number].label)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its marks."""
        return self.mini.codes

    @property
    def sentence(self) -> str:
        """The whole track in words."""
        return self.mini.sentence

    @property
    def count(self) -> str:
        """How many are done: «7 av 14»."""
        return self.mini.count


@dataclass(frozen=True, slots=True)
class MiniTrack(ByName):
    """A child's steps as a list draws them: the codes of their marks, the whole in words, and how many are done: «7 av 14»."""

    codes: tuple[str, ...]
    sentence: str
    count: str

    @classmethod
    def of(cls, marks: Sequence[Mark], label: Callable[[int], str]) -> MiniTrack:
        """Make one of the marks of the steps; `label` is asked for the names of those the sentence says (counted from 0)."""
        named = tuple(label(number) for number, mark in enumerate(marks) if mark.code in _NAMED)
        return _mini(get_language(), tuple(mark.code for mark in marks), named)


@lru_cache(maxsize=4096)  # the children of a list are at the same few places in the programme
def _mini(_language: str | None, codes: tuple[str, ...], named: tuple[str, ...]) -> MiniTrack:
    done = sum(code in _COUNTED for code in codes)
    return MiniTrack(codes, _sentence(codes, named, done), gettext("%(done)s av %(all)s") % {"done": done, "all": len(codes)})


def _sentence(codes: Sequence[str], named: Iterable[str], done: int) -> str:
    """
    Say a track in words, for those who do not see it: «7 av 14 gjennomført, 8 mnd ikke møtt, 10 mnd skal ha time nå».

    Counts what is done here or elsewhere, names each step that is missed, over time, due or booked, and counts those nobody knows about.
    """
    parts = [gettext("%(done)s av %(all)s gjennomført") % {"done": done, "all": len(codes)}]
    labels = iter(named)
    parts += [f"{next(labels)} {mark_named(code).word}" for code in codes if code in _NAMED]
    unknown = codes.count(UNKNOWN.code)
    if unknown:
        parts.append(ngettext("%(count)s ukjent, før innflytting", "%(count)s ukjente, før innflytting", unknown) % {"count": unknown})
    return ", ".join(parts)
