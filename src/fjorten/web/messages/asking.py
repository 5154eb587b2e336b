"""What is asked for of the messages, as addresses say it: which list, which way and language, from where."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from fjorten.messages.languages import languages
from fjorten.messages.listing import Place, Standing
from fjorten.messages.models import ContactTask, Message, Way
from fjorten.web.forms import is_number

PEOPLE: Final = ""  # the first list: what waits for a person
_MICROSECONDS: Final = 1_000_000
_LAST_INSTANT: Final = 253402300799  # of the year 9999


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What somebody asks to see: `standing` "" for what waits for a person. Values nobody could have chosen ask for nothing in particular.
    """

    standing: str = PEOPLE
    way: str = ""
    language: str = ""

    def address(self, **more: str) -> str:
        """The address of the page that shows it, or the same with something else."""
        fields = {"list": self.standing, "way": self.way, "language": self.language} | more
        chosen = {name: value for name, value in fields.items() if value}
        return f"{reverse('messages')}?{urlencode(chosen)}" if chosen else reverse("messages")


def asked_of(sent: QueryDict) -> Asked:
    """This function will read what is asked for from an address."""
    standing, way, language = sent.get("list", ""), sent.get("way", ""), sent.get("language", "")
    return Asked(
        standing=standing if standing in set(Standing) else PEOPLE,
        way=way if way in Way.values else "",
        language=language if language in languages() else "",
    )


def place_of(text: str) -> Place | None:
    """This function will read a place in a list: «1796112000000000.12». None for what is none: the list is shown from its beginning."""
    at, _, row = text.partition(".")
    if not is_number(at) or not is_number(row) or int(at) // _MICROSECONDS > _LAST_INSTANT:
        return None
    seconds, microseconds = divmod(int(at), _MICROSECONDS)
    return Place(datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=microseconds), int(row))


def text_of(message: Message) -> str:
    """This function will write the place of a message in its list. Its number tells nobody who it is about."""
    at = message.not_before.astimezone(UTC)
    return f"{int(at.replace(microsecond=0).timestamp()) * _MICROSECONDS + at.microsecond}.{message.pk}"


def task_place_of(text: str) -> tuple[date, int] | None:
    """This function will read a place on the manual list: «2026-12-01.12»; None for what is none."""
    day, _, row = text.partition(".")
    if not is_number(row):
        return None
    try:
        return date.fromisoformat(day), int(row)
    except ValueError:
        return None


def task_text_of(task: ContactTask) -> str:
    """This function will write the place of a task on the manual list."""
    return f"{task.due_on.isoformat()}.{task.pk}"
