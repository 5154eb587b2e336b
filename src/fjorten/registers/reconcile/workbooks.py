"""
A journal export that only comes as an Excel workbook (.xlsx), as rows of text.

Needs the extra `excel`. CSV is the first choice: a workbook must be read cell by cell, which takes about a hundred times as long.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from zipfile import BadZipFile

from fjorten.registers.reconcile.request import InputCannotBeUsed


def workbook_rows(path: Path) -> Iterator[list[list[str]]]:
    """
    This function will read each sheet of a workbook as rows of text cells; dates are ISO dates, numbers as Excel holds them.

    Raises InputCannotBeUsed when the extra is not installed or the file is no workbook.
    """
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise InputCannotBeUsed(
            f"{path.name} er en Excel-bok, og tillegget for Excel er ikke installert. "
            "Lagre fila som CSV UTF-8, eller installer tillegget: pip install 'fjorten[excel]'."
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and print settings, which are nothing to us
        try:
            workbook = load_workbook(path, read_only=True, data_only=True)
            for sheet in workbook.worksheets:
                sheet.reset_dimensions()  # some programs write a wrong one, and rows would be lost
                yield [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
            workbook.close()
        except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
            raise InputCannotBeUsed(f"{path.name} kan ikke leses som en Excel-bok. Lagre den på nytt, eller som CSV UTF-8.") from error


def _text(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "ja" if cell else "nei"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date():  # datetimes too
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
        case _:
            return str(cell)
