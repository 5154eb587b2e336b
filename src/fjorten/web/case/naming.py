"""What a case, its step and its reasons are called, and where its pages are."""

from typing import Final

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from fjorten.followup.triggers import Trigger
from fjorten.web import words
from fjorten.web.case import acts
from fjorten.web.case.opened import OpenedCase
from fjorten.web.shown import Link

FACTS: Final = {
    Trigger.MISSED: gettext_lazy("Ikke møtt til %(step)s"),
    Trigger.PUT_OFF_IN_SERIES: gettext_lazy("Utsatt gang på gang: %(step)s"),
    Trigger.WINDOW_PASSED: gettext_lazy("Tidsrommet er over: %(step)s"),
    Trigger.NOTHING_BOOKED: gettext_lazy("Ingen time til %(step)s"),
    Trigger.LETTER_RETURNED: gettext_lazy("Brev kom i retur, %(step)s"),
    Trigger.NUMBER_DEAD: gettext_lazy("Telefonnummeret virker ikke, %(step)s"),
    Trigger.BY_HAND: gettext_lazy("Oppfølging av %(step)s"),
}


def heading_of(opened: OpenedCase) -> str:
    """This function will name a case by what opened it: «Ikke møtt til 8 mnd»."""
    return str(FACTS[Trigger(opened.case.trigger)]) % {"step": step_called(opened)}


def step_called(opened: OpenedCase) -> str:
    """This function will name the case's consultation in few letters."""
    planned = opened.case.planned_step
    definition = next((step.definition for step in opened.steps if step.planned.pk == planned.pk), None)
    return words.short_step(definition, planned.step)


def reason_called(opened: OpenedCase, code: str) -> str:
    """This function will name a reason, a pause or a closing of the ladder; by its code when the ladder no longer has it."""
    ladder = opened.ladder
    known = {one.code: words.said(one.name) for one in (*ladder.reasons, *ladder.pauses, *ladder.closings)}
    return known.get(code, code)


def address_of_case(opened: OpenedCase) -> str:
    """This function will give the address of the page of a case: which of the child's it is, when there is more than one."""
    return address_in(opened, "case")


def address_in(opened: OpenedCase, name: str, **asked: int) -> str:
    """This function will give the address of one of the pages of a case, with what it asks for."""
    chosen = ({"case": opened.place} if len(opened.cases) > 1 else {}) | asked
    address = reverse(name, args=[opened.person.public_id])
    return f"{address}?{urlencode(chosen)}" if chosen else address


def link_to(opened: OpenedCase, act: acts.Act, *, icon: str = "", label: str = "", **asked: int) -> Link:
    """This function will give the way to the page of an act."""
    return Link(label or str(act.button), address_in(opened, f"case_{act.name}", **asked), icon)
