"""
P11: how long a newly started `fjorten serve` takes to its first page, and how long importing the package takes.

Each start is a process of its own on a database that is there already, with nothing in memory but what the system keeps of files. From the start of
the command, checks of the installation included, to the last byte of the sign-in page.

    python -m benchmarks.cold_start
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from secrets import token_urlsafe
from statistics import median
from time import perf_counter, sleep
from typing import Final

from tools.private_postgres import free_port

ROOT: Final = Path(__file__).resolve().parent.parent
STARTS: Final = 5
GOAL_PAGE: Final = 3.0
GOAL_IMPORT: Final = 1.0
PATIENCE: Final = 60.0


def run() -> list[str]:
    """Measure P11 and say what was found."""
    with tempfile.TemporaryDirectory(prefix="fjorten-bench-") as home:
        environment = {
            **os.environ,
            "FJORTEN_HOME": home,
            "FJORTEN_SECRET_KEY": token_urlsafe(64),
            "FJORTEN_HOSTS": "localhost",
            "FJORTEN_BEHIND_PROXY": "127.0.0.1",
            "DJANGO_SETTINGS_MODULE": "fjorten.config.settings",
        }
        environment.pop("DATABASE_URL", None)
        prepared = "import django; django.setup(); from django.core.management import call_command; call_command('migrate', verbosity=0)"
        ensured = "from fjorten.ledger.signing import ensure_key; ensure_key()"
        subprocess.run([sys.executable, "-c", f"{prepared}; {ensured}"], env=environment, cwd=ROOT, check=True)
        pages = [_first_page(environment) for _ in range(STARTS)]
        imports = [_import(environment) for _ in range(STARTS)]
    page, imported = median(pages), median(imports)
    verdict = {True: "met", False: "MISSED"}
    return [
        f"P11 first page of a cold `fjorten serve`: {page:.2f} s (goal at most {GOAL_PAGE:.0f}: {verdict[page <= GOAL_PAGE]}; {STARTS} starts, "
        f"{min(pages):.2f}-{max(pages):.2f})",
        f"P11 import of the package, with its settings: {imported:.2f} s (goal at most {GOAL_IMPORT:.0f}: {verdict[imported <= GOAL_IMPORT]}; "
        f"{min(imports):.2f}-{max(imports):.2f})",
    ]


def _first_page(environment: dict[str, str]) -> float:
    port, begun = free_port(), perf_counter()
    command = [str(Path(sys.executable).with_name("fjorten")), "serve", "--port", str(port)]
    serve = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        while perf_counter() - begun < PATIENCE and serve.poll() is None:
            if _answers(port):
                return perf_counter() - begun
            sleep(0.01)
    finally:
        serve.terminate()
        _, said = serve.communicate(timeout=30)
    raise SystemExit(f"the site did not answer:\n{said[-2000:]}")


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/sign-in/", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        answer.read()
    except OSError:
        return False
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise SystemExit(f"the first page answered {answer.status}")
    return True


def _import(environment: dict[str, str]) -> float:
    begun = perf_counter()
    subprocess.run([sys.executable, "-c", "import fjorten.config.settings"], env=environment, cwd=ROOT, check=True)
    return perf_counter() - begun


if __name__ == "__main__":
    print("\n".join(run()))
