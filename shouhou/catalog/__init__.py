"""Floor 3: what the company sells and mends, and the words for what goes wrong. Shared by all branches."""
