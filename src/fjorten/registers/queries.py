"""Questions about what the registers left for people to do."""

from datetime import date

from fjorten.kernel.refusals import Refused
from fjorten.organisation.models import Municipality
from fjorten.registers.models import WorkItem, WorkItemQuerySet


class NoSuchWorkItem(Refused):
    """There is no item with this number."""

    sentence = "Ingen oppgave har dette nummeret. Kjør `fjorten work` for å se listen."


def open_work(*, municipality: Municipality, on: date) -> WorkItemQuerySet:
    """Find what waits for a person on a day, nearest deadline first."""
    items = WorkItem.objects.of(municipality).unresolved().awake_on(on)
    return items.select_related("person").order_by("deadline_on", "pk")


def work_item_numbered(number: int, *, municipality: Municipality) -> WorkItem:
    """Find one work item. Raises NoSuchWorkItem."""
    item = WorkItem.objects.of(municipality).filter(pk=number).select_related("person", "municipality").first()
    if item is None:
        raise NoSuchWorkItem(number)
    return item
