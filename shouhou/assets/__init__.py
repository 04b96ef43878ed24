"""Floor 4: the sold units that the company looks after."""
