"""Floor 2: branches, users, roles, tokens, number series, and the wall between branches."""
