"""The panel of the duty to report: what was weighed and what is awaited. It computes no answer."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext, gettext_lazy

from fjorten.followup.criteria import duty_to_report
from fjorten.followup.models import Assessment, OwedAnswer
from fjorten.kernel.times import oslo_date
from fjorten.web import words
from fjorten.web.case import acts
from fjorten.web.case.naming import address_in, link_to
from fjorten.web.case.opened import OpenedCase
from fjorten.web.shown import Link, tone_of
from fjorten.web.words import capital

# What one may ask oneself before an assessment: words to think with, never a score [default; the sketch's].
_QUESTIONS: Final = (
    gettext_lazy("Hva vet vi om barnet og omsorgen, fra egne møter?"),
    gettext_lazy("Har vi snakket med foreldrene på et språk de forstår?"),
    gettext_lazy("Kan familien ha flyttet eller reist?"),
    gettext_lazy("Følger andre opp barnet (fastlege, sykehus)?"),
    gettext_lazy("Har foreldrene fått vite hva barnevernet kan hjelpe med?"),
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """One assessment: its heading, who made it and why, and what can be done with it."""

    heading: str
    words: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An answer that is awaited."""

    name: str
    sub: str
    deadline: str
    tone: str
    href: str


@dataclass(frozen=True, slots=True)
class Duty:
    """The panel of the duty to report: what was weighed, newest first, and what is awaited. It answers nothing itself."""

    reference: str
    weighed: tuple[Weighed, ...]
    owed: tuple[Owed, ...]
    questions: tuple[str, ...]
    assess: Link


def duty_of(opened: OpenedCase) -> Duty:
    """This function will turn the assessments, and the answers awaited, into the panel of the duty to report."""
    return Duty(
        reference=gettext("hpl. § 33, bvl. § 13-2"),
        weighed=tuple(_weighed(opened, one, place) for place, one in enumerate(opened.assessments, start=1)),
        owed=tuple(_owed(opened, answer, place) for place, answer in enumerate(opened.awaited, start=1)),
        questions=tuple(str(question) for question in _QUESTIONS),
        assess=link_to(opened, acts.ASSESS, label=gettext("Ny vurdering")),
    )


def _weighed(opened: OpenedCase, one: Assessment, place: int) -> Weighed:
    is_corrected = hasattr(one, "corrected_by")
    answer = gettext("plikt til å melde") if one.duty_to_report else gettext("ikke plikt til å melde")
    heading = gettext("Vurdert %(day)s: %(answer)s") % {"day": words.day(one.assessed_on), "answer": answer}
    letters = {criterion.code: words.said(criterion.name) for criterion in duty_to_report().criteria}
    parts = [gettext("Rettet senere.") if is_corrected else "", f"{one.assessed_by.name}.", one.grounds]
    parts += [f"{letter}) {letters.get(letter, '')}." for letter in one.criteria]
    if one.report_sent_at is not None:
        parts.append(gettext("Meldingen ble sendt %(day)s.") % {"day": words.day(oslo_date(one.report_sent_at))})
    links = []
    if not is_corrected:
        if one.duty_to_report and one.report_sent_at is None:
            links.append(link_to(opened, acts.REPORT, label=gettext("Meldingen er sendt"), assessment=place))
        links.append(link_to(opened, acts.ASSESS, label=gettext("Rett vurderingen"), assessment=place))
    answers = [_received(answer) for answer in one.owed_answers.all() if answer.received_on is not None]
    return Weighed(heading, " ".join(part for part in (*parts, *answers) if part), tuple(links))


def _received(answer: OwedAnswer) -> str:
    day = words.day(answer.received_on) if answer.received_on else ""
    return gettext("Svar %(day)s: %(content)s") % {"day": day, "content": answer.content}


def _owed(opened: OpenedCase, answer: OwedAnswer, place: int) -> Owed:
    return Owed(
        name=capital(words.on_screen(str(answer.get_what_display()))),
        sub=gettext("%(who)s følger det opp") % {"who": answer.owner.name},
        deadline=words.relative_day(answer.due_on, today=opened.today),
        tone=tone_of(answer.due_on, today=opened.today),
        href=address_in(opened, f"case_{acts.ANSWER.name}", answer=place),
    )
