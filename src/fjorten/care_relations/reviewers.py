"""Who gives no verdict on a look: whoever looked, and whoever's own family was looked at (four eyes)."""

from collections.abc import Collection

from fjorten.access.queries import account_called
from fjorten.care_relations.kin import kin_of
from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.people.models import Person


class OwnLooks(Refused):
    """Somebody tried to go through what they looked at themselves."""

    sentence = "Dette er dine egne oppslag. En annen må gå gjennom dem."


class OwnFamily(Refused):
    """Somebody tried to go through what is about their own family."""

    sentence = "Dette gjelder noen i familien din. En annen må gå gjennom det."


def why_not_review(*, who: str, reviewer: str, is_own_family: bool) -> type[Refused] | None:
    """
    This function will tell why a reviewer gives no verdict on what `who` looked at; None: they may.

    `who` and `reviewer` are as the trail calls them; `is_own_family`: the child is of the reviewer's. [default: four eyes]
    """
    if who == reviewer:
        return OwnLooks
    return OwnFamily if is_own_family else None


def refuse_own_review(*, who: str, about: str, reviewer: str, municipality: Municipality) -> None:
    """This function will refuse a verdict that is not the reviewer's to give. Raises OwnLooks or OwnFamily."""
    account = account_called(reviewer, municipality)
    number = account.national_id if account else ""
    own_family = opaque_ids_of(kin_of([number], municipality=municipality)[number])
    refusal = why_not_review(who=who, reviewer=reviewer, is_own_family=about in own_family)
    if refusal is not None:
        raise refusal(about)


def opaque_ids_of(persons: Collection[int]) -> frozenset[str]:
    """This function will tell what the trail calls persons (primary keys)."""
    found = Person.objects.filter(pk__in=persons).values_list("public_id", flat=True) if persons else ()
    return frozenset(str(one) for one in found)
