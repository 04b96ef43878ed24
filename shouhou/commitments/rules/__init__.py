"""What needs no database: definitions of promises, their terms, and how a commitment stands. Pure."""
