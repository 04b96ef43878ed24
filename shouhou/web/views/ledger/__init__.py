"""The books: accounts and statements, entries, holds, and the proof that they are right."""
