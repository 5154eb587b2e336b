"""
Which municipality numbers mean the same municipality, counted anew from the table of reforms. Pure.

Part of the independent recount: takes the shipped table as data, and shares nothing with how `registers.reforms` follows it.
"""

from collections.abc import Sequence

from fjorten.registers.reforms.codes import Reform


def same_municipality(code: str, reforms: Sequence[Reform]) -> set[str]:
    """List every number that as a whole has become the same municipality as `code` is now; none when that was split up."""
    now = _became(code, reforms)
    if len(now) != 1:
        return set()
    return now | {reform.old_code for reform in reforms if _became(reform.old_code, reforms) == now}


def _became(code: str, reforms: Sequence[Reform]) -> set[str]:
    """Follow a number through every reform to what it is now: itself when it still is, or again is, in use."""
    ended = [reform for reform in reforms if reform.old_code == code != reform.new_code]
    if not ended:
        return {code}
    last_day = max(reform.valid_from for reform in ended)
    if any(reform.new_code == code and reform.valid_from > last_day for reform in reforms):
        return {code}
    later = [reform for reform in reforms if reform.valid_from > last_day]
    return {final for reform in ended if reform.valid_from == last_day for final in _became(reform.new_code, later)}
