"""
Measure what has a goal, and say what was met: `make bench`.

    python -m benchmarks                all goals
    python -m benchmarks P1 P8          some of them
    python -m benchmarks --quick        smaller sizes where a module has them: to see that everything runs, not to quote

P1 and P2 make a nation's files: about 10 GB in the temporary folder while they run.

Prints the machine first, then for each goal its text, the result lines of its module, and the verdict. A goal that is missed is said and is
no error; a module that is missing, fails or says nothing of its goal is one: exit code 1, and the others are measured all the same.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import platform
import re
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from tools.private_postgres import binaries


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, in words, and the module that measures it."""

    module: str
    text: str


GOALS: Final[dict[str, Goal]] = {
    "P1": Goal(
        "benchmarks.reconcile_speed",
        "reconcile at national size, findings written: at most 1.5 x hashing all columns of the Parquet extract with DuckDB, JSON Lines at "
        "most 1.3 x its own scan, peak memory at most 1 GiB",
    ),
    "P2": Goal("benchmarks.reconcile_speed", "the same against a row-by-row ORM on one sample: at least 200 x"),
    "P3": Goal(
        "benchmarks.matching_quality",
        "matching without a number: precision no worse than Splink, recall within 0.5 points, at most a fifth of its time",
    ),
    "P4": Goal("benchmarks.programme_engine", "programme engine incl. loading: at least 100 x dateutil, row-identical"),
    "P5": Goal(
        "benchmarks.worklist",
        "the worklist page with its tracks, 50 rows, 330,000 children: p95 at most 30 ms, constant statements, row 400,000 and the size of the "
        "city at most 1.3 x, on both databases",
    ),
    "P6": Goal(
        "benchmarks.worklist", "the same page against plain rows of the same: at least 1/6 of their speed on SQLite, 1/4 on PostgreSQL"
    ),
    "P11": Goal(
        "benchmarks.cold_start", "first page of a cold `fjorten serve`: at most 3 s after start; import of the package at most 1 s"
    ),
    "LOAD": Goal("benchmarks.load", "200 users at work on 100,000 children for ten minutes, PostgreSQL: p95 and p99 told, no errors"),
    "P10": Goal(
        "benchmarks.nightly",
        "a nightly run for 50,000 children with nothing changed: at most 5 % of the first one, on SQLite and on PostgreSQL",
    ),
    "P8": Goal(
        "benchmarks.plan_rows", "bulk write of plan rows with history: at least 0.7 of COPY on PostgreSQL, of executemany on SQLite"
    ),
}

Lines = list[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the goals asked for, and answer 1 when something could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the goals against their floors.")
    parser.add_argument("goals", nargs="*", metavar="GOAL", help=f"some of {', '.join(GOALS)} (without: all)")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, where a module has them")
    options = parser.parse_args(arguments)
    unknown = [code for code in options.goals if code not in GOALS]
    if unknown:
        parser.error(f"no goal {', '.join(unknown)} (known: {', '.join(GOALS)})")
    print("\n".join(machine()), flush=True)
    verdicts: dict[str, str] = {}
    measured: dict[str, Lines | str] = {}
    for code in options.goals or GOALS:
        goal = GOALS[code]
        print(f"\n{code}: {goal.text}", flush=True)
        if goal.module not in measured:
            measured[goal.module] = measure(goal.module, quick=options.quick)
        found = measured[goal.module]
        lines = [] if isinstance(found, str) else [line for line in found if re.match(rf"{code}\b", line)]
        verdicts[code] = found if isinstance(found, str) else verdict(lines)
        print("\n".join(f"  {line}" for line in [*lines, f"{code} {verdicts[code]}"]), flush=True)
    quickly = ", with small sizes" if options.quick else ""
    print("\n" + "; ".join(f"{code} {said}" for code, said in verdicts.items()) + quickly)
    return 0 if all(said in {"met", "not met"} for said in verdicts.values()) else 1


def measure(module: str, *, quick: bool) -> Lines | str:
    """Run one module and give its lines, or in words why there are none. What went wrong in it is printed."""
    try:
        run = importlib.import_module(module).run
        takes_quick = "quick" in inspect.signature(run).parameters
        return list(run(quick=True) if quick and takes_quick else run())
    except ModuleNotFoundError as missing:
        return f"could not be measured: there is no module {missing.name}"
    except (Exception, SystemExit) as problem:  # one that fails must not keep the others from being measured
        traceback.print_exc()
        return f"could not be measured: {type(problem).__name__}"


def verdict(lines: Lines) -> str:
    """Tell from a goal's lines whether it was met: each line with a goal in it says "met" or "MISSED"."""
    said = [match.group() for line in lines for match in re.finditer(r"\bMISSED\b|\bnot met\b|\bmet\b", line)]
    if not said:
        return "could not be measured: its module said nothing of it"
    return "met" if set(said) == {"met"} else "not met"


def machine() -> Lines:
    """Say what it was measured on."""
    system = f"{platform.system()} {platform.machine()}"
    packages = [f"{name} {_version(name)}" for name in ("django", "duckdb", "psycopg", "splink")]
    return [
        f"{_processor()}, {os.cpu_count()} cores, {_memory()}, {system}, Python {platform.python_version()}",
        ", ".join([*packages, f"SQLite {sqlite3.sqlite_version}", _postgres()]),
        f"load {os.getloadavg()[0]:.1f} at the start; the machine may be shared: quote the ratios",
    ]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    told = facts.read_text(encoding="utf-8").splitlines() if facts.is_file() else []
    names = [line.partition(":")[2].strip() for line in told if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _postgres() -> str:
    programs = binaries()
    if programs is None:
        return "no PostgreSQL"
    told = subprocess.run([str(programs / "postgres"), "--version"], capture_output=True, text=True, check=False).stdout
    return " ".join(told.split()[:1] + told.split()[2:3]).replace("postgres", "PostgreSQL")


if __name__ == "__main__":
    sys.exit(main())
