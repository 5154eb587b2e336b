"""The system's Chromium, driven by Playwright: found by name, started quiet and empty. None is ever downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Pages of this machine only: nothing is looked up, brought up to date or kept in step behind our back.
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MISSING = "Chromium: not found, so the journeys in a browser are not run. On Debian and Ubuntu: sudo apt-get install chromium"


def executable() -> str | None:
    """Where the browser lies, None when this machine has none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@contextmanager
def chromium(found: str) -> Iterator[Browser]:
    """Give a browser without a window, in a new and empty profile, while the block runs."""
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses a sandbox to root
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, headless=True, args=[*SWITCHES, *as_root])
        try:
            yield browser
        finally:
            browser.close()
