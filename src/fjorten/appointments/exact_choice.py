"""Choosing exactly, with OR-Tools CP-SAT, where children and times stand in each other's way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING

from fjorten.appointments.choices import Chosen, Part, at_one_moment
from fjorten.appointments.placing import span_of

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar


class Model:
    """One part as a model of Boolean choices."""

    def __init__(self, part: Part) -> None:
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
                for clique in at_one_moment(spans):
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
        settings.catch_sigint_signal = False  # Ctrl-C is Python's: the solver would leave it without a handler
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
