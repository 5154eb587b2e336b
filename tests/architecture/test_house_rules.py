"""House rules that no linter knows: where writing happens, who reads the clock, what an action looks like."""

import ast
import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import fjorten
from fjorten.kernel.refusals import Refused

SRC = Path(fjorten.__file__).parent
ROOT = SRC.parent.parent
MODULES = [path for path in SRC.rglob("*.py") if "migrations" not in path.parts]

# Modules whose public functions change something: they are held to the form of an action.
ACTIONS = [
    path
    for path in MODULES
    if path.parent.name == "actions"
    or (path.name in {"actions.py", "work.py", "enrolment.py", "programmes.py"} and path.parent.name != "programme")
]
# Where rows are written. `intake` and `policy` are the inside of the register actions, `bulk` that of enrolling, `trail` is the trail.
MAY_WRITE = {
    "actions.py",
    "work.py",
    "enrolment.py",
    "intake.py",
    "policy.py",
    "bulk.py",
    "trail.py",
    "programmes.py",
    "snapshots.py",
    "reconciliation.py",
}
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
MAY_READ_THE_CLOCK = {"edge.py", "patience.py"}  # the edges: the command line, and waiting for a network


# Each of these is many transactions on purpose: one a page of the feed, a child, a message or a stage of the night, so that what goes wrong
# with one leaves the others done.
ONE_AT_A_TIME = {
    "apply_feed",
    "settle_obligations",
    "send_due",
    "send",
    "take_up_cut_off",
    "look_after_sent",
    "ask_about_letters",
    "ask_contact_register",
    "print_letters",
    "invite",
    "run_night",
    "take_over_history",
}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def calls_in(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))


def uses_objects(call: ast.Call) -> bool:
    return "objects" in ast.unparse(call.func) or "_default_manager" in ast.unparse(call.func)


def test_only_actions_write_through_models() -> None:
    found = [
        f"{path.relative_to(SRC)}:{call.lineno}"
        for path in MODULES
        if path.name not in MAY_WRITE and path.parent.name != "actions" and "simulation" not in path.parts
        for call in calls_in(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr in WRITES and uses_objects(call)
    ]
    assert found == []


def test_pages_ask_the_rooms_and_never_the_tables() -> None:
    found = [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in MODULES
        if path.relative_to(SRC).parts[0] == "web"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "raw"}
    ]
    assert found == []


def test_only_the_edge_reads_the_clock() -> None:
    found = [
        f"{path.relative_to(SRC)}:{call.lineno}"
        for path in MODULES
        if path.name not in MAY_READ_THE_CLOCK
        for call in calls_in(path)
        if re.fullmatch(
            r"(datetime\.)?(date|datetime)\.(now|today|utcnow)|timezone\.(now|localdate|localtime)|time\.time", ast.unparse(call.func)
        )
    ]
    assert found == []


def test_every_action_takes_keywords_only_and_says_who_and_when() -> None:
    found = []
    for path in ACTIONS:
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and is_transaction(node):
                names = {argument.arg for argument in node.args.kwonlyargs}
                if node.args.args or not {"by", "at"} <= names:
                    found.append(f"{path.relative_to(SRC)}:{node.name}")
    assert found == []


def is_transaction(node: ast.FunctionDef) -> bool:
    return any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)


def test_every_action_is_a_transaction() -> None:
    found = [
        f"{path.relative_to(SRC)}:{node.name}"
        for path in ACTIONS
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and {"by", "at"} <= {argument.arg for argument in node.args.kwonlyargs}
        if not node.name.startswith("_") and not is_transaction(node) and node.name not in ONE_AT_A_TIME
    ]
    assert found == []


def test_every_action_leaves_a_word_in_the_trail() -> None:
    """Every change leaves an event: what is looked up stays true while there is none (ADR 20). Followed by name, through what is called."""
    calls: dict[str, set[str]] = {}
    for path in MODULES:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef):
                calls.setdefault(node.name, set()).update(names_in(node))
    silent = [
        f"{path.relative_to(SRC)}:{node.name}"
        for path in ACTIONS
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and is_transaction(node) and not node.name.startswith("_")
        if not leads_to({"record", "record_all"}, node.name, calls)
    ]
    assert silent == []


def names_in(node: ast.AST) -> set[str]:
    found = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    return found | {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


def leads_to(goals: set[str], name: str, calls: dict[str, set[str]]) -> bool:
    seen, left = {name}, [name]
    while left:
        for called in calls.get(left.pop(), set()):
            if called in goals:
                return True
            if called in calls and called not in seen:
                seen.add(called)
                left.append(called)
    return False


def test_every_public_function_of_the_domain_has_a_docstring() -> None:
    found = [
        f"{path.relative_to(SRC)}:{node.lineno} {node.name}"
        for path in MODULES
        if "simulation" not in path.parts
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and path.name != "apps.py"
        if ast.get_docstring(node) is None and not is_typed_dict(node)
    ]
    assert found == []


def is_typed_dict(node: ast.FunctionDef | ast.ClassDef) -> bool:
    return isinstance(node, ast.ClassDef) and any(ast.unparse(base) in {"Element", "TypedDict", "NamedTuple"} for base in node.bases)


def test_every_refusal_says_in_norwegian_what_to_do() -> None:
    for module in pkgutil.walk_packages(fjorten.__path__, "fjorten."):
        if "migrations" not in module.name and not module.name.startswith(("fjorten.config", "fjorten.cli.main")):
            importlib.import_module(module.name)
    refusals = [refusal for refusal in subclasses_of(Refused) if refusal.__module__.startswith("fjorten.")]
    assert len(refusals) > 15
    for refusal in refusals:
        if "sentence" in vars(refusal):
            assert refusal.sentence.endswith((".", "!")), refusal
            assert refusal.sentence != Refused.sentence, refusal
        assert refusal.__doc__, refusal


def subclasses_of(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses_of(child)


def test_no_room_has_a_catch_all_name() -> None:
    catch_alls = {"utils.py", "helpers.py", "services.py", "common.py", "business_logic.py", "misc.py"}
    assert [str(path.relative_to(SRC)) for path in MODULES if path.name in catch_alls] == []


def test_every_setting_read_is_described() -> None:
    from fjorten.config.settings import SETTINGS

    read = set()
    for path in MODULES:
        read |= set(re.findall(r"[\"'](FJORTEN_[A-Z_]+|DATABASE_URL)[\"']", path.read_text(encoding="utf-8")))
    beginnings = {name for name in read if any(setting.startswith(name) and setting != name for setting in SETTINGS)}
    assert read - beginnings <= set(SETTINGS)


def test_every_dependency_says_why() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads("\n".join(lines))
    groups = [
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    ]
    for entry in [entry for group in groups for entry in group]:
        [number] = [n for n, line in enumerate(lines) if line.strip().startswith(f'"{entry}"')][:1]
        assert "#" in lines[number].split('",')[-1] or lines[number - 1].strip().startswith("#"), f"{entry} has no comment why"


def test_every_command_is_described() -> None:
    from fjorten.cli.main import COMMANDS

    for name, (module, _) in COMMANDS.items():
        assert importlib.util.find_spec(module) is not None, name


def test_programme_definitions_name_their_source_and_next_review() -> None:
    for path in (SRC / "programme" / "definitions").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert "next_review" in text, path.name
        assert "source" in text, path.name


# Where the wall between municipalities is opened all the way (organisation.wall), and so where somebody looks for its holes.
OVER_ALL = {
    "access/sign_in.py": 1,  # an account is found before its municipality is known
    "cli/hearing.py": 1,  # a gateway that several municipalities share
    "cli/main.py": 1,  # init, backup, restore, demo, manage
    "organisation/actions.py": 1,  # opening a municipality
}


def test_the_wall_between_municipalities_is_opened_only_where_we_know() -> None:
    found: dict[str, int] = {}
    for path in MODULES:
        number = len([call for call in calls_in(path) if ast.unparse(call.func).endswith("over_all")])
        if number:
            found[path.relative_to(SRC).as_posix()] = number
    assert found == OVER_ALL


def test_only_the_wall_tells_the_database_whose_rows_are_seen() -> None:
    found = {path.relative_to(SRC).as_posix() for path in MODULES if "fjorten.over_all" in path.read_text(encoding="utf-8")}
    assert found == {"audit/walled.py", "cli/backups/postgresql.py", "organisation/wall.py"}
