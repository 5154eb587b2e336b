"""One run from filled relations to everything the lists and the report show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fjorten.kernel.masking import mask
from fjorten.registers.reconcile import findings
from fjorten.registers.reconcile.findings import Finding
from fjorten.registers.reconcile.overview import Overview, overview, why_they_hardly_match
from fjorten.registers.reconcile.protected import ProtectedCase, protected_cases
from fjorten.registers.reconcile.request import InputCannotBeUsed
from fjorten.registers.reconcile.rules import RULES

if TYPE_CHECKING:
    import duckdb

    from fjorten.registers.reconcile.request import Request


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: where it stands, and why. What stood in it is not kept; it may be anybody's."""

    source: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """
    The answer of a run. `findings` is in the order of the report, without the protected; `warning` says why the files hardly match; `notes`
    are sentences of the readers about what was put right or passed over.
    """

    request: Request
    counts: Overview
    findings: tuple[Finding, ...] = field(repr=False)
    protected: tuple[ProtectedCase, ...] = field(repr=False)
    rejected: tuple[Rejected, ...] = field(repr=False)
    warning: str | None = None
    notes: tuple[str, ...] = ()

    @property
    def count_by_rule(self) -> Mapping[str, int]:
        """How many findings each rule has, in the order of the report; the protected as one number under `address_protected`."""
        found = Counter(finding.rule for finding in self.findings)
        found["address_protected"] = len(self.protected)
        return {rule.code: found[rule.code] for rule in RULES}

    @property
    def total(self) -> int:
        """How many findings there are, the protected included."""
        return len(self.findings) + len(self.protected)


def reconcile(connection: duckdb.DuckDBPyConnection, request: Request, *, notes: tuple[str, ...] = ()) -> Reconciliation:
    """
    This function will compare what the readers have put into the relations, and tell what differs. `notes` are handed on.

    Raises InputCannotBeUsed when the two sides hardly match and the request does not say `force`.
    """
    findings.prepare(connection, request)
    counts = overview(connection)
    warning = why_they_hardly_match(counts)
    if warning is not None and not request.force:
        raise InputCannotBeUsed(f"De to filene passer nesten ikke sammen. {warning} Er det likevel riktige filer, kjør igjen med --force.")
    return Reconciliation(
        request=request,
        counts=counts,
        findings=tuple(findings.find(connection, request)),
        protected=tuple(protected_cases(connection, request)),
        rejected=tuple(
            Rejected(source, line, mask(reason))
            for source, line, reason in connection.execute(
                "SELECT source, line, reason FROM rejected ORDER BY source, line NULLS FIRST, reason"
            ).fetchall()
        ),
        warning=warning,
        notes=notes,
    )
