"""Floor 3: the money. Accounts, entries that balance and are never changed, holds. Owners are known by an opaque key only."""
