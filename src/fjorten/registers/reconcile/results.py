"""The files of a run."""

from __future__ import annotations

from fjorten.registers.reconcile import lists
from fjorten.registers.reconcile.files import PROTECTED, REPORT, replace_files
from fjorten.registers.reconcile.reconciliation import Reconciliation
from fjorten.registers.reconcile.report import report_html


def write_results(answer: Reconciliation) -> None:
    """
    This function will write all files of a run into the folder the request names, in place of an earlier run's.

    protected.csv is only there when somebody is in it. Raises InputCannotBeUsed when the folder cannot be written to.
    """
    texts = {
        "rejected.csv": lists.rejected_csv(answer),
        "findings.csv": lists.findings_csv(answer),
        "findings.json": lists.findings_json(answer),
        REPORT: report_html(answer),
    }
    if answer.protected:
        texts[PROTECTED] = lists.protected_csv(answer)
    replace_files(answer.request.out, texts)
