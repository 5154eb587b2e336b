"""The kinds of findings as the page shows them: what each is about, what is marked in the evidence, and the one thing that is suggested."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fjorten.registers.models import WorkItem
from fjorten.registers.reconcile.rules import BY_CODE

Resolution = WorkItem.Resolution


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of finding. `meaning` and `advice` are sentences; `button` is the word on the one suggested button, which opens a journal when
    `opens_journal`, and else settles the finding as `resolution` with a reason.

    `differs`: what is marked as different, on both sides. `is_safe_in_bulk`: many may be opened at once, since nothing has to be weighed
    for each. `shows_clinic` is False where the place could tell where a child lives who may be protected.
    """

    title: str | Promise
    meaning: str | Promise
    advice: str | Promise
    button: str | Promise
    resolution: WorkItem.Resolution
    differs: frozenset[str]
    opens_journal: bool = False
    is_safe_in_bulk: bool = False
    shows_clinic: bool = True


def _of_rule(
    code: str,
    button: str | Promise,
    resolution: WorkItem.Resolution,
    *,
    differs: tuple[str, ...] = ("Status", "Kommune"),
    meaning: str | Promise = "",
    advice: str | Promise = "",
    opens_journal: bool = False,
    is_safe_in_bulk: bool = False,
    shows_clinic: bool = True,
) -> Kind:
    """Take the words of the rule that finds it, unless those speak of files."""
    rule = BY_CODE[code]
    return Kind(
        title=rule.title,
        meaning=meaning or rule.meaning,
        advice=advice or rule.action.sentence,
        button=button,
        resolution=resolution,
        differs=frozenset({*differs, "Journal"}),
        opens_journal=opens_journal,
        is_safe_in_bulk=is_safe_in_bulk,
        shows_clinic=shows_clinic,
    )


# The suggestions are ours [default]; what to do is the rules' own words (registers.reconcile.rules).
KINDS: Final[Mapping[str, Kind]] = {
    "lives_here_without_journal": _of_rule(
        "lives_here_without_journal", _("Opprett journal"), Resolution.ENROLLED, opens_journal=True, is_safe_in_bulk=True
    ),
    "closed_journal_lives_here": _of_rule("closed_journal_lives_here", _("Åpne journal igjen"), Resolution.ENROLLED, opens_journal=True),
    "stays_here_without_journal": _of_rule(
        "stays_here_without_journal",
        _("Opprett journal"),
        Resolution.ENROLLED,
        differs=("Status", "Kommune", "Oppholdsadresse her fra"),
        opens_journal=True,
    ),
    "gone_from_extract": _of_rule(
        "gone_from_extract",
        _("Barnet er fortsatt her"),
        Resolution.NO_ACTION,
        differs=("Nyeste uttrekk",),
        meaning=_("Ukjent, undersøk. Barnet sto i et tidligere uttrekk, men er ikke i det nyeste. Det kan ha fått adressesperre."),
        shows_clinic=False,
    ),
    "journal_open_dead": _of_rule("journal_open_dead", _("Journalen er avsluttet"), Resolution.CORRECTED, differs=("Status", "Død")),
    "journal_open_missing": _of_rule("journal_open_missing", _("Tatt opp med leder"), Resolution.NO_ACTION),
    "number_not_in_extract": _of_rule(
        "number_not_in_extract", _("Nummeret er slått opp"), Resolution.CORRECTED, differs=("Oppslaget svarte:",), shows_clinic=False
    ),
    "journal_open_registered_elsewhere": _of_rule("journal_open_registered_elsewhere", _("Bekreftet flyttet"), Resolution.MOVED_OUT),
    "journal_open_emigrated": _of_rule(
        "journal_open_emigrated", _("Bekreftet utvandret"), Resolution.MOVED_OUT, differs=("Status", "Utvandret")
    ),
    "identifier_changed": _of_rule("identifier_changed", _("Nummeret er rettet"), Resolution.CORRECTED, differs=("Gjelder fra", "Status")),
    "two_journals_one_child": _of_rule("two_journals_one_child", _("Journalene er samlet"), Resolution.SAME_PERSON, differs=()),
    "journal_without_number": _of_rule("journal_without_number", _("Barnet er funnet"), Resolution.SAME_PERSON, differs=()),
    "invalid_number": _of_rule("invalid_number", _("Nummeret er rettet"), Resolution.CORRECTED, differs=()),
    "birth_date_disagrees": _of_rule("birth_date_disagrees", _("Det stemmer nå"), Resolution.CORRECTED, differs=("Født",)),
    "name_disagrees": _of_rule("name_disagrees", _("Det stemmer nå"), Resolution.CORRECTED, differs=("Navn",)),
    "address_protected": _of_rule(
        "address_protected",
        _("Følges for hånd"),
        Resolution.NO_ACTION,
        differs=("Adressebeskyttelse",),
        meaning=_("Barnet har adressebeskyttelse. Det står ikke på noen annen liste, og får ingen automatiske meldinger."),
        advice=_("Følg opp barnet for hånd, og avtal kontakten med dem som har særskilt tilgang."),
        shows_clinic=False,
    ),
}
