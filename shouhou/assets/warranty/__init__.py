"""What a unit's life says about its guarantee: from what happened to it to periods, counts and the facts of `policies`. Pure.

    UnitHistory (happenings) → read_life → Life → segments_of, counts_of → facts_of → judge

What cannot be read without a guess is refused by name (`HistoryUnclear`), with the histories that would be clear.
"""
