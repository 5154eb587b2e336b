"""Why a person must see to a family, what they are asked to do, and by when. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from fjorten.messages.addressees import Manual


class TaskReason(StrEnum):
    """Why a machine could not, or may not, tell a family something."""

    CHILD_IS_PROTECTED = "child_is_protected"
    GUARDIAN_IS_PROTECTED = "guardian_is_protected"
    CHILD_DECIDES = "child_decides"
    CARER_CANNOT_BE_REACHED = "carer_cannot_be_reached"
    NO_GUARDIAN_IS_KNOWN = "no_guardian_is_known"
    NOBODY_CAN_BE_REACHED = "nobody_can_be_reached"
    TOO_LATE = "too_late"
    NOT_DELIVERED = "not_delivered"
    UNCERTAIN = "uncertain"
    NO_RECEIPT = "no_receipt"
    NO_TEXT = "no_text"
    WANTS_ANOTHER_TIME = "wants_another_time"
    WANTS_NO_MESSAGES = "wants_no_messages"
    WROTE_SOMETHING = "wrote_something"
    UNKNOWN_SENDER = "unknown_sender"


# What is to be done, and within how many working days [default].
SENTENCES: Final[dict[TaskReason, tuple[str, int]]] = {
    TaskReason.CHILD_IS_PROTECTED: ("Gi beskjeden gjennom det navngitte teamet: barnet har adressesperre.", 1),
    TaskReason.GUARDIAN_IS_PROTECTED: ("Gi beskjeden for hånd: en av de foresatte har adressesperre.", 1),
    TaskReason.CHILD_DECIDES: ("Spør barnet hvem som skal få vite det (fra 12 år).", 2),
    TaskReason.CARER_CANNOT_BE_REACHED: ("Finn ut hvordan den som har omsorgen nå, kan nås, og gi beskjeden.", 1),
    TaskReason.NO_GUARDIAN_IS_KNOWN: ("Finn ut hvem som har foreldreansvaret, og gi beskjeden.", 2),
    TaskReason.NOBODY_CAN_BE_REACHED: ("Finn telefonnummer eller adresse til familien, og gi beskjeden.", 2),
    TaskReason.TOO_LATE: ("Familien fikk ikke beskjeden i tide. Ring og avtal.", 1),
    TaskReason.NOT_DELIVERED: ("Beskjeden kom ikke fram. Ring familien.", 1),
    TaskReason.UNCERTAIN: ("Det er uvisst om beskjeden ble sendt. Finn det ut, eller ring familien.", 1),
    TaskReason.NO_RECEIPT: ("Beskjeden er sendt, men ikke kvittert: familien er kanskje ikke nådd. Ring.", 1),
    TaskReason.NO_TEXT: ("Meldingen kunne ikke skrives. Ring familien, og si fra til den som har ansvar for tekstene.", 1),
    TaskReason.WANTS_ANOTHER_TIME: ("Familien ber om en annen tid. Ring og avtal.", 1),
    TaskReason.WANTS_NO_MESSAGES: ("Familien vil ikke ha SMS. Ring og avtal hvordan de vil ha beskjed.", 2),
    TaskReason.WROTE_SOMETHING: ("Familien har skrevet til dere. Les og svar.", 1),
    TaskReason.UNKNOWN_SENDER: ("En melding kom fra et nummer som ikke hører til noen her. Finn ut hvem det er.", 2),
}

BY_MANUAL: Final[dict[Manual, TaskReason]] = {manual: TaskReason(manual.value) for manual in Manual}


class TaskOutcome(StrEnum):
    """How a task ended. `told` is the only one that tells a family."""

    TOLD = "told"
    WAS_TOLD = "was_told"  # the message had come through after all
    NOT_REACHED = "not_reached"
    NO_LONGER_NEEDED = "no_longer_needed"
