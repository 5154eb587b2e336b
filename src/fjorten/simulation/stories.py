"""How a story begins, and which turns it can take as things are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fjorten.simulation.office import families, identities, moves
from fjorten.simulation.records import Person, Protection, Status
from fjorten.simulation.turns import Family

PAUSES = (0, 1, 3, 20, 90, 200)  # days between two happenings

# A turn, and how likely it is beside the others. [default]
Turns = list[tuple[Callable[[], None], float]]


def begin(family: Family) -> None:
    """This function will bring a family into the register in one of the usual ways."""
    _take_one_of(family, [(family.be_born, 60), (family.move_in, 15), (family.arrive, 25)])


def go_on(family: Family, *, pauses: Sequence[int] = PAUSES) -> None:
    """This function will let some time pass, and something happen that can happen to one of the children as the register sees it."""
    family.let_time_pass(family.rng.choice(pauses))
    _take_one_of(family, turns(family, family.rng.choice(family.children)))


def turns(family: Family, child: Person) -> Turns:
    """This function will find the turns a story can take for a child by the status it has."""
    office, on = family.office, family.happened_on
    always: Turns = [
        (lambda: identities.touch(office, child, on=on), 1),
        (lambda: identities.announce_unknown_event(office, child), 0.5),
        (lambda: families.change_custody(office, child, family.rng.choice(("mor", "andre")), on=on), 1),
        (family.repeat_an_event, 2),
    ]
    match child.standing.status:
        case Status.RESIDENT:
            return always + _turns_of_a_resident(family, child)
        case Status.BIRTH_REGISTERED:
            return [*always, (lambda: family.give_first_address(child), 8), (lambda: family.die(child), 1)]
        case Status.TEMPORARY | Status.NOT_RESIDENT:
            return always + _turns_of_a_stayer(family, child)
        case Status.INACTIVE:
            return [*always, (family.settle, 2)]
        case Status.EMIGRATED:
            return [*always, (family.come_back, 6)]
        case Status.MISSING:
            return [*always, (lambda: family.be_found(child), 6)]
        case Status.DEAD | Status.CEASED:
            return [
                (lambda: family.come_back_to_life(child), 3),
                (lambda: family.correct_death_date(child), 1),
                (family.repeat_an_event, 1),
            ]


def _turns_of_a_resident(family: Family, child: Person) -> Turns:
    office, standing, on = family.office, child.standing, family.happened_on
    possible: Turns = [
        (family.move_here, 2 if family.is_here(child) else 6),
        (family.move_out, 4),
        (family.move_out_and_in, 1.5),
        (family.lose_abode, 0.5),
        (lambda: moves.correct_address(office, [child], on=on), 0.5),
        (family.emigrate, 2),
        (lambda: family.die(child), 1.5),
        (lambda: family.go_missing(child), 0.7),
        (lambda: family.correct_birth_date(child), 1),
        (lambda: identities.correct_number(office, child, on=on), 1),
        (lambda: family.rename(child), 6 if standing.name_is_temporary else 1),
    ]
    if standing.grading is not Protection.NONE:
        return [*possible, (lambda: family.protect(Protection.NONE), 4)]
    return [
        *possible,
        (lambda: family.protect(Protection.CONFIDENTIAL), 1),
        (lambda: family.protect(Protection.STRICTLY_CONFIDENTIAL), 1.5),
        (lambda: family.place(child), 1),
    ]


def _turns_of_a_stayer(family: Family, child: Person) -> Turns:
    office, on = family.office, family.happened_on
    possible: Turns = [
        (family.settle, 6),
        (lambda: identities.let_d_number_go_inactive(office, child, on=on), 0.7),
        (lambda: identities.correct_number(office, child, on=on), 0.7),
    ]
    second_record = family.second_record
    if second_record is None:
        possible.append((lambda: family.register_twice(child), 2))
    elif second_record.standing.merged_into is None:
        possible.append((lambda: identities.cease_as_duplicate(office, second_record, child, on=on), 6))
    return possible


def _take_one_of(family: Family, possible: Turns) -> None:
    turn = family.rng.choices([turn for turn, _ in possible], weights=[weight for _, weight in possible])[0]
    turn()
