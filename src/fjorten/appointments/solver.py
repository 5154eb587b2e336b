"""
Choosing times for many children at once, with OR-Tools CP-SAT.

What is chosen, in this order:

1. As many children as possible are given a time. A time is used once, a group by as many as it has places for, and no employee, doctor,
   room or child is in two places at once. Every time lies on one of the days the child may be given, with the place, the competence and the
   minutes the step needs. None of this is ever bent.
2. When there is not room for all, those whose window closes first come first.
3. Among all ways of doing that, the one with the fewest points in all (`placing.points`): near the target, the same nurse as before,
   siblings on the same day next to each other, the family's wishes, few full groups rather than many half empty, some days to prepare in
   (more where an interpreter must be ordered), and no doctor's time for a step that needs no doctor.

The same children and the same times give the same answer, in whatever order they come: the search has one worker, a fixed seed, and a limit
counted in its own work and not by a clock. Children who cannot stand in each other's way are chosen for apart. A search stopped at its
limit gives the best it found, never fewer children than taking them in turn would, and says that it was stopped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, combinations
from typing import TYPE_CHECKING, Final

from fjorten.appointments.norms import Norms, default_norms
from fjorten.appointments.placing import (
    FreeTimes,
    Need,
    Placement,
    Placing,
    Span,
    Unplaced,
    are_next_to_each_other,
    points,
    span_of,
)
from fjorten.appointments.slots import FreeSlot

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar

# How many of a child's best times are weighed against the others' in the third step; who is placed is chosen among all [default].
OPTIONS: Final = 60
# The most work for one step of one part, in the solver's own measure: some seconds each [default].
WORK: Final = 1.0
# From this many days before its window closes a child is more urgent every day [default].
URGENT_DAYS: Final = 60

Chosen = dict[int, int]  # need -> slot, both as positions


def place(*, needs: Iterable[Need], slots: Iterable[FreeSlot], today: date, norms: Norms | None = None, work: float = WORK) -> Placing:
    """
    This function will give each need a slot, or the reason why it got none; what it seeks, in order, stands at the top of this module.

    Each planned step is needed at most once. Takes a second or so for a clinic's night, and under a minute for a city that is a week
    behind. `work` limits the search.
    """
    using = norms or default_norms()
    task = _Task.of(needs, slots, today=today, norms=using, weigh=lambda need, slot: points(need, slot, today=today, norms=using))
    chosen: Chosen = {}
    is_best = True
    for part in _parts(task):
        found, proven = _solve(task, part, work=work)
        chosen |= found
        is_best = is_best and proven
    placed = tuple(Placement(need, task.slots[chosen[i]]) for i, need in enumerate(task.needs) if i in chosen)
    return Placing(placed, _unplaced(task, chosen), is_best)


def without_room(
    *, needs: Iterable[Need], slots: Iterable[FreeSlot], today: date, norms: Norms | None = None, work: float = WORK
) -> tuple[Unplaced, ...]:
    """This function will tell who cannot be given a time however the others are placed: the first two steps of `place` and no more."""
    task = _Task.of(needs, slots, today=today, norms=norms or default_norms(), weigh=lambda need, slot: 0)
    chosen: Chosen = {}
    for part in _parts(task):
        everything = _Part.of(task, part)
        chosen |= _who(everything, everything.flow(), work=work)[0]
    return _unplaced(task, chosen)


def _unplaced(task: _Task, chosen: Chosen) -> tuple[Unplaced, ...]:
    free = FreeTimes(task.slots)
    return tuple(Unplaced(need, free.why_not(need)) for i, need in enumerate(task.needs) if i not in chosen)


@dataclass(frozen=True, slots=True)
class _Task:
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
    ) -> _Task:
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
    found = (frozenset(clique) for spans in by_resource.values() for clique in _at_one_moment(spans))
    return list(dict.fromkeys(clique for clique in found if len(clique) > 1))


def _at_one_moment(spans: Iterable[tuple[Span, int]]) -> Iterator[list[int]]:
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


def _parts(task: _Task) -> list[list[int]]:
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


def _solve(task: _Task, part: Sequence[int], *, work: float) -> tuple[Chosen, bool]:
    """
    Choose for one part: first who, then the best times for them.

    A flow answers both at once where nobody minds where the others are: no group is started, no siblings are placed together, and nobody's
    time stands in the way of another's. Whatever else there is, nothing can be better than the flow.
    """
    everything = _Part.of(task, part)
    bound = everything.flow()
    chosen, proven = _who(everything, bound, work=work)
    if proven and everything.cost(chosen) == everything.own_cost(bound):
        return chosen, True
    best, is_cheapest = _Model(everything.narrowed(chosen)).cheapest(chosen, work)
    return best, proven and is_cheapest


def _who(part: _Part, bound: Chosen, *, work: float) -> tuple[Chosen, bool]:
    """Choose who is placed: the flow tells, unless times stand in each other's way. Then among the best times first, and then among all."""
    if part.allows(bound):
        return bound, True
    chosen = part.in_turn()
    proven = False
    for weighed in (part.narrowed(chosen), part):
        if part.missing(chosen) == part.missing(bound):
            return chosen, True
        chosen, proven = _Model(weighed).most(chosen, work)
    return chosen, proven


@dataclass(frozen=True, slots=True)
class _Part:
    """Needs that may stand in each other's way, with the options that are weighed this time."""

    task: _Task
    options: Mapping[int, Mapping[int, int]]
    rivals: Sequence[frozenset[int]]
    pairs: Sequence[tuple[int, int]]

    @classmethod
    def of(cls, task: _Task, part: Sequence[int]) -> _Part:
        """Take all options of these needs."""
        return cls._with(task, {i: dict(task.options[i]) for i in part})

    def narrowed(self, keep: Chosen) -> _Part:
        """Keep each need's best slots, and the one it has in `keep`."""
        options = {}
        for i, row in self.options.items():
            # Siblings keep all their times: the best for one alone need not be near the best for the other.
            width = None if self.task.needs[i].family is not None else OPTIONS
            options[i] = {slot: cost for n, (slot, cost) in enumerate(row.items()) if width is None or n < width or keep.get(i) == slot}
        return self._with(self.task, options)

    @classmethod
    def _with(cls, task: _Task, options: Mapping[int, Mapping[int, int]]) -> _Part:
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


class _Model:
    """One part as a model of Boolean choices."""

    def __init__(self, part: _Part) -> None:
        from ortools.sat.python import cp_model  # takes half a second to import, which only those who place children pay

        self._part = part
        self._model: CpModel = cp_model.CpModel()
        self._gives: dict[tuple[int, int], IntVar] = {}
        self._without: dict[int, IntVar] = {}
        self._terms: list[tuple[IntVar, int]] = []
        self._starts: dict[int, IntVar] = {}
        self._together: dict[tuple[int, int], list[tuple[IntVar, set[int], set[int]]]] = {}
        self._build()

    def _build(self) -> None:
        model, task = self._model, self._part.task
        takers: dict[int, list[IntVar]] = defaultdict(list)
        for i, row in self._part.options.items():
            without = self._without[i] = model.new_bool_var("")
            for slot, cost in row.items():
                gives = self._gives[i, slot] = model.new_bool_var("")
                takers[slot].append(gives)
                self._terms.append((gives, cost))
            model.add_exactly_one([without, *(self._gives[i, slot] for slot in row)])
        in_clique = {slot for clique in self._part.rivals for slot in clique}
        for slot, who in takers.items():
            if task.slots[slot].capacity > 1:
                self._group(slot, who)
            elif slot not in in_clique and len(who) > 1:
                model.add_at_most_one(who)
        for clique in self._part.rivals:
            used = ([self._starts[slot]] if slot in self._starts else takers[slot] for slot in sorted(clique))
            model.add_at_most_one(chain.from_iterable(used))
        self._one_place_at_a_time()
        for a, b in self._part.pairs:
            self._keep_together(a, b)

    def _group(self, slot: int, who: list[IntVar]) -> None:
        places = self._part.task.slots[slot].places_left
        if len(who) > places:
            self._model.add(sum(who) <= places)
        if self._part.task.starts_group(slot):
            starts = self._starts[slot] = self._model.new_bool_var("")
            for one in who:
                self._model.add_implication(one, starts)
            self._terms.append((starts, self._part.task.norms.points.new_group))

    def _one_place_at_a_time(self) -> None:
        by_child: dict[int, list[int]] = defaultdict(list)
        for i in self._part.options:
            by_child[self._part.task.needs[i].child].append(i)
        for needs in by_child.values():
            if len(needs) > 1:
                choices = [(i, slot) for i in needs for slot in self._part.options[i]]
                spans = [(span_of(self._part.task.slots[slot]), n) for n, (_, slot) in enumerate(choices)]
                for clique in _at_one_moment(spans):
                    self._model.add_at_most_one([self._gives[choices[n]] for n in sorted(clique)])

    def _keep_together(self, a: int, b: int) -> None:
        """Two siblings who both are given a time pay for being apart, less for the same day, nothing next to each other."""
        task, weight = self._part.task, self._part.task.norms.points
        both = self._model.new_bool_var("")
        self._model.add_bool_or([both, self._without[a], self._without[b]])
        self._terms.append((both, weight.sibling_another_day))
        by_day: dict[date, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, i in enumerate((a, b)):
            for slot in self._part.options[i]:
                by_day[task.slots[slot].day][side].append(slot)
        rewards = self._together[a, b] = []
        for here, there in by_day.values():
            if here and there:
                rewards.append(self._reward(a, set(here), b, set(there), weight.sibling_another_day - weight.sibling_apart))
                for slot in here:
                    near = {other for other in there if self._part.apart(slot, other) == 0}
                    if near:
                        rewards.append(self._reward(a, {slot}, b, near, weight.sibling_apart))

    def _reward(self, a: int, here: set[int], b: int, there: set[int], worth: int) -> tuple[IntVar, set[int], set[int]]:
        together = self._model.new_bool_var("")
        self._model.add_bool_or([together.negated(), *(self._gives[a, slot] for slot in sorted(here))])
        self._model.add_bool_or([together.negated(), *(self._gives[b, slot] for slot in sorted(there))])
        self._terms.append((together, -worth))
        return together, here, there

    def most(self, start: Chosen, work: float) -> tuple[Chosen, bool]:
        """Find who can be placed: as many as possible, the urgent first."""
        self._minimise([(variable, self._part.weight(i)) for i, variable in self._without.items()])
        found, proven = self._search(start, work)
        return min(found, start, key=self._part.missing), proven

    def cheapest(self, start: Chosen, work: float) -> tuple[Chosen, bool]:
        """Find the fewest points with nobody of more weight going without than now."""
        if len(start) == len(self._part.options):
            for without in self._without.values():
                self._model.add(without == 0)
        else:
            self._model.add(sum(self._part.weight(i) * one for i, one in self._without.items()) <= self._part.missing(start))
        self._minimise(self._terms)
        found, proven = self._search(start, work)
        return min(found, start, key=lambda chosen: (self._part.missing(chosen), self._part.cost(chosen))), proven

    def _minimise(self, terms: Sequence[tuple[IntVar, int]]) -> None:
        from ortools.sat.python import cp_model

        self._model.minimize(cp_model.LinearExpr.weighted_sum([one for one, _ in terms], [worth for _, worth in terms]))

    def _search(self, start: Chosen, work: float) -> tuple[Chosen, bool]:
        """Search from a choice that is allowed. One worker and a limit in the solver's own measure: the same every time."""
        from ortools.sat.python import cp_model

        self._hint(start)
        solver = cp_model.CpSolver()
        settings = solver.parameters
        settings.num_workers = 1
        settings.random_seed = 1
        settings.max_deterministic_time = work
        # An assignment: the linear relaxation all but solves it, and looking for symmetries and probing only cost.
        settings.linearization_level = 2
        settings.symmetry_level = 0
        settings.cp_model_probing_level = 0
        answer = solver.solve(self._model)
        if answer not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return start, False
        found = {i: slot for (i, slot), gives in self._gives.items() if solver.boolean_value(gives)}
        return found, answer == cp_model.OPTIMAL

    def _hint(self, chosen: Chosen) -> None:
        started = set(chosen.values())
        for (i, slot), gives in self._gives.items():
            self._model.add_hint(gives, chosen.get(i) == slot)
        for i, without in self._without.items():
            self._model.add_hint(without, i not in chosen)
        for slot, starts in self._starts.items():
            self._model.add_hint(starts, slot in started)


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
