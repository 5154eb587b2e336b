"""What a family writes back to a text message, in the many ways people write. Pure."""

from __future__ import annotations

from random import Random

from fjorten.simulation.families.habits import Habits

COMING = ("1", "1", "1", "1 ", "1.", "Ja 1", "1 takk", "OK 1", "1 👍", "١")
ANOTHER_TIME = ("2", "2", "2", "2.", "2 takk", "2 ny time")
STOP = ("STOPP", "Stopp", "stop")
SOMETHING = (
    "Hei, kan vi få ringe i morgen?",
    "Hvor er det?",
    "Vi kommer kanskje litt sent",
    "Hvem er dette?",
    "1 eller 2, det vet vi ikke ennå",
    "ja",
)
# A message that can be answered with 1 asks for it in so many words, in every approved language.
ASKS_FOR_ONE = ("Svar 1", "Reply 1")


def answer_to(rng: Random, body: str, habits: Habits, *, is_for_them: bool) -> str:
    """
    This function will draw what somebody answers to a message, "" for nothing; whoever has got another family's number does not know.

    Half as many ask for another time on a reminder as on the first message, which asks them to.
    """
    chance = rng.random()
    if not is_for_them:
        return "Hvem er dette?" if chance < 0.1 else ""
    asks = any(words in body for words in ASKS_FOR_ONE)
    kinds = (
        (COMING, habits.answers_that_they_come if asks else 0.0),
        (ANOTHER_TIME, habits.asks_for_another_time * (1.0 if asks else 0.5)),
        (SOMETHING, habits.writes_something_else),
        (STOP, habits.wants_no_messages),
    )
    for texts, share in kinds:
        if chance < share:
            return rng.choice(texts)
        chance -= share
    return ""
