"""Floor 4: every promise a clock. What was promised, by when, what stopped it and who caused that, and what a breach owes."""
