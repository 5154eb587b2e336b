"""
How often families do this or that. Figures with where each was read; the rest are our own, chosen so that everything happens.

None of it says anything about a real municipality. That it is the same for every family is on purpose: the survey of 2020 found no common
trait of those who miss, and not the same families each time [source].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Why(StrEnum):
    """Why a family did not come: the ladder's codes. The first eight are the survey's of 2020 [source]."""

    FORGOT = "forgot"
    ILLNESS = "illness"
    DID_NOT_UNDERSTAND = "did_not_understand_message"
    MOVED = "moved_within_country"
    ABROAD = "temporarily_abroad"
    EMIGRATED = "emigrated_unreported"
    LOGISTICS = "logistics"
    SPECIALIST = "followed_by_specialist"
    DECLINED = "declined"
    SEEN_BY_GP = "seen_by_gp_unconfirmed"
    UNKNOWN = "unknown"


# Of those whose names are from elsewhere, how many need an interpreter: shares of the interpreter jobs of the first half of 2024 (uk and ru
# 18-19 % each, ar 18-19 %, pl 7 %, ti 4 %, so a little less: IMDi [source], languages.toml) over the origins' shares of our towns
# (`names.SHARES`), at a level of our own: nine of ten families from Ukraine [default].
_NEED_INTERPRETER = MappingProxyType({"uk": 0.90, "ar": 0.30, "pl": 0.09, "ti": 0.10, "so": 0.07})
# What families of an origin speak, where that is not one language. Interpreter jobs in Ukrainian and in Russian are as many [source: IMDi];
# that those in Russian are Ukrainians' is ours [default]. One in ten Norwegian families writes nynorsk (11 % of pupils, SSB [unverified]).
_SPEAK = MappingProxyType({"uk": (("uk", 0.5), ("ru", 0.5)), "nb": (("nb", 0.9), ("nn", 0.1)), "se": (("nb", 1.0),)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Shares between 0 and 1, unless a field says otherwise. All [default] but those that name a source."""

    # How they are reached.
    needs_interpreter: Mapping[str, float] = field(default_factory=lambda: _NEED_INTERPRETER)
    speak: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=lambda: _SPEAK)
    language_is_not_known: float = 0.05
    has_no_telephone: float = 0.02
    number_is_dead: float = 0.03
    number_is_somebody_elses: float = 0.01
    post_comes_back: float = 0.03
    guardians_live_apart: float = 0.18
    has_a_wish: float = 0.12
    can_come_soon: float = 0.10

    # Whether they come. A reminded family misses 5.8 % of its times with one reminder and 4.4 % with two (Steiner 2018, n = 54,066
    # [source]); without any the odds of coming are 1.76 times lower (13 trials, Lin & Wu 2014 [source]): 7.5 %. Where one reminder is
    # given, 27 % of the misses are forgotten ones (BMC HSR 2022 [source]), and only those depend on reminders [default].
    forgets: tuple[float, float, float] = (0.033, 0.016, 0.002)  # after none, one, two reminders
    is_ill: float = 0.020
    something_comes_up: float = 0.019
    does_not_understand: float = 0.06  # of those who need an interpreter and were told in a language they do not read
    comes_untold: float = 0.10  # having heard of the time from the clinic in another way
    tells_beforehand: float = 0.5  # of those who are ill or hindered: then it is a cancelled time, not a missed one
    comes_late: float = 0.02  # and is seen the same day

    # Where they are. Per family, or child, and year.
    goes_abroad: float = 0.06
    is_in_hospital: float = 0.006
    is_followed_by_specialist: float = 0.01  # of all children, for good

    # What they answer, of the messages that ask for it, and by themselves.
    answers_that_they_come: float = 0.35
    asks_for_another_time: float = 0.04
    writes_something_else: float = 0.008
    wants_no_messages: float = 0.001

    # What they say when somebody calls.
    takes_the_telephone: float = 0.65
    declines: float = 0.02
    says_the_doctor_did_it: float = 0.02
