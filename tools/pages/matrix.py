"""
docs/reference/access_matrix.md: every address, with every method it takes, for every role and every kind of child it may be about.

What stands there follows from what each view says it needs and from the policy; tests/web/test_matrix.py asks the running pages whether
they do as it says. A new address has its rows as soon as the page is made anew; one whose arguments nobody knows cannot be made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from inspect import getclosurevars
from typing import TYPE_CHECKING, Final

from tools.markdown import Pages, ReferenceCannotBeMade, markdown_table, page
from tools.pages.django_ready import set_up

if TYPE_CHECKING:
    from django.urls import URLPattern

    from fjorten.access.permissions import Role

_AT: Final = datetime(2026, 4, 6, tzinfo=UTC)
# Arguments that tell which child an address is about; and what stands for those that tell of nobody.
ABOUT_A_CHILD: Final = frozenset({"public_id"})
OTHERS: Final = {"day": "2026-04-06", "number": 1, "letter": 2, "kind": "invitation", "channel": "sms", "language": "ar"}
# Addresses where a record that is shut is opened in an emergency: there for nothing else.
IN_NEED: Final = frozenset({"break_glass"})
# Addresses that show who has looked, and nothing of the child: to a privacy officer, who opens no record, of every child but their own kin.
LOGS: Final = frozenset({"childs_log"})


class Kind(StrEnum):
    """What a child is to the one who asks."""

    OWN = "egen helsestasjon"
    ELSEWHERE = "annen helsestasjon"
    FOREIGN = "annen kommune"
    NAMED = "skjermet, navngitt for"
    SECRET = "skjermet"
    KIN = "egen familie"
    BLOCKED = "sperret"
    AUTHORISED = "gitt adgang"
    EMERGENCY = "åpnet i nød"


class Given(StrEnum):
    """What whoever asks is given."""

    SHOWN = "vist"
    REFUSED = "nektet"
    ABSENT = "finnes ikke"


@dataclass(frozen=True, slots=True)
class Row:
    """One address, the methods it takes, what it needs, who has it, and what they are given: of no kind when it is about no child."""

    pattern: URLPattern
    methods: tuple[str, ...]
    needs: str
    roles: tuple[Role, ...]
    kinds: dict[Kind, Given]


def matrix_page() -> Pages:
    """Make the page from the addresses, what their views need, and the policy."""
    set_up()
    from fjorten.access.permissions import Role

    everybody = tuple(Role)
    about, others = [], []
    for row in rows():
        roles = "alle roller" if row.roles == everybody else ", ".join(role.words for role in row.roles)
        told = [f"/{row.pattern.pattern}", ", ".join(row.methods), row.needs]
        if row.kinds:
            about.append([*told, roles, *(row.kinds[kind].value for kind in Kind)])
        else:
            others.append([*told, roles])
    paragraphs = [
        "Hva hver adresse svarer hver rolle, for hvert slag barn den kan være om. Adressene, hva de trenger, og reglene for hvem som får "
        "åpne et barns journal, er programmets egne; tester spør sidene selv om det stemmer. En rolle som ikke er nevnt ved en "
        "adresse, nektes. Den som ikke er innlogget, sendes til innloggingen.",
        "«Finnes ikke» er det samme svaret, tegn for tegn, som for et barn som ikke er der: at det er der, er selv en hemmelighet. «Åpnet "
        "i nød» er tomt for roller som ikke kan åpne i nød.",
        "## Adresser om et barn",
        markdown_table(["adresse", "metode", "trenger", "roller", *(kind.value for kind in Kind)], about),
        "## Andre adresser",
        "Det som står på dem, er bare om barn i første del som er «vist».",
        markdown_table(["adresse", "metode", "trenger", "roller"], others),
    ]
    return {"access_matrix.md": page(title="Hver adresse, rolle og slag barn", paragraphs=paragraphs)}


def rows() -> Iterator[Row]:
    """List what every address gives, in the order of the addresses; roles that are given the same stand in one row."""
    from fjorten.access.permissions import GRANTS, Role
    from fjorten.web.addresses import urlpatterns
    from fjorten.web.gate import EVERYBODY, SIGNED_IN

    for pattern in urlpatterns:
        needs = pattern.callback.needs
        able = [role for role in Role if needs in {EVERYBODY, SIGNED_IN} or needs in GRANTS[role]]
        alike: dict[tuple[Given, ...], list[Role]] = {}
        for role in able:
            given = tuple(what_is_given(pattern.name, role, kind) for kind in Kind) if is_about_a_child(pattern) else ()
            alike.setdefault(given, []).append(role)
        for given, roles in alike.items():
            kinds = dict(zip(Kind, given, strict=True)) if given else {}
            yield Row(pattern, tuple(methods_of(pattern)), str(needs), tuple(roles), kinds)


def is_about_a_child(pattern: URLPattern) -> bool:
    """Tell whether an address is about one child. Raises ReferenceCannotBeMade for an argument nobody has told the meaning of."""
    arguments = set(pattern.pattern.converters)
    unknown = arguments - ABOUT_A_CHILD - set(OTHERS)
    if unknown:
        raise ReferenceCannotBeMade(
            f"/{pattern.pattern}: say in tools/pages/matrix.py what {', '.join(sorted(unknown))} is: an argument that tells which child it "
            "is about (ABOUT_A_CHILD), or one that tells of nobody, with an example (OTHERS)"
        )
    return bool(arguments & ABOUT_A_CHILD)


def methods_of(pattern: URLPattern) -> list[str]:
    """Tell which methods a view takes, by Django's decorators around it."""
    view = pattern.callback
    while view is not None:
        taken = getclosurevars(view).nonlocals.get("request_method_list")
        if taken is not None:
            return [method for method in taken if method in {"GET", "POST"}]
        view = getattr(view, "__wrapped__", None)
    raise ReferenceCannotBeMade(f"/{pattern.pattern}: the view does not say which methods it takes (require_GET, require_http_methods)")


def what_is_given(name: str | None, role: Role, kind: Kind) -> Given:
    """Tell what somebody with a role is given of a kind of child, when the role has what the address needs."""
    from fjorten.access.permissions import GRANTS, Permission
    from fjorten.access.policies import Answer, Subject, Viewer, may_open

    shown = {Answer.SHOWN: Given.SHOWN, Answer.REFUSED: Given.REFUSED, Answer.ABSENT: Given.ABSENT}
    viewer = Viewer(
        municipality="9901",
        roles=[role],
        clinics=[1],
        kin=[1] if kind is Kind.KIN else [],
        protected_team=[1] if kind is Kind.NAMED else [],
    )
    subject = Subject(
        child=1,
        municipality="9902" if kind is Kind.FOREIGN else "9901",
        clinic=2 if kind in {Kind.ELSEWHERE, Kind.AUTHORISED, Kind.EMERGENCY} else 1,
        is_protected=kind in {Kind.NAMED, Kind.SECRET},
        is_blocked_for_viewer=kind is Kind.BLOCKED,
        authorised_until=_AT + timedelta(days=1) if kind is Kind.AUTHORISED else None,
        emergency_until=_AT + timedelta(hours=1) if kind is Kind.EMERGENCY else None,
    )
    if name in LOGS and Permission.SEE_CHILDREN not in GRANTS[role]:
        return {Kind.FOREIGN: Given.ABSENT, Kind.KIN: Given.REFUSED}.get(kind, Given.SHOWN)
    verdict = may_open(viewer, subject, at=_AT)
    if name in IN_NEED:
        return Given.SHOWN if verdict.may_break_glass else Given.ABSENT
    return shown[verdict.answer]
