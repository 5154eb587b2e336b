"""
Choosing times the slow way, written from the text of the rule: try everything, and keep the best. For a handful of children.

Shares no function with the rooms: neither what fits nor what is better is asked of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from fjorten.appointments.norms import Norms
from fjorten.appointments.placing import Need
from fjorten.appointments.slots import FreeSlot

OSLO = ZoneInfo("Europe/Oslo")
Answer = Sequence[FreeSlot | None]
Worth = tuple[int, int, int]  # children without, how urgent they are, points: the lower the better


def best_worth(needs: Sequence[Need], slots: Sequence[FreeSlot], *, today: date, norms: Norms) -> Worth:
    """The best there is, by trying all."""
    choices = [[None, *(slot for slot in slots if may_have(need, slot))] for need in needs]
    return min(worth(needs, answer, today=today, norms=norms) for answer in product(*choices) if is_allowed(needs, answer))


def greedy(needs: Sequence[Need], slots: Sequence[FreeSlot]) -> int:
    """How many get a time when each in turn, shortest window first, takes the free time nearest the target."""
    answer: dict[int, FreeSlot | None] = dict.fromkeys(range(len(needs)))
    for i in sorted(answer, key=lambda i: (needs[i].until_on, needs[i].target_on, needs[i].planned_step)):
        for slot in sorted(slots, key=lambda slot: (abs((day_of(slot) - needs[i].target_on).days), slot.begins_at, slot.employee_id)):
            if may_have(needs[i], slot) and is_allowed(needs, list((answer | {i: slot}).values())):
                answer[i] = slot
                break
    return sum(slot is not None for slot in answer.values())


def may_have(need: Need, slot: FreeSlot) -> bool:
    long = (slot.ends_at - slot.begins_at).total_seconds() / 60
    fit = [way for way in need.ways if way.setting == slot.setting and way.performers.issubset(slot.performers) and way.minutes <= long]
    start, until = need.days.start, need.days.until
    assert start and until
    on_a_day = start <= day_of(slot) < until
    elsewhere = any(slot.begins_at < span.ends_at and span.begins_at < slot.ends_at for span in need.taken)
    return bool(fit) and slot.clinic_id == need.clinic and slot.places_left > 0 and on_a_day and not elsewhere


def is_allowed(needs: Sequence[Need], answer: Answer) -> bool:
    used = [slot for slot in answer if slot is not None]
    for slot in used:
        if used.count(slot) > slot.places_left:
            return False
        for other in used:
            if other != slot and slot.sitting is None and other.sitting is None:
                people = {slot.employee_id, slot.doctor_id} & {other.employee_id, other.doctor_id} - {None}
                if people and slot.begins_at < other.held_until and other.begins_at < slot.held_until:
                    return False
                if slot.room_id and slot.room_id == other.room_id and slot.begins_at < other.ends_at and other.begins_at < slot.ends_at:
                    return False
    for i, one in enumerate(answer):
        for j, other in enumerate(answer):
            both = i < j and one and other and needs[i].child == needs[j].child
            if both and one.begins_at < other.ends_at and other.begins_at < one.ends_at:
                return False
    return True


def worth(needs: Sequence[Need], answer: Answer, *, today: date, norms: Norms) -> Worth:
    without = [need for need, slot in zip(needs, answer, strict=True) if slot is None]
    urgency = sum(60 - min(60, max(0, (need.until_on - today).days)) for need in without)
    weight = norms.points
    total = sum(own(need, slot, today=today, norms=norms) for need, slot in zip(needs, answer, strict=True) if slot is not None)
    total += weight.new_group * len({id(slot) for slot in answer if slot is not None and slot.capacity > 1 and slot.sitting is None})
    for i, one in enumerate(answer):
        for j, other in enumerate(answer):
            siblings = needs[i].family is not None and needs[i].family == needs[j].family and needs[i].child != needs[j].child
            if i < j and one and other and siblings:
                total += apart(day_of(one), one.begins_at, one.ends_at, day_of(other), other.begins_at, other.ends_at, norms)
    return len(without), urgency, total


def apart(day, begins, ends, other_day, other_begins, other_ends, norms: Norms) -> int:
    if day != other_day:
        return norms.points.sibling_another_day
    limit = timedelta(minutes=norms.next_to_minutes)
    together = (begins, ends) == (other_begins, other_ends)
    after = timedelta(0) <= other_begins - ends <= limit or timedelta(0) <= begins - other_ends <= limit
    return 0 if together or after else norms.points.sibling_apart


def own(need: Need, slot: FreeSlot, *, today: date, norms: Norms) -> int:
    weight = norms.points
    minutes = int((slot.ends_at - slot.begins_at).total_seconds() // 60)
    way = next(way for way in need.ways if way.setting == slot.setting and way.performers <= slot.performers and way.minutes <= minutes)
    begins, ends = slot.begins_at.astimezone(OSLO), slot.ends_at.astimezone(OSLO)
    off = abs((begins.date() - need.target_on).days)
    total = off * (weight.per_day + off)
    total += weight.individual_instead_of_group * way.is_second_best
    total += weight.outside_wish * (begins.weekday() in need.wishes.unsuitable_weekdays)
    too_early = need.wishes.earliest is not None and begins.time() < need.wishes.earliest
    too_late = need.wishes.latest is not None and ends.time() > need.wishes.latest
    total += weight.outside_wish * (too_early or too_late)
    if need.family_times:
        total += min(
            apart(begins.date(), slot.begins_at, slot.ends_at, span.begins_at.astimezone(OSLO).date(), span.begins_at, span.ends_at, norms)
            for span in need.family_times
        )
    total += weight.another_nurse * (need.same_nurse is not None and need.same_nurse != slot.employee_id)
    short = max(0, norms.soon_days - (begins.date() - today).days)
    total += short * (weight.soon + weight.soon_for_interpreter * need.needs_interpreter)
    total += weight.spare_performer * len(slot.performers - way.performers)
    return total + weight.spare_quarter * ((minutes - way.minutes) // 15)


def day_of(slot: FreeSlot) -> date:
    return slot.begins_at.astimezone(OSLO).date()
