"""Run `fjorten` in a process of its own, at an hour of our choosing: `python -m tests.cli.working 2026-03-10T09:00 worker`."""

import sys
from datetime import UTC, datetime

import time_machine

from fjorten.cli.main import main

if __name__ == "__main__":
    with time_machine.travel(datetime.fromisoformat(sys.argv[1]).replace(tzinfo=UTC), tick=True):
        sys.exit(main(sys.argv[2:]))
