"""What a sheet of paper shows: the facts of a voucher or a register page, ready for typesetting."""
