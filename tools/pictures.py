"""
Draw the pictures of docs/images anew: the main pages of a demo municipality, on a morning that is always the same, in Chromium.

The same sources give the same municipality and the same pages. A page that is not there yet is left out, and said to be.
"""

import io
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import time_machine
from PIL import Image
from playwright.sync_api import Page

from browser import MISSING, chromium, executable

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
MORNING = datetime(2026, 11, 18, 8, 40, tzinfo=UTC)  # a Wednesday, twenty to ten
CHILDREN = "1500"  # as many as `make demo` has
SCREEN = {"width": 1280, "height": 900}
LARGEST = 150_000  # bytes: the README is read on telephones too
COLOURS = 160  # enough that letters keep their edges
# File -> the address's name. One with a child in it is that of the child of LOGIN's clinic whose case has most behind it.
PAGES = {
    "today": "today",
    "worklist": "worklist",
    "child": "child",
    "case": "case",
    "register": "register",
    "calendar": "calendar",
    "messages": "messages",
}
ABOUT_A_CHILD = {"child", "case"}
LOGIN = "helsesykepleier"


def main() -> int:
    """Make the municipality, serve its pages on this machine, and draw them."""
    found = executable()
    if found is None:
        print(MISSING)
        return 1
    with tempfile.TemporaryDirectory(prefix="fjorten-pictures-") as home, time_machine.travel(MORNING, tick=False):
        os.environ.update(FJORTEN_HOME=home, DJANGO_ALLOW_ASYNC_UNSAFE="1")  # Playwright leaves an event loop in this thread
        from fjorten.cli.main import main as fjorten

        fjorten(["demo", "--only-show", "--children", CHILDREN])
        addresses = _addresses()
        with chromium(found) as browser, _served() as base:
            page = browser.new_page(base_url=base, viewport=SCREEN, locale="nb-NO", reduced_motion="reduce")
            _sign_in(page)
            for name in PAGES:
                print(f"docs/images/{name}.png: {_draw(page, name, addresses[name])}")
    return 0


def _addresses() -> dict[str, str]:
    """Where the pages are; "" for one that is not there yet."""
    from django.db.models import Count
    from django.urls import NoReverseMatch, reverse

    from fjorten.access.models import User
    from fjorten.followup.models import Case

    here = User.objects.get(login=LOGIN).employee.clinic
    cases = Case.objects.filter(closed_at=None, planned_step__enrolment__clinic=here).annotate(behind=Count("events"))
    child = cases.order_by("-behind", "pk").first().person.public_id
    found = {}
    for file, name in PAGES.items():
        try:
            found[file] = reverse(name, args=[child] if name in ABOUT_A_CHILD else [])
        except NoReverseMatch:
            found[file] = ""
    return found


class _served:
    """The pages, answering on this machine while the block runs."""

    def __enter__(self) -> str:
        from django.core.handlers.wsgi import WSGIHandler
        from django.core.management import call_command
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

        call_command("collectstatic", interactive=False, verbosity=0)
        quiet = type("Quiet", (WSGIRequestHandler,), {"log_message": lambda *_: None})
        self._server = ThreadedWSGIServer(("127.0.0.1", 0), quiet)
        self._server.set_app(WSGIHandler())
        Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _sign_in(page: Page) -> None:
    from fjorten.simulation.accounts import PASSWORD

    page.goto("/sign-in/")
    page.get_by_label("Brukernavn").fill(LOGIN)
    page.get_by_label("Passord").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Logg inn").click()


def _draw(page: Page, name: str, address: str) -> str:
    if not address:
        return "the page is not there yet"
    answer = page.goto(address)
    if answer is None or not answer.ok:
        raise SystemExit(f"{name}.png: {address} is not shown to {LOGIN}")
    page.evaluate("document.fonts.ready")
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    drawn.save(written, "PNG", optimize=True)
    if written.tell() > LARGEST:
        raise SystemExit(f"{name}.png would be {written.tell()} bytes, more than {LARGEST}: take fewer COLOURS")
    (IMAGES / f"{name}.png").write_bytes(written.getvalue())
    return f"{written.tell()} bytes"


if __name__ == "__main__":
    sys.exit(main())
