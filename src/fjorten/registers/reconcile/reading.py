"""
The reading half of `fjorten reconcile`: from the files of a request to the relations of `relations.py`.

The order matters. Journals come first, since their numbers say who of all the register is wanted; then the earlier extract, whose persons
must be looked for in the new one; then the register itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fjorten.kernel.masking import mask
from fjorten.registers.reconcile.document_elements import MACROS
from fjorten.registers.reconcile.journal_tables import read_journal_table
from fjorten.registers.reconcile.journals import fill_journal
from fjorten.registers.reconcile.persons import IS_SOMEWHERE_IN_NORWAY, is_of_age, keep_persons, name_those_missing
from fjorten.registers.reconcile.progress import Progress, silent, told
from fjorten.registers.reconcile.register_files import STAGED, register_file
from fjorten.registers.reconcile.relations import create_relations
from fjorten.registers.reconcile.request import InputCannotBeUsed, Request
from fjorten.registers.reconcile.sought import Sought, sought_by
from fjorten.registers.reconcile.words import counted
from fjorten.registers.reforms.codes import ReformTableIsInvalid, Successors, codes_now, read_reforms, with_shipped

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSummary:
    """
    What was read, and how well the two sides fit; counts only.

    `residents` are living persons of the ages asked for with an address in the municipality. `matched` are journals whose number is in the
    register files. `newest_in_register` is the newest change in the persons kept: how old the extract is. `notes` are Norwegian sentences
    about what was put right or passed over, for the one who ran the command.
    """

    register_persons: int
    residents: int
    journals: int
    journals_with_number: int
    matched: int
    newest_in_register: date | None
    failed_look_ups: int
    rejected: int
    notes: tuple[str, ...]

    @property
    def matched_share(self) -> float | None:
        """The part of the journals with a valid number that the register files know; None when no journal has one."""
        return self.matched / self.journals_with_number if self.journals_with_number else None


def read_inputs(connection: duckdb.DuckDBPyConnection, request: Request, progress: Progress = silent) -> InputSummary:
    """
    This function will read all files of the request into the relations, and tell what it found.

    Rows that cannot be read are in the relation `rejected` and stop nothing. Raises InputCannotBeUsed when a file cannot be read at all,
    when a file holds nothing that can be used, and when the municipality's code is no longer in use on the day.
    """
    # Time stamps in the register carry their offset; which day they are is the day in Norway.
    connection.execute("SET TimeZone = 'Europe/Oslo'")
    connection.execute("SET preserve_insertion_order = true")  # line numbers
    connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")  # asked about in `progress.py`
    connection.execute(MACROS)
    create_relations(connection)
    sought = _sought(connection, request)
    with TemporaryDirectory(prefix="fjorten-") as folder:
        workspace = Path(folder)
        with told(progress, "Leser journalene", connection):
            notes = _read_journals(connection, request, workspace)
        connection.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT DISTINCT number FROM journal WHERE number IS NOT NULL")
        if request.previous_paths:
            _read_register(connection, request.previous_paths, sought, workspace, what="forrige uttrekk", progress=progress)
            _keep_previous(connection, sought)
        _read_register(connection, request.register_paths, sought, workspace, what="registeret", progress=progress)
        with told(progress, "Ordner personene", connection):
            _keep_register(connection, sought)
    return _summary(connection, request, sought, notes)


def _sought(connection: duckdb.DuckDBPyConnection, request: Request) -> Sought:
    """Work out who is sought, and make `code_now(code, now)` of the retired municipality codes; `now` is NULL after a split."""
    try:
        imported = read_reforms(request.reform_table) if request.reform_table else ()
    except ReformTableIsInvalid as error:
        raise InputCannotBeUsed(error.sentence) from error
    retired = codes_now(with_shipped(imported), on=request.on)
    if request.municipality in retired and not request.force:
        raise InputCannotBeUsed(_retired(request, retired[request.municipality]))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE code_now AS SELECT unnest($codes::VARCHAR[]) AS code, unnest($now::VARCHAR[]) AS now",
        {"codes": list(retired), "now": [successors.only for successors in retired.values()]},
    )
    former = sorted(code for code, successors in retired.items() if request.municipality in successors.codes)
    return sought_by(request, codes=(request.municipality, *(code for code in former if code != request.municipality)))


def _retired(request: Request, successors: Successors) -> str:
    since = successors.valid_from.strftime("%d.%m.%Y")
    if successors.only is None:
        return f"Kommune {request.municipality} er delt siden {since}. Velg en av {', '.join(successors.codes)} med --municipality."
    return (
        f"Kommunenummer {request.municipality} gjelder ikke lenger (siden {since}); det er {successors.only} nå. "
        f"Kjør igjen med --municipality {successors.only}."
    )


def _read_journals(connection: duckdb.DuckDBPyConnection, request: Request, workspace: Path) -> tuple[str, ...]:
    source = request.journals_path.name
    mapped = read_journal_table(connection, request, workspace=workspace)
    fill_journal(connection, mapped.places, on=request.on, source=source)
    if _count(connection, "FROM journal") == 0:
        raise InputCannotBeUsed(f"Fant ingen journaler under overskriftene i {source}. Sjekk at eksporten ikke er tom.")
    notes = []
    if mapped.unused:
        headings = mask(", ".join(f"«{heading.strip()[:40]}»" for heading in mapped.unused[:20]))
        notes.append(f"Kolonner i {source} som ikke er brukt: {headings}.")
    restored = _count(connection, "FROM journal WHERE NOT contains(regexp_replace(number_raw, '[^0-9]', '', 'g'), number)")
    if restored:
        notes.append(
            f"{counted(restored, 'nummer', 'numre')} i {source} hadde mistet nullen foran (slik regneark gjør). Den er satt tilbake."
        )
    unknown = connection.execute(
        "SELECT status, count(*) FROM journal_read WHERE status IS NOT NULL AND lower(status) NOT IN (SELECT word FROM state_word)"
        " GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT 5"
    ).fetchall()
    notes += [
        f"{counted(how_many, 'journal', 'journaler')} har status «{mask(word)[:30]}», som ikke er kjent. Bare sluttdatoen "
        "avgjør om journalen er lukket."
        for word, how_many in unknown
    ]
    return tuple(notes)


def _read_register(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[Path], sought: Sought, workspace: Path, *, what: str, progress: Progress
) -> None:
    """Make the table `staged` of everybody in the files who may matter."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE staged ({STAGED})")
    connection.execute("CREATE OR REPLACE TEMP TABLE seen (number VARCHAR); CREATE OR REPLACE TEMP TABLE mother (number VARCHAR)")
    same_name = Counter(path.name for path in paths)
    files = [
        register_file(connection, path, name=path.name if same_name[path.name] == 1 else str(path), workspace=workspace) for path in paths
    ]
    for file in files:
        with told(progress, f"Leser {what}, {file.name}", connection):
            file.survey(connection, sought)
    name_those_missing(connection)
    for file in files:
        with told(progress, f"Henter fra {what}, {file.name}", connection):
            file.fetch(connection, sought)
    for file in files:
        staged = connection.execute("SELECT count(*) FROM staged WHERE source = ? AND kind <> 'unreadable'", [file.name]).fetchall()
        turned_down = connection.execute("SELECT count(*) FROM rejected WHERE source = ?", [file.name]).fetchall()
        if staged[0][0] == 0 and turned_down[0][0] > 0:
            raise InputCannotBeUsed(
                f"Ingenting i {file.name} er oppslag eller personer fra Folkeregisteret. Et registeruttrekk har ett oppslag på hver "
                'linje, for eksempel {"foedselsEllerDNummer": …, "folkeregisterperson": {…}}.'
            )


_NOW: Final = """
    FROM kept JOIN staged ON staged.rowid = staged_row
    LEFT JOIN code_now AS residence ON residence.code = municipality LEFT JOIN code_now AS stay ON stay.code = stay_municipality
"""
_PERSON: Final = """
    person_key, staged.* EXCLUDE (kind, looked_up, message, identifiers, stay_municipality),
    coalesce(regexp_matches(given_name, '\\*\\s*(?:PIKE|GUTT)\\b', 'i'), false) AS name_is_temporary,
    if(residence.code IS NULL, municipality, residence.now) AS municipality_now,
    if(stay.code IS NULL, stay_municipality, stay.now) AS stay_municipality_now
"""


def _keep_register(connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
    keep_persons(connection, sought)
    connection.execute(f"INSERT INTO register BY NAME SELECT {_PERSON} {_NOW}")
    connection.execute(
        """
        INSERT INTO register_number BY NAME
        SELECT person_key, person_number.number, is_in_use, person_number.number = staged.number AS is_current, since
        FROM kept JOIN person_number USING (person_key) JOIN staged ON staged.rowid = staged_row
        """
    )
    connection.execute("INSERT INTO register_failed SELECT source, line, looked_up, message FROM staged WHERE kind = 'failed'")


def _keep_previous(connection: duckdb.DuckDBPyConnection, sought: Sought) -> None:
    keep_persons(connection, sought)
    codes = ", ".join(f"'{code}'" for code in sought.codes)
    connection.execute(
        f"""
        INSERT INTO previous BY NAME
        SELECT {_PERSON}, numbers, last_seen_on
        {_NOW}
        JOIN (SELECT person_key, list(number ORDER BY number) AS numbers FROM person_number GROUP BY person_key) USING (person_key)
        JOIN (SELECT source, max(last_changed_at)::DATE AS last_seen_on FROM staged GROUP BY source) USING (source)
        WHERE {is_of_age(sought)} AND (municipality IN ({codes}) OR stay_municipality IN ({codes}));

        INSERT INTO wanted SELECT DISTINCT unnest(numbers) AS number FROM previous WHERE number NOT IN (FROM wanted);
        """
    )


def _summary(connection: duckdb.DuckDBPyConnection, request: Request, sought: Sought, notes: tuple[str, ...]) -> InputSummary:
    residents = f"municipality_now = '{request.municipality}' AND NOT is_dead AND {is_of_age(sought)} AND {IS_SOMEWHERE_IN_NORWAY}"
    return InputSummary(
        register_persons=_count(connection, "FROM register"),
        residents=_count(connection, f"FROM register WHERE {residents}"),
        journals=_count(connection, "FROM journal"),
        journals_with_number=_count(connection, "FROM journal WHERE number IS NOT NULL"),
        matched=_count(connection, "FROM journal WHERE number IN (SELECT number FROM register_number)"),
        newest_in_register=connection.execute("SELECT max(last_changed_at)::DATE FROM register").fetchall()[0][0],
        failed_look_ups=_count(connection, "FROM register_failed"),
        rejected=_count(connection, "FROM rejected"),
        notes=notes,
    )


def _count(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    return int(connection.execute(f"SELECT count(*) {rows}").fetchall()[0][0])
