"""The looks of some days that are odd, odd first: what a leader or a privacy officer goes through. A list is a question, never a flag."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from fjorten.access.models import User
from fjorten.audit.looks import Look, looks_between
from fjorten.care_relations.kin import kin_of
from fjorten.care_relations.models import AccessReview, Emergency
from fjorten.care_relations.oddities import LookFacts, Oddity, crowded, oddities_of
from fjorten.kernel.chunks import chunks
from fjorten.kernel.times import oslo_date
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person

_MACHINES: Final = frozenset({"job", "system"})  # the roles of those who are not persons
_AT_ONCE: Final = 5000  # SQLite takes about 32,000 values in a question
_WEIGHT: Final = {oddity: weight for weight, oddity in enumerate(Oddity)}


@dataclass(frozen=True, slots=True)
class OddLooks:
    """
    What somebody (as the trail calls them) looked at, or tried to, on one day in Norway that was odd, and why, the weightiest reason first.

    `account` is their account's number, None when they have none. `about` is the opaque id of the child; "" for the many records of
    `Oddity.VOLUME`. `role` and `unit` are those they looked in last, `grounds` all they looked on. `up_to` is the number in the trail of
    the last of the looks, `count` how many. `review` is the verdict that covers all of it; None while it waits for one.
    """

    who: str
    name: str
    account: int | None
    role: str
    unit: str
    about: str
    on: date
    grounds: tuple[str, ...]
    kinds: tuple[Oddity, ...]
    first_at: datetime
    last_at: datetime
    up_to: int
    count: int
    review: AccessReview | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What looks are held against: accounts by what the trail calls them, children by opaque id, and whose family these are of."""

    accounts: Mapping[str, User]
    children: Mapping[str, Person]
    kin: Mapping[str, frozenset[int]]
    staffs: frozenset[int]
    reviewed: Mapping[tuple[int, int], list[tuple[datetime, datetime]]]

    def facts_of(self, look: Look) -> LookFacts:
        account, child = self.accounts.get(look.who), self.children.get(look.about)
        is_own = account is not None and child is not None and child.pk in self.kin.get(account.national_id, ())
        return LookFacts(
            at=look.at,
            ground=look.ground,
            was_shown=look.was_shown,
            is_own_family=is_own,
            is_colleagues_child=child is not None and child.pk in self.staffs,
            is_reviewed_emergency=account is not None and child is not None and self._is_reviewed(account, child, look.at),
            viewers_family_name=account.display_name.split()[-1] if account is not None else "",
            childs_family_name=child.family_name if child is not None else "",
        )

    def _is_reviewed(self, account: User, child: Person, at: datetime) -> bool:
        return any(opened_at <= at < until_at for opened_at, until_at in self.reviewed.get((account.pk, child.pk), ()))


def odd_looks(municipality: Municipality, *, since: datetime, until: datetime) -> list[OddLooks]:
    """
    This function will list the odd looks of `[since, until)`: those that wait for a verdict first, then the weightiest, then the latest.

    What one viewer did with one child on one day is one row. It reads every look of the period: some days at a time.
    """
    looks = [look for look in looks_between(since, until, municipality=municipality.code) if look.role not in _MACHINES]
    known = _known(looks, municipality, since, until)
    found: dict[tuple[str, str, date], list[tuple[Look, tuple[Oddity, ...]]]] = defaultdict(list)
    for look in looks:
        kinds = oddities_of(known.facts_of(look))
        if kinds:
            found[look.who, look.about, oslo_date(look.at)].append((look, kinds))
    for look in _crowded(looks):
        found[look.who, "", oslo_date(look.at)].append((look, (Oddity.VOLUME,)))
    reviews = _reviews(municipality, since, until)
    rows = [_row(key, odd, known.accounts, reviews.get(key, ())) for key, odd in found.items()]
    return sorted(rows, key=lambda row: (row.review is not None, _WEIGHT[row.kinds[0]], -row.up_to))


def _crowded(looks: Iterable[Look]) -> list[Look]:
    by_viewer: dict[str, list[Look]] = defaultdict(list)
    for look in looks:
        by_viewer[look.who].append(look)
    found = []
    for theirs in by_viewer.values():
        too_many = set(crowded((look.at, look.about) for look in theirs))
        found += [look for look in theirs if (look.at, look.about) in too_many]
    return found


def _row(
    key: tuple[str, str, date],
    odd: Collection[tuple[Look, tuple[Oddity, ...]]],
    accounts: Mapping[str, User],
    reviews: Iterable[AccessReview],
) -> OddLooks:
    who, about, on = key
    looks = [look for look, _ in odd]
    kinds = {kind for _, some in odd for kind in some}
    last = max(looks, key=lambda look: look.seq)
    covering = (review for review in reviews if review.up_to >= last.seq and {kind.value for kind in kinds} <= set(review.kinds))
    account = accounts.get(who)
    return OddLooks(
        who=who,
        name=account.display_name if account is not None else who,
        account=account.pk if account is not None else None,
        role=last.role,
        unit=last.unit,
        about=about,
        on=on,
        grounds=tuple(dict.fromkeys(look.ground for look in looks if look.ground)),
        kinds=tuple(sorted(kinds, key=lambda kind: _WEIGHT[kind])),
        first_at=min(look.at for look in looks),
        last_at=max(look.at for look in looks),
        up_to=last.seq,
        count=len(looks),
        review=next(covering, None),
    )


def _known(looks: Collection[Look], municipality: Municipality, since: datetime, until: datetime) -> _Known:
    accounts = {user.who: user for user in User.objects.filter(municipality=municipality).select_related("employee")}
    kin = kin_of([user.national_id for user in accounts.values()], municipality=municipality) if looks else {}
    reviewed: dict[tuple[int, int], list[tuple[datetime, datetime]]] = defaultdict(list)
    emergencies = Emergency.objects.of(municipality).between(since, until).filter(reviewed_at__isnull=False)
    for user, person, opened_at, until_at in emergencies.values_list("user_id", "person_id", "opened_at", "until_at"):
        reviewed[user, person].append((opened_at, until_at))
    return _Known(
        accounts=accounts,
        children=_children({look.about for look in looks}, municipality),
        kin=kin,
        staffs=frozenset().union(*kin.values()),
        reviewed=reviewed,
    )


def _children(public_ids: Collection[str], municipality: Municipality) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for some in chunks(sorted(one for one in public_ids if _is_opaque_id(one)), _AT_ONCE):
        persons = Person.objects.filter(municipality=municipality, public_id__in=some).only("public_id", "family_name")
        found |= {str(person.public_id): person for person in persons}
    return found


def _is_opaque_id(about: str) -> bool:
    """Whether it can be a person's: what stands in the trail stays there, and one odd entry is not to hide all others."""
    try:
        UUID(about)
    except ValueError:
        return False
    return True


def _reviews(municipality: Municipality, since: datetime, until: datetime) -> dict[tuple[str, str, date], list[AccessReview]]:
    reviews = AccessReview.objects.filter(municipality=municipality, on__gte=oslo_date(since), on__lte=oslo_date(until))
    found: dict[tuple[str, str, date], list[AccessReview]] = defaultdict(list)
    for review in reviews.order_by("pk"):
        found[review.who, review.about, review.on].append(review)
    return found
