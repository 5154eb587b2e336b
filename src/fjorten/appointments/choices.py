"""
What there is to choose among when many children are to have times: who could have which, and what rules out what.

The solver (`solver`) chooses; what makes one time better than another is weighed by `placing`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations
from typing import Final

from fjorten.appointments.norms import Norms
from fjorten.appointments.placing import FreeTimes, Need, Span, are_next_to_each_other, span_of
from fjorten.appointments.slots import FreeSlot

# How many of a child's best times are weighed against the others' in the third step; who is placed is chosen among all [default].
OPTIONS: Final = 60
# From this many days before its window closes a child is more urgent every day [default].
URGENT_DAYS: Final = 60

Chosen = dict[int, int]  # need -> slot, both as positions


@dataclass(frozen=True, slots=True)
class Task:
    """Everything to choose among. `options` are each need's slots with their points, best first; `rivals` are slots of which only one
    can be used."""

    needs: Sequence[Need]
    slots: Sequence[FreeSlot]
    options: Sequence[Sequence[tuple[int, int]]]
    rivals: Sequence[frozenset[int]]
    today: date
    norms: Norms

    @classmethod
    def of(
        cls, unordered: Iterable[Need], free: Iterable[FreeSlot], *, today: date, norms: Norms, weigh: Callable[[Need, FreeSlot], int]
    ) -> Task:
        """Put needs and slots in an order of their own, and weigh every slot a need may be given."""
        needs, slots = sorted(unordered, key=lambda need: need.turn), sorted(free, key=_slot_order)
        times = FreeTimes(slots)
        options = []
        for need in needs:
            weighed = [(weigh(need, slots[place]), place) for place in times.fitting(need)]
            options.append([(place, cost) for cost, place in sorted(weighed)])
        return cls(needs, slots, options, _rivals(slots, {place for row in options for place, _ in row}), today, norms)

    def starts_group(self, slot: int) -> bool:
        """Whether giving the slot to somebody starts a group nobody is in yet."""
        return self.slots[slot].capacity > 1 and self.slots[slot].sitting is None

    def urgency(self, need: int) -> int:
        """How much a need counts against another when not all can be placed."""
        return URGENT_DAYS - min(max((self.needs[need].until_on - self.today).days, 0), URGENT_DAYS)


def _rivals(slots: Sequence[FreeSlot], used: Collection[int]) -> list[frozenset[int]]:
    """Find the largest sets of slots of which no two can be used: they need one employee, doctor or room at one moment."""
    by_resource: dict[Hashable, list[tuple[Span, int]]] = defaultdict(list)
    for place in sorted(used):
        slot = slots[place]
        if slot.sitting is None:  # a group somebody is in holds its people already, and no free slot overlaps with it
            busy = Span(slot.begins_at, slot.held_until)
            for person in {slot.employee_id, slot.doctor_id} - {None}:
                by_resource["person", person].append((busy, place))
            if slot.room_id is not None:
                by_resource["room", slot.room_id].append((span_of(slot), place))
    found = (frozenset(clique) for spans in by_resource.values() for clique in at_one_moment(spans))
    return list(dict.fromkeys(clique for clique in found if len(clique) > 1))


def at_one_moment(spans: Iterable[tuple[Span, int]]) -> Iterator[list[int]]:
    """Sweep over spans in order of time, and give each largest set of them that share a moment."""
    here: list[tuple[datetime, int]] = []
    is_new = False
    for span, place in sorted(spans):
        still = [(ends, other) for ends, other in here if ends > span.begins_at]
        if is_new and len(still) < len(here):
            yield [other for _, other in here]
        here = [*still, (span.ends_at, place)]
        is_new = True
    if here:
        yield [other for _, other in here]


def parts_of(task: Task) -> list[list[int]]:
    """Divide the needs into parts that share no slot, no rival slots, no child and no family."""
    root: dict[Hashable, Hashable] = {}

    def find(key: Hashable) -> Hashable:
        while root.setdefault(key, key) != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    def join(one: Hashable, other: Hashable) -> None:
        root[find(one)] = find(other)

    for i, (need, options) in enumerate(zip(task.needs, task.options, strict=True)):
        join(("need", i), ("child", need.child))
        if need.family is not None:
            join(("need", i), ("family", need.family, need.clinic))
        for place, _ in options:
            join(("need", i), ("slot", place))
    for clique in task.rivals:
        first, *others = clique
        for other in others:
            join(("slot", first), ("slot", other))
    parts: dict[Hashable, list[int]] = defaultdict(list)
    for i, options in enumerate(task.options):
        if options:
            parts[find(("need", i))].append(i)
    return list(parts.values())


@dataclass(frozen=True, slots=True)
class Part:
    """Needs that may stand in each other's way, with the options that are weighed this time."""

    task: Task
    options: Mapping[int, Mapping[int, int]]
    rivals: Sequence[frozenset[int]]
    pairs: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, task: Task, part: Sequence[int]) -> Part:
        """Take all options of these needs."""
        return cls._with(task, {i: dict(task.options[i]) for i in part})

    def narrowed(self, keep: Chosen) -> Part:
        """Keep each need's best slots, and the one it has in `keep`."""
        options = {}
        for i, row in self.options.items():
            # Siblings keep all their times: the best for one alone need not be near the best for the other.
            width = None if self.task.needs[i].family is not None else OPTIONS
            options[i] = {slot: cost for n, (slot, cost) in enumerate(row.items()) if width is None or n < width or keep.get(i) == slot}
        return self._with(self.task, options)

    @classmethod
    def _with(cls, task: Task, options: Mapping[int, Mapping[int, int]]) -> Part:
        used = {slot for row in options.values() for slot in row}
        rivals = list(dict.fromkeys(kept for kept in (clique & used for clique in task.rivals) if len(kept) > 1))
        families: dict[tuple[int, int], list[int]] = defaultdict(list)
        for i in options:
            need = task.needs[i]
            if need.family is not None:  # siblings at two clinics cannot come to both at once
                families[need.family, need.clinic].append(i)
        pairs = [(a, b) for members in families.values() for a, b in combinations(members, 2) if task.needs[a].child != task.needs[b].child]
        return cls(task, options, rivals, pairs)

    def flow(self) -> Chosen:
        """
        Find the most children, the urgent first, then the fewest points, as if each slot had at most one set of rivals and groups had none.

        What it finds need not be allowed, but nothing that is allowed is better.
        """
        from ortools.graph.python import min_cost_flow

        network = min_cost_flow.SimpleMinCostFlow()
        nodes: dict[Hashable, int] = defaultdict(lambda: len(nodes))
        source, sink = nodes["source"], nodes["sink"]
        beyond_all = sum(max(row.values()) for row in self.options.values()) + 1
        arcs = {}
        for i, row in self.options.items():
            network.add_arc_with_capacity_and_unit_cost(source, nodes["need", i], 1, 0)
            network.add_arc_with_capacity_and_unit_cost(nodes["need", i], sink, 1, self.weight(i) * beyond_all)
            for slot, cost in row.items():
                arcs[network.add_arc_with_capacity_and_unit_cost(nodes["need", i], nodes["slot", slot], 1, cost)] = (i, slot)
        clique_of = {slot: n for n, clique in enumerate(self.rivals) for slot in clique if self.task.slots[slot].capacity == 1}
        for slot in sorted({slot for row in self.options.values() for slot in row}):
            onward = nodes["clique", clique_of[slot]] if slot in clique_of else sink
            network.add_arc_with_capacity_and_unit_cost(nodes["slot", slot], onward, self.task.slots[slot].places_left, 0)
        for n in sorted(set(clique_of.values())):
            network.add_arc_with_capacity_and_unit_cost(nodes["clique", n], sink, 1, 0)
        network.set_node_supply(source, len(self.options))
        network.set_node_supply(sink, -len(self.options))
        answer = network.solve()
        assert answer == network.OPTIMAL, "everybody can go without, so there is always an answer"
        return {i: slot for arc, (i, slot) in arcs.items() if network.flow(arc)}

    def allows(self, chosen: Chosen) -> bool:
        """Whether no employee, doctor, room or child is in two places at once."""
        used = set(chosen.values())
        if any(len(clique & used) > 1 for clique in self.rivals):
            return False
        spans: dict[int, list[Span]] = defaultdict(list)
        for i, slot in chosen.items():
            spans[self.task.needs[i].child].append(span_of(self.task.slots[slot]))
        return not any(one.overlaps(other) for there in spans.values() for one, other in combinations(there, 2))

    def own_cost(self, chosen: Chosen) -> int:
        """Add up each child's own points, wherever the others are."""
        return sum(self.options[i][slot] for i, slot in chosen.items())

    def in_turn(self) -> Chosen:
        """Give each child in turn the best time that is left: where the search starts from."""
        chosen: Chosen = {}
        left = {slot: self.task.slots[slot].places_left for row in self.options.values() for slot in row}
        cliques: dict[int, list[int]] = defaultdict(list)
        for n, clique in enumerate(self.rivals):
            for slot in clique:
                cliques[slot].append(n)
        held: dict[int, int] = {}
        spans: dict[int, list[Span]] = defaultdict(list)
        for i, row in self.options.items():
            child = self.task.needs[i].child
            for slot in row:
                span = span_of(self.task.slots[slot])
                is_free = left[slot] and all(held.get(n, slot) == slot for n in cliques[slot])
                if is_free and not any(span.overlaps(other) for other in spans[child]):
                    chosen[i] = slot
                    left[slot] -= 1
                    held |= dict.fromkeys(cliques[slot], slot)
                    spans[child].append(span)
                    break
        return chosen

    def missing(self, chosen: Chosen) -> int:
        """Weigh those who go without: one more child outweighs any urgency, as long as the search counts children first."""
        return sum(self.weight(i) for i in self.options if i not in chosen)

    def weight(self, need: int) -> int:
        """What it costs that a child goes without."""
        return len(self.options) * URGENT_DAYS + 1 + self.task.urgency(need)

    def cost(self, chosen: Chosen) -> int:
        """Add up the points of a choice: each child's own, the groups that are started, and siblings apart."""
        weight = self.task.norms.points
        started = {slot for slot in chosen.values() if self.task.starts_group(slot)}
        both = [(chosen[a], chosen[b]) for a, b in self.pairs if a in chosen and b in chosen]
        apart = sum(self.apart(one, other) for one, other in both)
        return self.own_cost(chosen) + len(started) * weight.new_group + apart

    def apart(self, one: int, other: int) -> int:
        """The points of two siblings' slots for not being together."""
        here, there = self.task.slots[one], self.task.slots[other]
        if here.day != there.day:
            return self.task.norms.points.sibling_another_day
        near = are_next_to_each_other(span_of(here), span_of(there), norms=self.task.norms)
        return 0 if near else self.task.norms.points.sibling_apart


def _slot_order(slot: FreeSlot) -> tuple[object, ...]:
    return (
        slot.clinic_id,
        slot.begins_at,
        slot.ends_at,
        slot.employee_id,
        slot.doctor_id or 0,
        slot.room_id or 0,
        slot.setting.value,
        str(slot.sitting or ""),
    )
