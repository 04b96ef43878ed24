"""Floor 1: the journal. Every act leaves one event; events are never changed, and each case's events form a hash chain."""
