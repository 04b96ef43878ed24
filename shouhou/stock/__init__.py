"""Spare parts: stores, movements, reservations, requisitions, counts, and old parts on their way back."""
