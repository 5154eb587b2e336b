"""Whether this machine can make letters: Pango, and fonts for the languages of the families. The gate requires both."""

import os
from functools import cache

import pytest

REQUIRED = os.environ.get("FJORTEN_REQUIRE_LETTERS") == "1"


@cache
def can_be_made() -> bool:
    """Tell whether a letter can be made here at all."""
    try:
        import weasyprint  # noqa: F401 - whether it loads is the question
    except (ImportError, OSError):
        return False
    return True


needs_letters = pytest.mark.skipif(not REQUIRED and not can_be_made(), reason="Pango is not here: apt-get install libpangoft2-1.0-0")


def cannot_be_written(why: str) -> None:
    """Leave a test out because a font is missing; where letters are required that is a failure."""
    if REQUIRED:
        pytest.fail(why)
    pytest.skip(why)
