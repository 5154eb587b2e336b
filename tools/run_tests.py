"""
Run the suite on SQLite, then what touches a database on a private PostgreSQL that is started and stopped here.

Everything after the options is passed on to pytest. FJORTEN_REQUIRE_POSTGRES=1 makes missing server programs an error, and
FJORTEN_REQUIRE_BROWSER=1 a missing Chromium.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from browser import MISSING, executable
from private_postgres import binaries, server

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "tests/browser"
MARKS = {"generative": "generative or by_example", "faults": "faults"}
LONG_RUN = {"FJORTEN_LONG_RUN": "1", "FJORTEN_EXAMPLES": "5000"}


def main() -> int:
    """Run, and give the first exit code that is not 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generative", action="store_true", help="only the long run of random histories")
    parser.add_argument("--faults", action="store_true", help="only the killed processes, more of them")
    parser.add_argument("--only", choices=("sqlite", "postgres"), help="one database only")
    options, passed_on = parser.parse_known_args()
    marks = [mark for name, mark in MARKS.items() if getattr(options, name)]
    selection = ["-m", " or ".join(marks)] if marks else ["-m", "not generative"]
    environment = LONG_RUN if marks else {}
    if not marks and executable() is None:
        print(MISSING)
        if os.environ.get("FJORTEN_REQUIRE_BROWSER") == "1":
            print("A browser is required (FJORTEN_REQUIRE_BROWSER=1).")
            return 1
    if options.only != "postgres":
        if marks or passed_on:
            code = _pytest("SQLite", "", [*selection, *passed_on], environment)
        else:
            with _beside([*selection, "-n", "0", BROWSER], environment) as beside:
                code = _pytest("SQLite", "", [*selection, f"--ignore={BROWSER}"], environment)
            code = code or beside[0]
        if code or options.only == "sqlite":
            return code
    folder = binaries()
    if folder is None:
        print("PostgreSQL: no server programs found (initdb, postgres), so the suite ran on SQLite only.")
        if os.environ.get("FJORTEN_REQUIRE_POSTGRES") == "1":
            print("PostgreSQL is required (FJORTEN_REQUIRE_POSTGRES=1). On Debian and Ubuntu: sudo apt-get install postgresql")
            return 1
        return 0
    second = {} if options.only == "postgres" else {"FJORTEN_ONLY_DATABASE": "1"}
    with server(folder) as address:
        return _pytest("PostgreSQL", address, [*selection, *passed_on], {**environment, **second})


def _pytest(database: str, address: str, arguments: list[str], environment: dict[str, str]) -> int:
    print(f"--- {database} ---", flush=True)
    # One worker more than there are cores: tests wait for locks, processes and sockets of their own.
    workers = [] if any(argument.startswith("-n") for argument in arguments) else ["-n", str((os.cpu_count() or 1) + 1)]
    with _a_home() as home:
        return subprocess.run(_command(*workers, *arguments), env=_values(home, address, environment), cwd=ROOT, check=False).returncode


@contextlib.contextmanager
def _beside(arguments: list[str], environment: dict[str, str]) -> Iterator[list[int]]:
    """
    Run tests in one process beside the others, and show what they said when both are done: those before a browser share one browser and one
    set of pages, which every worker would otherwise make for itself.
    """
    codes: list[int] = []
    with _a_home() as home, tempfile.TemporaryFile("w+") as said:
        running = subprocess.Popen(_command(*arguments), env=_values(home, "", environment), cwd=ROOT, stdout=said, stderr=said, text=True)
        try:
            yield codes
        finally:
            codes.append(running.wait())
            said.seek(0)
            print(f"--- before a browser ---\n{said.read()}", flush=True)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


def _values(home: str, address: str, environment: dict[str, str]) -> dict[str, str]:
    values = {**os.environ, **environment, "FJORTEN_HOME": home}
    values.pop("DATABASE_URL", None)
    return {**values, "DATABASE_URL": address} if address else values


def _a_home() -> tempfile.TemporaryDirectory[str]:
    in_memory = Path("/dev/shm")  # databases and files of the tests are thrown away: a disk would only wait
    return tempfile.TemporaryDirectory(prefix="fjorten-test-", dir=in_memory if os.access(in_memory, os.W_OK) else None)


if __name__ == "__main__":
    sys.exit(main())
