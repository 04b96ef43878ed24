"""Promises that others made, judged by their own records: `shouhou promises`."""
