"""Changes to the outbox and what stands around it: what is owed, sending, receipts, letters, tasks, and what comes in."""
