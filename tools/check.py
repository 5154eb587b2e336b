"""
Everything that must hold before a change lands and is not a test: `make check`, the pre-commit hook and CI call this one list.

All steps run, also after one has failed, so that one run shows everything there is to mend.
"""

import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vendored import FOLDERS, problems

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

STEPS: list[tuple[str, list[str]]] = [
    ("format", ["ruff", "format", "--check", "--quiet", "src", "tests", "benchmarks", "tools"]),
    ("lint", ["ruff", "check", "--quiet", "src", "tests", "benchmarks", "tools"]),
    ("types", ["mypy"]),
    ("import contracts", ["lint-imports", "--no-logo"]),
    ("dependencies", ["deptry", "src"]),
    ("migrations", ["python", "-m", "django", "makemigrations", "--check", "--dry-run", "-v", "1"]),
    ("generated reference pages", ["python", "tools/reference.py", "--check"]),
    ("translations", ["python", "tools/translations.py", "--check"]),
]


def main() -> int:
    """Run every step and tell which failed."""
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as together:  # most of each step is a process of its own
        done = together.map(lambda step: _done(step[1]), STEPS)
        failed = [name for (name, _), step in zip(STEPS, done, strict=True) if not _passes(name, step)]
    failed += [name for name, problems in _own_checks() if not _shown(name, problems)]
    print(f"make check: {'all steps passed' if not failed else 'failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


def _done(command: list[str]) -> "subprocess.CompletedProcess[str]":
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "fjorten.config.test_settings", "FJORTEN_HOME": home, "PYTHONPATH": "src"}
        return subprocess.run([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _passes(name: str, done: "subprocess.CompletedProcess[str]") -> bool:
    print(f"{'ok  ' if done.returncode == 0 else 'FAIL'} {name}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


# A folder of one machine, wherever the check is run: the same verdict in every clone.
_SOMEBODYS_FOLDER = re.compile(r"(?<![\w./:}>])/(?:home|root|tmp|work|Users|mnt|workspace)/[\w.]")


def _own_checks() -> list[tuple[str, list[str]]]:
    vendored = [problem for folder in FOLDERS for problem in problems(folder)]
    return [
        ("requirements hold no address", _addresses()),
        ("requirements are locked", _unlocked()),
        ("what is run is what was tested", _differing()),
        ("no machine's path", _paths()),
        ("vendored files are as listed", vendored),
    ]


def _shown(name: str, problems: list[str]) -> bool:
    print(f"{'FAIL' if problems else 'ok  '} {name}")
    for problem in problems:
        print(f"  {problem}")
    return not problems


def _addresses() -> list[str]:
    return [f"{path.name}: {line}" for path in _requirements() for line in path.read_text().splitlines() if "://" in line]


def _unlocked() -> list[str]:
    """Every direct dependency stands in its lock with a version that satisfies it, and every locked line has a hash."""
    locked = {path.name: path.read_text() for path in _requirements()}
    problems = [
        f"{name}: {block.split()[0]} has no hash"
        for name, text in locked.items()
        for block in re.split(r"\n(?=[a-z0-9])", text.strip())
        if "--hash=sha256:" not in block
    ]
    project = (ROOT / "pyproject.toml").read_text()
    direct = re.findall(r'^\s+"([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?[<>=~!]*[^"]*",', project, re.M)
    every = "\n".join(locked.values()).lower()
    packages = {name.lower() for name in direct} - {"src", "readme.md", "tests", "tools", "benchmarks", "fjorten"}
    known = set(re.findall(r"^([a-z0-9_.-]+)==", every, re.M))
    listed = _dependency_names(project)
    return problems + [f"pyproject.toml: {name} is not in requirements/" for name in sorted(packages & listed) if name not in known]


def _differing() -> list[str]:
    """A package has one version (for each version of Python it differs by), whichever of the sets it is installed by."""
    versions: dict[str, dict[str, str]] = {}
    for path in _requirements():
        for package, version, marker in re.findall(r"^([a-z0-9_.-]+)==(\S+)( ;[^\\]*)?", path.read_text(), re.M):
            versions.setdefault(package + marker, {}).setdefault(version, path.name)
    return [f"{package}: {found}; run `make lock`" for package, found in versions.items() if len(found) > 1]


def _dependency_names(project: str) -> set[str]:
    import tomllib

    data = tomllib.loads(project)
    groups = [data["project"]["dependencies"], *data["project"]["optional-dependencies"].values(), *data["dependency-groups"].values()]
    return {re.split(r"[\[<>=~! ]", entry)[0].lower() for group in groups for entry in group}


def _paths() -> list[str]:
    """No file names a folder of the machine it was written on, or the address of a package index."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # Besides the folders anybody's work lies in, the one this checkout lies in; unless that is a top folder, which every machine has.
    here = str(ROOT if len(ROOT.parent.parts) <= 2 else ROOT.parent) + "/"
    found = []
    for name in listed.splitlines():
        path = ROOT / name
        if path.suffix in {".png", ".gz", ".parquet", ".woff2", ".xlsx"} or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        folders = set(_SOMEBODYS_FOLDER.findall(text)) | ({here} if here in text else set())
        found += [f"{name}: names {folder}" for folder in sorted(folders)]
        if re.search(r"https?://[^\s\"']*(/simple/|registry\.|/packages/)", text):
            found.append(f"{name}: holds the address of a package index")
    return found


def _requirements() -> list[Path]:
    return sorted((ROOT / "requirements").glob("*.txt"))


if __name__ == "__main__":
    sys.exit(main())
