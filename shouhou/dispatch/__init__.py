"""Floor 8: the dispatcher's desk: what waits, who can go, how full their day is."""
