"""What stands between the program and its log."""

import logging
import re
from typing import Final

from fjorten.kernel.national_id import mask


class MaskNationalIds(logging.Filter):
    """Replaces every national identity number in a log line, its arguments and its traceback (reliability G22)."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = mask(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = mask(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


_QUERY: Final = re.compile(r"\?\S*")


class WithoutQueries(logging.Filter):
    """Leaves out what stands behind a question mark in the addresses of a log line: what was searched for is nobody's to read there."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _QUERY.sub("", record.getMessage())
        record.args = ()
        return True
