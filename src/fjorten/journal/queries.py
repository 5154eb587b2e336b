"""Questions about journals."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from fjorten.journal.models import Journal


def journals_of(persons: Collection[int]) -> Mapping[int, Sequence[Journal]]:
    """Read the journals of children (by primary key), open and closed, the first opened first; () for a child without one. One question."""
    found: defaultdict[int, list[Journal]] = defaultdict(list)
    for journal in Journal.objects.filter(person__in=persons).select_related("clinic").order_by("opened_on", "pk"):
        found[journal.person_id].append(journal)
    return {child: tuple(found[child]) for child in persons}
