"""What stands between the program and its log."""

import logging

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
