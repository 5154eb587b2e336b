"""What was given, named and blocked as strings: what holds now with the way to end it, and what is over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from fjorten.access.models import User
from fjorten.access.queries import Staff
from fjorten.care_relations.models import Authorisation, Blocked, NamedForProtected
from fjorten.kernel.times import oslo_date
from fjorten.people.models import Person
from fjorten.web import words
from fjorten.web.access_log.forms import AuthoriseForm, BlockForm, NameForm, UnblockForm
from fjorten.web.access_log.naming import Child
from fjorten.web.access_log.presenters import selections
from fjorten.web.asked import AskedForm
from fjorten.web.children import address_of
from fjorten.web.shown import Heading, Link, Selection


@dataclass(frozen=True, slots=True)
class Given:
    """What the page is made of."""

    person: Person
    authorisations: Sequence[Authorisation]
    named: Sequence[NamedForProtected]
    blocked: Sequence[Blocked]
    accounts: list[User]

    @property
    def givers(self) -> set[str]:
        """Those who gave, named, blocked, and took it back, as the trail calls them."""
        found = {who for one in self.authorisations for who in (one.given_by, one.withdrawn_by)}
        found |= {who for one in self.named for who in (one.named_by, one.ended_by)}
        return found | {who for one in self.blocked for who in (one.recorded_by, one.ended_by)}


@dataclass(frozen=True, slots=True)
class Sent:
    """The form that was sent and refused; at most one."""

    authorise: AuthoriseForm | None = None
    name: NameForm | None = None
    block: BlockForm | None = None
    unblock: UnblockForm | None = None

    @property
    def form(self) -> AskedForm | None:
        """The form that was refused."""
        return self.authorise or self.name or self.block or self.unblock


@dataclass(frozen=True, slots=True)
class Period:
    """
    One thing that was given or blocked: whom it is about, from and until when, why, and by whom. `mark` and `status` say whether it holds;
    `fields` end it with one click, `unblock` asks who said so; neither when it is over.
    """

    who: str
    when: str
    why: str
    by: str
    mark: str
    status: str
    fields: tuple[tuple[str, str], ...]
    unblock: UnblockForm | None


@dataclass(frozen=True, slots=True)
class AccessPage:
    """The whole page of a child's access. `name` is None for a child who is not protected: nobody has to be named."""

    heading: str
    about: str
    crumbs: tuple[Link, ...]
    headings: tuple[Heading, ...]
    authorisations: tuple[Period, ...]
    named: tuple[Period, ...]
    blocked: tuple[Period, ...]
    authorise: AuthoriseForm
    name: NameForm | None
    block: BlockForm
    to: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who is named for a protected child; `fields` end it."""

    name: str
    since: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Team:
    """Those who are named for one protected child."""

    key: str
    child: Child
    members: tuple[Member, ...]
    form: NameForm


@dataclass(frozen=True, slots=True)
class ProtectedPage:
    """The teams of all protected children."""

    lead: str
    selections: tuple[Selection, ...]
    teams: tuple[Team, ...]


def address_of_access(person: Person) -> str:
    """This function will give the address of the page of a child's access."""
    return reverse("childs_access", args=[person.public_id])


def access_page(given: Given, names: Mapping[str, str], sent: Sent, *, at: datetime) -> AccessPage:
    """This function will turn what was given for a child into what its page shows."""
    person = given.person
    is_named = person.is_protected
    return AccessPage(
        heading=gettext("Tilganger"),
        about=words.name_of(person),
        crumbs=(
            Link(words.name_of(person), address_of(person)),
            Link(gettext("Innsynslogg"), reverse("childs_log", args=[person.public_id])),
        ),
        headings=tuple(
            Heading(label) for label in (gettext("Ansatt"), gettext("Gjelder"), gettext("Hvorfor"), gettext("Status"), gettext("Avslutt"))
        ),
        authorisations=tuple(_authorisation(one, names, at) for one in given.authorisations),
        named=tuple(_naming(one, names) for one in given.named),
        blocked=tuple(_block(one, names, sent.unblock) for one in given.blocked),
        authorise=sent.authorise or AuthoriseForm(given.accounts),
        name=(sent.name or NameForm(given.accounts)) if is_named else None,
        block=sent.block or BlockForm(given.accounts),
        to={
            act: reverse(f"access_{act}", args=[person.public_id])
            for act in ("authorise", "withdraw", "name", "unname", "block", "unblock")
        },
    )


def _authorisation(one: Authorisation, names: Mapping[str, str], at: datetime) -> Period:
    holds = one.from_at <= at < one.until_at
    last = oslo_date(one.until_at - timedelta(microseconds=1))
    if one.withdrawn_at is not None:
        status = gettext("trukket tilbake %(when)s av %(name)s") % {
            "when": words.when(one.withdrawn_at),
            "name": words.who(one.withdrawn_by, names),
        }
    else:
        status = gettext("gjelder nå") if holds else gettext("over")
    return Period(
        who=one.user.display_name,
        when=_days(oslo_date(one.from_at), last),
        why=one.reason,
        by=_by(one.given_by, names),
        mark="done" if holds else "waived",
        status=status,
        fields=(("number", str(one.pk)),) if holds else (),
        unblock=None,
    )


def _naming(one: NamedForProtected, names: Mapping[str, str]) -> Period:
    holds = one.until_at is None
    return Period(
        who=one.user.display_name,
        when=_days(oslo_date(one.from_at), oslo_date(one.until_at) if one.until_at else None),
        why=one.reason,
        by=_by(one.named_by, names),
        mark="done" if holds else "waived",
        status=gettext("gjelder nå") if holds else gettext("avsluttet av %(name)s") % {"name": words.who(one.ended_by, names)},
        fields=(("number", str(one.pk)),) if holds else (),
        unblock=None,
    )


def _block(one: Blocked, names: Mapping[str, str], sent: UnblockForm | None) -> Period:
    holds = one.until_at is None
    form = sent if sent is not None and sent.number == one.pk else UnblockForm(one.pk)
    ended = {"name": words.who(one.ended_by, names), "source": one.ended_source}
    return Period(
        who=one.user.display_name,
        when=_days(oslo_date(one.from_at), oslo_date(one.until_at) if one.until_at else None),
        why=one.source,
        by=_by(one.recorded_by, names),
        mark="done" if holds else "waived",
        status=gettext("gjelder nå") if holds else gettext("opphevet av %(name)s: %(source)s") % ended,
        fields=(("number", str(one.pk)),) if holds else (),
        unblock=form if holds else None,
    )


def _days(first: date, last: date | None) -> str:
    if last is None:
        return gettext("fra %(day)s") % {"day": words.day(first)}
    return f"{words.day(first)}–{words.day(last)}"


def _by(who: str, names: Mapping[str, str]) -> str:
    return gettext("av %(name)s") % {"name": words.who(who, names)}


def protected_page(
    children: Sequence[Person],
    known: Mapping[str, Child],
    teams: Mapping[int, Sequence[NamedForProtected]],
    accounts: list[User],
    *,
    staff: Staff,
    sent: tuple[str, NameForm] | None,
) -> ProtectedPage:
    """This function will turn the teams of protected children into what the page shows: those without anybody first."""
    found = [_team(person, known, teams.get(person.pk, ()), accounts, sent) for person in children]
    alone = sum(not team.members for team in found)
    return ProtectedPage(
        lead=ngettext("%(n)d skjermet barn har ingen navngitt", "%(n)d skjermede barn har ingen navngitt", alone) % {"n": alone}
        if alone
        else gettext("Alle skjermede barn har minst én navngitt"),
        selections=selections("protected_children", staff),
        teams=tuple(sorted(found, key=lambda team: bool(team.members))),
    )


def _team(
    person: Person, known: Mapping[str, Child], named: Iterable[NamedForProtected], accounts: list[User], sent: tuple[str, NameForm] | None
) -> Team:
    key = str(person.public_id)
    return Team(
        key=key,
        child=known[key],
        members=tuple(
            Member(
                one.user.display_name,
                gettext("siden %(day)s") % {"day": words.day(oslo_date(one.from_at))},
                (("child", key), ("number", str(one.pk))),
            )
            for one in named
        ),
        form=sent[1] if sent is not None and sent[0] == key else NameForm(accounts, about=key),
    )
