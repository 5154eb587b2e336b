"""JSON from outside, read with the care that everything from outside needs."""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from typing import Final, TypeGuard

_NOT_FOR_STORING: Final = re.compile("[\0\ud800-\udfff]")


class NotJson(ValueError):
    """Bytes that are not whole, well-formed JSON in UTF-8."""


def parse_json(content: bytes) -> object:
    """
    This function will read one JSON value from UTF-8, with or without a byte order mark.

    Raises NotJson, also for nesting so deep that reading it would exhaust the stack.
    """
    try:
        parsed: object = json.loads(content.removeprefix(BOM_UTF8).decode())
    except (ValueError, RecursionError) as error:
        raise NotJson from error
    return parsed


def object_in(value: object) -> dict[str, object] | None:
    """This function will tell whether a JSON value is an object, by handing it back as one."""
    return value if _is_object(value) else None


def can_be_stored(value: object) -> bool:
    """
    This function will tell whether every text in a JSON value can be stored and sent on.

    JSON can express half a surrogate pair, which is no character, and the NUL character, which PostgreSQL refuses in text.
    """
    if isinstance(value, str):
        return _NOT_FOR_STORING.search(value) is None
    written = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in written and can_be_stored(written)


def is_plain(content: bytes, key: bytes) -> bool:
    """
    This function will tell whether a quoted key that occurs in a line of JSON can only be the one key of that name.

    False when it occurs twice, or when anything is written with escapes: then only reading the line as JSON tells which is which.
    """
    return content.count(key) == 1 and b"\\" not in content


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)
