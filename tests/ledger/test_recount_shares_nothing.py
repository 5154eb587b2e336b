"""The recount is worth something only as long as it shares no query and no rule with what it recounts."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import fjorten.ledger

ROOM = Path(fjorten.ledger.__file__).parent
RECOUNT = sorted(
    path for path in ROOM.glob("*.py") if path.name.startswith(("recount", "naive_")) or path.name in {"raw_rows.py", "differences.py"}
)

# Everything of ours the recount may use: tables, programme data, the number and name basics of the kernel, words, and the checks of the
# trail and the snapshots, which are recounts of their own.
MAY_USE = {
    "fjorten.audit.trail": {"broken_links", "chain_end"},
    "fjorten.kernel.names": {"fold", "is_temporary_newborn_name"},
    "fjorten.kernel.national_id": {"NotANationalId", "parse"},
    "fjorten.kernel.times": {"start_of_day"},
    "fjorten.ledger.snapshots": {"broken_snapshots"},
    "fjorten.programme.definitions": {"Definition", "DefinitionIsInvalid", "NoSuchVersion", "definition_of"},
    "fjorten.programme.overlays": {"Overlay", "load_overlay"},
    "fjorten.registers.reforms.codes": {"Reform", "shipped_reforms"},  # the table, not what follows from it
    "fjorten.registers.residency": {"BIRTH_REGISTERED", "NOT_RESIDENT"},
}
# Asking the database to count, join or decide would be asking it the ledger's own question.
ASKS_THE_DATABASE = {
    "annotate",
    "aggregate",
    "select_related",
    "prefetch_related",
    "exclude",
    "distinct",
    "count",
    "exists",
    "union",
    "extra",
    "raw",
}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in RECOUNT:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_the_recount_is_all_there() -> None:
    assert {path.stem for path in RECOUNT} >= {
        "recount",
        "recount_people",
        "recount_plans",
        "recount_totals",
        "naive_register",
        "naive_plan",
    }


@pytest.mark.parametrize("path", RECOUNT, ids=lambda path: path.stem)
def test_it_imports_no_rule_and_no_query(path: Path) -> None:
    own = {f"fjorten.ledger.{other.stem}" for other in RECOUNT}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            assert not [name.name for name in node.names if name.name.startswith("fjorten")]
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fjorten") and node.module not in own:
            names = {name.name for name in node.names}
            if (node.module or "").endswith(".models"):
                assert all(name[0].isupper() for name in names)
            else:
                assert names <= MAY_USE.get(node.module or "", set()), f"{path.name} takes {sorted(names)} from {node.module}"
        assert not isinstance(node, ast.ImportFrom) or node.level == 0


def test_it_asks_the_database_for_plain_rows_only() -> None:
    asked = {
        f"{path.name}: {node.func.attr}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ASKS_THE_DATABASE
    }
    assert asked == set()


def test_it_reads_through_no_sentence_of_a_table() -> None:
    managers = {
        f"{path.name}: {node.attr}"
        for path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "objects"
    }
    assert managers == set()
