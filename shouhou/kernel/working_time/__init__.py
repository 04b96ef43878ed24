"""Working time: calendars of opening hours, the work that fits into them, and the moment at which a time limit ends. Pure."""
