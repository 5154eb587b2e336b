"""Everything that changes a case: opening, steps, pauses, closing; flags; assessments; and the municipality's own ladder."""
