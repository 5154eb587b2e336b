"""What messages, where they stand, their ways and their languages are called."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_lazy, ngettext

from fjorten.messages.incoming import Meaning
from fjorten.messages.languages import languages
from fjorten.messages.listing import Standing
from fjorten.messages.models import Message, OutboxState, Way
from fjorten.messages.sms_parts import sms_parts
from fjorten.messages.texts import Channel
from fjorten.organisation.models import Employee
from fjorten.people.models import Adult
from fjorten.web.asked import Words
from fjorten.web.words import capital, on_screen

KINDS: Final[dict[str, Words]] = {
    "invitation": gettext_lazy("Innkalling"),
    "reminder_3_days": gettext_lazy("Påminnelse tre dager før"),
    "reminder_1_day": gettext_lazy("Påminnelse dagen før"),
    "time_changed": gettext_lazy("Timen er flyttet"),
    "cancelled_by_clinic": gettext_lazy("Vi avlyser timen"),
    "missed_new_time": gettext_lazy("Ny time etter at ingen kom"),
    "second_miss": gettext_lazy("Brev etter andre gang ingen kom"),
    "not_met_yet": gettext_lazy("Vi har ikke møtt dere ennå"),
    "before_group": gettext_lazy("Før gruppen"),
    "answer_coming": gettext_lazy("Svar: dere kommer"),
    "answer_another_time": gettext_lazy("Svar: dere trenger en annen tid"),
    "language_line": gettext_lazy("Linjen «Ring oss» under norsk tekst"),
}
CHANNELS: Final[dict[Channel, Words]] = {Channel.SMS: gettext_lazy("SMS"), Channel.LETTER: gettext_lazy("Brev")}
STANDINGS: Final[dict[Standing, Words]] = {
    Standing.OWED: gettext_lazy("Ikke sendt"),
    Standing.UNCERTAIN: gettext_lazy("Uvisst"),
    Standing.FAILED: gettext_lazy("Ikke levert"),
    Standing.QUEUED: gettext_lazy("Senere"),
    Standing.SENT: gettext_lazy("Sendt"),
    Standing.DELIVERED: gettext_lazy("Levert"),
    Standing.LAPSED: gettext_lazy("Falt bort"),
    Standing.REPLACED: gettext_lazy("Til et menneske"),
}
NOTHING: Final[dict[Standing, Words]] = {
    Standing.OWED: gettext_lazy("Alt som skulle vært sendt, er sendt."),
    Standing.UNCERTAIN: gettext_lazy("Ingen meldinger er uvisse."),
    Standing.FAILED: gettext_lazy("Alt som er sendt, har kommet fram så langt vi vet."),
    Standing.QUEUED: gettext_lazy("Ingen meldinger venter på sin dag."),
    Standing.SENT: gettext_lazy("Ingen sendte meldinger venter på kvittering."),
    Standing.DELIVERED: gettext_lazy("Ingen meldinger er levert ennå."),
    Standing.LAPSED: gettext_lazy("Ingen meldinger har falt bort."),
    Standing.REPLACED: gettext_lazy("Ingen meldinger er gitt til et menneske."),
}
MEANINGS: Final[dict[str, Words]] = {
    Meaning.COMING: gettext_lazy("Svarte 1: kommer"),
    Meaning.OTHER_TIME: gettext_lazy("Svarte 2: ber om en annen tid"),
    Meaning.STOP: gettext_lazy("Svarte STOPP: vil ikke ha SMS"),
    Meaning.FREE_TEXT: gettext_lazy("Skrev noe et menneske må lese"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a state is shown: always a sign, a word and a colour."""

    icon: str
    word: Words
    tone: str


STATES: Final[dict[str, Shown]] = {
    OutboxState.QUEUED: Shown("clock", gettext_lazy("Venter på å sendes"), ""),
    OutboxState.IN_HAND: Shown("arrows-circlepath", gettext_lazy("Under sending"), ""),
    OutboxState.SENT: Shown("paperplane", gettext_lazy("Sendt, ikke kvittert"), "book"),
    OutboxState.DELIVERED: Shown("checkmark-circle", gettext_lazy("Levert"), "ok"),
    OutboxState.FAILED: Shown("exclamation-triangle", gettext_lazy("Ikke levert"), "late"),
    OutboxState.UNCERTAIN: Shown("questionmark-circle", gettext_lazy("Uvisst om den ble sendt"), "late"),
    OutboxState.LAPSED: Shown("minus", gettext_lazy("Falt bort"), ""),
    OutboxState.REPLACED_BY_TASK: Shown("person", gettext_lazy("Gitt til et menneske"), ""),
}
_LETTER_STATES: Final[dict[str, Shown]] = {
    OutboxState.QUEUED: Shown("printer", gettext_lazy("Venter på utskrift"), ""),
    OutboxState.IN_HAND: Shown("printer", gettext_lazy("Skrevet ut, ikke levert til posten"), "late"),
    OutboxState.SENT: Shown("paperplane", gettext_lazy("Levert til posten"), "book"),
}


def kind_called(kind: str) -> str:
    """This function will name a kind of message; by its code when fjorten no longer has it."""
    return str(KINDS.get(kind, kind))


def state_shown(message: Message) -> Shown:
    """This function will tell how a message's state is shown; a letter that goes digitally is under sending like any other message."""
    on_paper = message.way == Way.LETTER and (message.state != OutboxState.IN_HAND or message.batch_id is not None)
    return (_LETTER_STATES.get(message.state) if on_paper else None) or STATES[message.state]


def employee_called(employee: Employee) -> str:
    """This function will name an employee; one of whom only the code was told, by that."""
    return employee.name or employee.code


def adult_called(adult: Adult | None) -> str:
    """This function will name whom a message is to; a guardian whose address is protected is not named."""
    if adult is None:
        return ""
    return gettext("Skjermet foresatt") if adult.is_protected else adult.name or gettext("Foresatt")


def language_called(code: str) -> str:
    """This function will name a language in the language of the page; by its code when we have no texts in it, "" for none."""
    known = languages()
    return capital(on_screen(known[code].norwegian)) if code in known else code


def is_right_to_left(code: str) -> bool:
    """This function will tell which way a language is read."""
    known = languages()
    return code in known and known[code].is_right_to_left


def direction_of(code: str) -> str:
    """This function will tell which way a language is read as HTML has it."""
    return "rtl" if is_right_to_left(code) else "ltr"


def length_of(text: str) -> str:
    """This function will tell how long a text is as SMS: «2 SMS-deler, GSM-7, 171 tegn»."""
    counted = sms_parts(text)
    said = {"n": counted.parts, "alphabet": counted.alphabet.value, "places": counted.places}
    return ngettext("%(n)d SMS, %(alphabet)s, %(places)d tegn", "%(n)d SMS-deler, %(alphabet)s, %(places)d tegn", counted.parts) % said
