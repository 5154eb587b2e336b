"""
The rules of the reconciliation, in the order of the report: what is found, how serious it is, what it means and the one thing to do.

Each rule is a query over the relations of `facts.py` and `leads.py`. It answers with one row per person and journal it concerns:

| column | |
|---|---|
| `about` | what makes it one finding: rows of a rule with the same `about` are one child's one problem |
| `person_key` | the person of the register, or null |
| `journal_key` | the journal, or null |
| `since_on` | since when it has stood, or null when neither side says |
| `severity` | null, or the severity of this finding when it is not the rule's |

Nobody protected is in any answer: `person.protected_as IS NULL` stands in the relation `asked` that every rule starts from, and journals
that may be a protected child's are not in `traceable`. They are all in `protected.py`, and nowhere else.

Rules name a problem once: a journal under an old number is found by `known_number`, so its child has a journal, and only the number is to
be changed. Sources: the guideline «Barn som ikke møter» (regular check against the register) and pbrl § 6-1 [source]; severities, wordings
and actions [default].
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    """How soon a person should look at a finding."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Part(StrEnum):
    """The parts of the report, by what the clerk is about to do."""

    WITHOUT_JOURNAL = "without_journal"
    INVESTIGATE = "investigate"
    ELSEWHERE = "elsewhere"
    CORRECT = "correct"
    PROTECTED = "protected"


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing to do: a stable code, and the sentence for the clerk."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    One kind of finding.

    `code` is stable and English; `title`, `meaning` and the action's sentence are what a clerk reads. `severity_note` says in words when a
    finding is graded otherwise. `register` and `journal` name the evidence that is shown from each side; what is not named is not shown,
    which for a child that may be protected is everything that tells where it is. `select` is the query (none for the protected).
    """

    code: str
    part: Part
    severity: Severity
    title: str
    meaning: str
    action: Action
    register: tuple[str, ...]
    journal: tuple[str, ...]
    select: str
    severity_note: str = ""
    shows_candidates: bool = False


_JOURNAL: Final = ("journal_id", "line", "opened_on", "clinic")
_JOURNAL_WITH_CHILD: Final = (*_JOURNAL, "number", "name", "born_on")
# No clinic: it would tell where a child lives who may just have been given address protection.
_JOURNAL_WITHOUT_PLACE: Final = ("journal_id", "line", "opened_on", "name", "born_on")
_ADDRESS: Final = ("status", "municipality", "moved_on", "address", "immigrated_on", "immigrated_from")


RULES: Final[tuple[Rule, ...]] = (
    Rule(
        code="lives_here_without_journal",
        part=Part.WITHOUT_JOURNAL,
        severity=Severity.HIGH,
        title="Bor her uten journal",
        meaning="Barnet er bosatt i kommunen, men har ingen journal, verken på nummeret det har nå eller på tidligere numre. "
        "Ingen kaller inn barnet før journalen finnes.",
        action=Action("open_journal", "Opprett journal, og kall inn til neste konsultasjon."),
        register=(*_ADDRESS, "lives_with_mother"),
        journal=(),
        shows_candidates=True,
        select="""
            SELECT person_key AS about, person_key, NULL::BIGINT AS journal_key, here_since AS since_on, NULL AS severity
            FROM asked
            WHERE place = 'here' AND open_journals = 0 AND closed_journals = 0
                AND person_key NOT IN (SELECT person_key FROM likely)  -- named in the finding about the journal without number
        """,
    ),
    Rule(
        code="closed_journal_lives_here",
        part=Part.WITHOUT_JOURNAL,
        severity=Severity.HIGH,
        title="Bor her, men journalen er lukket",
        meaning="Barnet er bosatt i kommunen, og den eneste journalen er lukket. Barnet kan ha flyttet ut og kommet tilbake.",
        action=Action("reopen_journal", "Gjenåpne journalen, og kall inn til neste konsultasjon."),
        register=(*_ADDRESS, "lives_with_mother"),
        journal=("journal_id", "line", "opened_on", "closed_on", "clinic"),
        select="""
            SELECT person_key AS about, person_key, journal_key, greatest(here_since, closed_on) AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key)
            WHERE place = 'here' AND open_journals = 0 AND person_key NOT IN (SELECT person_key FROM likely)
        """,
    ),
    Rule(
        code="stays_here_without_journal",
        part=Part.WITHOUT_JOURNAL,
        severity=Severity.MEDIUM,
        title="Oppholder seg her uten journal",
        meaning="Barnet har oppholdsadresse i kommunen, eller en adresse her uten å være bosatt (for eksempel med D-nummer), og ingen åpen "
        "journal. Retten til helsehjelp følger oppholdet, også når det er midlertidig (pasient- og brukerrettighetsloven § 6-1).",
        action=Action("contact_family", "Ta kontakt med familien, og opprett journal hvis barnet er i kommunen."),
        register=("status", "municipality", "moved_on", "stay_since", "address"),
        journal=("journal_id", "line", "opened_on", "closed_on", "clinic"),
        shows_candidates=True,
        select="""
            SELECT person_key AS about, person_key, journal_key, here_since AS since_on, NULL AS severity
            FROM asked LEFT JOIN filed USING (person_key)
            WHERE (place = 'stays' OR place = 'missing' AND (has_address_here OR has_stay_here))
                AND open_journals = 0 AND person_key NOT IN (SELECT person_key FROM likely)
        """,
    ),
    Rule(
        code="gone_from_extract",
        part=Part.INVESTIGATE,
        severity=Severity.HIGH,
        title="Borte fra uttrekket",
        meaning="Ukjent, undersøk. Barnet sto i det forrige uttrekket, men er ikke i dette. Det kan ha fått adressesperre. Uttrekket sier "
        "ikke hvor barnet bor nå, og derfor vises verken adresse eller sted her.",
        action=Action("investigate_gone", "La den som følger opp barn med adressesperre, slå opp barnet. Behold journalen åpen."),
        register=("last_seen_on",),
        journal=_JOURNAL_WITHOUT_PLACE,
        select="""
            SELECT gone_key AS about, NULL::BIGINT AS person_key, journal_key, NULL::DATE AS since_on, NULL AS severity
            FROM gone LEFT JOIN (SELECT gone_key, journal_key FROM gone_number JOIN filed USING (number) WHERE is_open) USING (gone_key)
            WHERE protected_as IS NULL
        """,
    ),
    Rule(
        code="journal_open_dead",
        part=Part.INVESTIGATE,
        severity=Severity.HIGH,
        title="Åpen journal, registrert død",
        meaning="Folkeregisteret har registrert at barnet er dødt. En innkalling nå vil ramme familien.",
        action=Action("stop_invitations", "Stans alle innkallinger i dag, og avslutt journalen når dødsfallet er bekreftet."),
        register=("status", "died_on"),
        journal=_JOURNAL,
        select="""
            SELECT person_key AS about, person_key, journal_key, died_on AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key) WHERE place = 'dead' AND is_open
        """,
    ),
    Rule(
        code="journal_open_missing",
        part=Part.INVESTIGATE,
        severity=Severity.HIGH,
        title="Åpen journal, registrert forsvunnet",
        meaning="Folkeregisteret vet ikke hvor barnet er. Helsestasjonen kan sitte med de siste opplysningene om familien.",
        action=Action("raise_with_leader", "Ta saken opp med nærmeste leder i dag. Behold journalen åpen."),
        register=("status", "municipality", "moved_on"),
        journal=_JOURNAL,
        select="""
            SELECT person_key AS about, person_key, journal_key, NULL::DATE AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key) WHERE place = 'missing' AND is_open
        """,
    ),
    Rule(
        code="number_not_in_extract",
        part=Part.INVESTIGATE,
        severity=Severity.MEDIUM,
        title="Nummeret finnes ikke i uttrekket",
        meaning="Ukjent, undersøk. Nummeret i journalen er gyldig, men ingen i registerfilene har det. Barnet kan ha fått adressesperre, "
        "eller journalen kan ha et annet barns nummer. Et uttrekk for én kommune sier ingenting om hvor barnet bor.",
        action=Action("look_up_number", "Slå opp nummeret i Persontjenesten. Behold journalen åpen."),
        register=("lookup_answer",),
        journal=_JOURNAL_WITHOUT_PLACE,
        shows_candidates=True,
        select="""
            SELECT 'number ' || number AS about, NULL::BIGINT AS person_key, journal_key, opened_on AS since_on, NULL AS severity
            FROM traceable WHERE rule = 'number_not_in_extract' AND number NOT IN (SELECT number FROM gone_number)
        """,
    ),
    Rule(
        code="journal_open_registered_elsewhere",
        part=Part.ELSEWHERE,
        severity=Severity.MEDIUM,
        title="Åpen journal, registrert i en annen kommune",
        meaning="Barnet er registrert bosatt i en annen kommune. Kommunen her har ansvaret til den nye har tatt imot barnet.",
        action=Action("start_transfer", "Spør familien om flyttingen og om samtykke, og overfør journalen til den nye kommunen."),
        register=("status", "municipality", "moved_on"),
        journal=_JOURNAL,
        select="""
            SELECT person_key AS about, person_key, journal_key, moved_on AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key) WHERE place = 'elsewhere' AND is_open
        """,
    ),
    Rule(
        code="journal_open_emigrated",
        part=Part.ELSEWHERE,
        severity=Severity.MEDIUM,
        title="Åpen journal, registrert utvandret",
        meaning="Folkeregisteret har registrert at barnet har flyttet fra Norge. Journalen holdes åpen til familien eller den nye "
        "tjenesten har bekreftet det.",
        action=Action("confirm_emigration", "Bekreft utvandringen med familien før journalen avsluttes."),
        register=("status", "emigrated_on", "emigrated_to"),
        journal=_JOURNAL,
        select="""
            SELECT person_key AS about, person_key, journal_key, emigrated_on AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key) WHERE place = 'abroad' AND is_open
        """,
    ),
    Rule(
        code="identifier_changed",
        part=Part.CORRECT,
        severity=Severity.MEDIUM,
        title="Barnet har fått nytt nummer",
        meaning="Journalen står på et nummer barnet hadde før: et D-nummer, eller et nummer som er rettet. Det nye nummeret står ved "
        "navnet. Er statusen opphørt, er identiteten avsluttet uten at filen sier hvilket nummer som gjelder.",
        action=Action("change_number", "Før inn det nye nummeret i journalen."),
        register=("number", "number_since", "status"),
        journal=(*_JOURNAL, "number"),
        select="""
            SELECT asked.person_key AS about, asked.person_key, journal_key, since AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key)
            LEFT JOIN register_number AS history ON history.person_key = asked.person_key AND history.number = asked.number
            WHERE is_open AND place <> 'dead' AND open_journals = 1  -- with two, they are to be brought together first
                AND (place = 'ceased' OR filed.number <> asked.number)
        """,
    ),
    Rule(
        code="two_journals_one_child",
        part=Part.CORRECT,
        severity=Severity.MEDIUM,
        title="To journaler på ett barn",
        meaning="Barnet har mer enn én åpen journal, på samme nummer eller på et gammelt og et nytt. Vaksiner og målinger kan stå i hver "
        "sin.",
        action=Action("compare_journals", "Sammenlign journalene, og samle dem i én hvis de gjelder samme barn."),
        register=("number", "name", "born_on"),
        journal=_JOURNAL_WITH_CHILD,
        select="""
            SELECT person_key AS about, person_key, journal_key, max(opened_on) OVER (PARTITION BY person_key) AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key)
            WHERE is_open AND open_journals > 1 AND place <> 'dead'
            UNION ALL
            SELECT 'number ' || number, NULL, journal_key, max(opened_on) OVER (PARTITION BY number), NULL
            FROM traceable
            WHERE number IS NOT NULL
            QUALIFY max(named) OVER (PARTITION BY number) <> min(named) OVER (PARTITION BY number)
        """,
    ),
    Rule(
        code="journal_without_number",
        part=Part.CORRECT,
        severity=Severity.MEDIUM,
        severity_note="Høy når et barn som bor her uten journal, trolig er barnet i journalen.",
        title="Journal uten fødselsnummer",
        meaning="Journalen har ikke fødselsnummer eller D-nummer (bare hjelpenummer eller ingenting), så registeret kan ikke si fra om "
        "barnet. Barna som ligner mest, er foreslått med hvor godt de passer. Systemet slår aldri sammen: du avgjør.",
        action=Action("choose_child", "Finn barnet blant forslagene, og før inn nummeret når du er sikker."),
        register=(),
        journal=_JOURNAL_WITH_CHILD,
        shows_candidates=True,
        select="""
            SELECT 'journal ' || journal_key AS about, NULL::BIGINT AS person_key, journal_key, opened_on AS since_on,
                CASE WHEN journal_key IN (SELECT journal_key FROM likely) THEN 'high' END AS severity
            FROM traceable WHERE rule = 'journal_without_number'
        """,
    ),
    Rule(
        code="invalid_number",
        part=Part.CORRECT,
        severity=Severity.MEDIUM,
        severity_note="Høy når et barn som bor her uten journal, trolig er barnet i journalen.",
        title="Ugyldig nummer i journalen",
        meaning="Det som står i journalen, kan ikke være et fødselsnummer eller D-nummer. Barna som ligner mest, er foreslått.",
        action=Action("correct_number", "Rett nummeret i journalen etter legitimasjon eller Folkeregisteret."),
        register=(),
        journal=(*_JOURNAL, "number_raw", "number_problem", "name", "born_on"),
        shows_candidates=True,
        select="""
            SELECT 'journal ' || journal_key AS about, NULL::BIGINT AS person_key, journal_key, opened_on AS since_on,
                CASE WHEN journal_key IN (SELECT journal_key FROM likely) THEN 'high' END AS severity
            FROM traceable WHERE rule = 'invalid_number'
        """,
    ),
    Rule(
        code="birth_date_disagrees",
        part=Part.CORRECT,
        severity=Severity.MEDIUM,
        severity_note="Høy når navnet også er ulikt: nummeret kan tilhøre et annet barn.",
        title="Ulik fødselsdato",
        meaning="Registeret og journalen har ulik fødselsdato på samme nummer. Konsultasjoner og vaksiner regnes fra fødselsdatoen.",
        action=Action("check_birth_date", "Sjekk at journalen gjelder riktig barn, og rett fødselsdatoen."),
        register=("born_on", "name"),
        journal=(*_JOURNAL, "born_on", "name"),
        select="""
            SELECT person_key AS about, person_key, journal_key, opened_on AS since_on,
                CASE WHEN journal_key IN (SELECT journal_key FROM name_difference) THEN 'high' END AS severity
            FROM unprotected JOIN filed USING (person_key)
            -- Also when only the journal's own date is of the ages asked for: perhaps the number is another child's.
            WHERE is_open AND (in_range OR is_in_range(filed.born_on, getvariable('on_day')))
                AND (unprotected.born_on <> filed.born_on OR unprotected.born_on IS NULL AND unprotected.born_year <> year(filed.born_on))
        """,
    ),
    Rule(
        code="name_disagrees",
        part=Part.CORRECT,
        severity=Severity.LOW,
        title="Ulikt navn",
        meaning="Registeret og journalen har ulikt navn på samme nummer. Skrivemåte, mellomnavn, rekkefølge og nyfødtes midlertidige navn "
        "er ikke regnet som ulikhet.",
        action=Action("check_name", "Sjekk at journalen gjelder riktig barn, og rett navnet."),
        register=("name", "born_on"),
        journal=(*_JOURNAL, "name", "born_on"),
        select="""
            SELECT person_key AS about, person_key, journal_key, opened_on AS since_on, NULL AS severity
            FROM asked JOIN filed USING (person_key)
            WHERE journal_key IN (SELECT journal_key FROM name_difference)
                AND place IN ('here', 'stays', 'unknown', 'ceased')  -- elsewhere both names stand in the finding about the place
        """,
    ),
    Rule(
        code="address_protected",
        part=Part.PROTECTED,
        severity=Severity.HIGH,
        title="Barn med adressebeskyttelse",
        meaning="Barn med adressebeskyttelse, og barn som kan ha det, vises aldri her. De står i protected.csv, uten adresse eller sted. "
        "Et slikt barn kan mangle i uttrekket uten at noe annet er endret.",
        action=Action("follow_up_by_hand", "La den som har særskilt tilgang, følge opp barna i protected.csv for hånd."),
        register=(),
        journal=(),
        select="",
    ),
)

BY_CODE: Final = {rule.code: rule for rule in RULES}
