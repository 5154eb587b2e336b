"""What waits for a verdict, and what was given one, as strings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext

from fjorten.access.queries import Staff
from fjorten.care_relations.models import Emergency
from fjorten.care_relations.odd_looks import OddLooks
from fjorten.care_relations.reviewers import why_not_review
from fjorten.kernel.times import oslo_date
from fjorten.web import words
from fjorten.web.access_log.forms import ReviewForm
from fjorten.web.access_log.naming import Child, ground_said, role_said
from fjorten.web.access_log.presenters import headings_of, selections
from fjorten.web.access_log.showing import DAYS, ROWS, Reviewed, ToReview, Week
from fjorten.web.shown import Heading, Link, Pair, Selection, tone_of
from fjorten.web.words import capital


@dataclass(frozen=True, slots=True)
class Row:
    """
    One emergency, or what one viewer did on one day that is odd. `facts` say it in pairs; `form` closes it, and `why_not` says why the one
    who looks may not (then there is no form). `fields` are what the form sends besides.
    """

    key: str
    heading: str
    role: str
    kinds: tuple[str, ...]
    facts: tuple[Pair, ...]
    child: Child | None
    employee: str
    deadline: str
    tone: str
    to: str
    fields: tuple[tuple[str, str], ...]
    form: ReviewForm | None
    why_not: str


@dataclass(frozen=True, slots=True)
class Closed:
    """One that somebody gave a verdict on."""

    who: str
    what: str
    child: Child | None
    verdict: str
    note: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What waits for a verdict, or has one. `asked` is what the forms' addresses end with."""

    lead: str
    selections: tuple[Selection, ...]
    week: str
    earlier: Link
    later: Link | None
    emergencies: tuple[Row, ...]
    rows: tuple[Row, ...]
    nothing: str
    asked: str
    words: str
    previous_page: str
    next_page: str


@dataclass(frozen=True, slots=True)
class ReviewedPage:
    """What was given a verdict in a week."""

    selections: tuple[Selection, ...]
    week: str
    earlier: Link
    later: Link | None
    headings: tuple[Heading, ...]
    rows: tuple[Closed, ...]
    nothing: str


Forms = Mapping[str, ReviewForm]


def review_page(found: ToReview, week: Week, *, staff: Staff, today: date, sent: Forms) -> ReviewPage:
    """This function will turn what waits for a verdict into what the page shows; `sent` are the forms that were refused, by their row."""
    first = (week.page - 1) * ROWS
    number = len(found.emergencies) + found.odd
    return ReviewPage(
        lead=ngettext("%(n)s venter på gjennomgang", "%(n)s venter på gjennomgang", number) % {"n": words.number(number)},
        selections=selections("access_log", staff),
        week=week_said(week),
        earlier=_earlier("access_log", week),
        later=_later("access_log", week, today),
        emergencies=tuple(_emergency(one, found, staff=staff, today=today, sent=sent) for one in found.emergencies),
        rows=tuple(_odd(row, found, staff=staff, sent=sent) for row in found.rows),
        nothing=gettext("Ingen uvanlige oppslag venter på gjennomgang disse dagene."),
        asked=f"?{_query(week)}",
        words=gettext("%(first)s–%(last)s av %(all)s")
        % {"first": words.number(first + 1), "last": words.number(first + len(found.rows)), "all": words.number(found.odd)},
        previous_page=f"?{_query(Week(week.last, week.page - 1))}" if week.page > 1 else "",
        next_page=f"?{_query(Week(week.last, week.page + 1))}" if first + len(found.rows) < found.odd else "",
    )


def key_of(row: OddLooks) -> str:
    """This function will name a row of odd looks within its page."""
    return f"{row.up_to}-{'one' if row.about else 'many'}"


def key_of_emergency(emergency: Emergency) -> str:
    """This function will name an emergency within its page."""
    return f"e{emergency.pk}"


def _why_not(who: str, child: Child | None, staff: Staff) -> str:
    refusal = why_not_review(who=who, is_own_family=child is not None and child.is_own, reviewer=staff.who)
    return words.on_screen(refusal.sentence) if refusal else ""


def _emergency(one: Emergency, found: ToReview, *, staff: Staff, today: date, sent: Forms) -> Row:
    key, child = key_of_emergency(one), found.children[str(one.person.public_id)]
    role = found.roles.get(one.user_id)
    because = _why_not(one.user.who, child, staff)
    return Row(
        key=key,
        heading=one.user.display_name,
        role=", ".join(dict.fromkeys(role_said(held.value) for held, _ in role.units)) if role else gettext("har ingen rolle nå"),
        kinds=(gettext("nødåpning"),),
        facts=(
            Pair(
                gettext("Åpnet"),
                gettext("%(from)s til kl. %(until)s") % {"from": words.when(one.opened_at), "until": words.clock(one.until_at)},
            ),
            Pair(gettext("Grunn"), capital(words.on_screen(str(one.get_code_display())))),
            Pair(gettext("Begrunnelse"), one.reason),
        ),
        child=child,
        employee=_employees_day(one.user.pk, oslo_date(one.opened_at)),
        deadline=gettext("frist %(day)s") % {"day": words.relative_day(oslo_date(one.review_due_at), today=today)},
        tone=tone_of(oslo_date(one.review_due_at), today=today),
        to=reverse("review_emergency"),
        fields=(("emergency", str(one.pk)),),
        form=None if because else sent.get(key) or ReviewForm(key),
        why_not=because,
    )


def _odd(row: OddLooks, found: ToReview, *, staff: Staff, sent: Forms) -> Row:
    key, child = key_of(row), found.children.get(row.about)
    because = _why_not(row.who, child, staff)
    return Row(
        key=key,
        heading=row.name,
        role=", ".join(part for part in (role_said(row.role), row.unit) if part),
        kinds=tuple(words.on_screen(kind.words) for kind in row.kinds),
        facts=(
            Pair(gettext("Når"), _span(row)),
            Pair(gettext("Oppslag"), words.number(row.count)),
            Pair(gettext("Grunnlag"), capital(", ".join(ground_said(ground) for ground in row.grounds)) or gettext("Ingen")),
        ),
        child=child,
        employee=_employees_day(row.account, row.on) if row.account else "",
        deadline="",
        tone="",
        to=reverse("review_odd"),
        fields=(("who", row.who), ("about", row.about), ("on", row.on.isoformat()), ("up_to", str(row.up_to))),
        form=None if because else sent.get(key) or ReviewForm(key),
        why_not=because,
    )


def _span(row: OddLooks) -> str:
    if row.first_at == row.last_at:
        return words.when(row.first_at)
    return gettext("%(from)s til %(until)s") % {"from": words.when(row.first_at), "until": words.clock(row.last_at)}


def _employees_day(account: int, on: date) -> str:
    return f"{reverse('employees_log')}?{urlencode({'account': str(account), 'on': on.isoformat()})}"


def reviewed_page(found: Reviewed, week: Week, *, staff: Staff, today: date) -> ReviewedPage:
    """This function will turn what was given a verdict into what the page shows, the latest verdict first."""
    rows = [(one.reviewed_at, _closed_emergency(one, found)) for one in found.emergencies if one.reviewed_at]
    rows += [(row.review.reviewed_at, _closed(row, found)) for row in found.rows if row.review]
    return ReviewedPage(
        selections=selections("reviewed_log", staff),
        week=week_said(week),
        earlier=_earlier("reviewed_log", week),
        later=_later("reviewed_log", week, today),
        headings=headings_of(gettext("Hvem"), gettext("Barn"), gettext("Hva"), gettext("Vurdering"), gettext("Gjennomgått")),
        rows=tuple(row for _, row in sorted(rows, key=lambda pair: pair[0], reverse=True)),
        nothing=gettext("Ingenting er gjennomgått disse dagene."),
    )


def _closed_emergency(one: Emergency, found: Reviewed) -> Closed:
    return Closed(
        who=one.user.display_name,
        what=gettext("Nødåpning %(when)s: %(reason)s") % {"when": words.when(one.opened_at), "reason": one.reason},
        child=found.children[str(one.person.public_id)],
        verdict=capital(words.on_screen(str(one.get_verdict_display()))),
        note=one.note,
        by=words.who(one.reviewed_by, found.names),
        at=words.when(one.reviewed_at) if one.reviewed_at else "",
    )


def _closed(row: OddLooks, found: Reviewed) -> Closed:
    assert row.review is not None
    return Closed(
        who=row.name,
        what=f"{capital(', '.join(words.on_screen(kind.words) for kind in row.kinds))}: {_span(row)}",
        child=found.children.get(row.about),
        verdict=capital(words.on_screen(str(row.review.get_verdict_display()))),
        note=row.review.note,
        by=words.who(row.review.reviewed_by, found.names),
        at=words.when(row.review.reviewed_at),
    )


def week_said(week: Week) -> str:
    """This function will write the days that are gone through: 16.11.2026–22.11.2026."""
    return f"{words.day(week.first)}–{words.day(week.last)}"


def _query(week: Week) -> str:
    return urlencode({"until": week.last.isoformat(), **({"page": str(week.page)} if week.page > 1 else {})})


def _earlier(name: str, week: Week) -> Link:
    return Link(gettext("Tidligere dager"), f"{reverse(name)}?{_query(Week(week.last - timedelta(days=DAYS)))}", "chevron-left")


def _later(name: str, week: Week, today: date) -> Link | None:
    if week.last >= today:
        return None
    return Link(gettext("Senere dager"), f"{reverse(name)}?{_query(Week(min(week.last + timedelta(days=DAYS), today)))}", "chevron-right")
