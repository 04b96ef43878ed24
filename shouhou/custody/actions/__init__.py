"""What is done with customers' goods. Every act of one unit waits for the unit's own row."""

from shouhou.custody.actions.keeping import keep_goods, release_goods
from shouhou.custody.actions.moving import (
    dispose_of_goods,
    move_goods,
    ready_for_pick_up,
    refused_by_maker,
    send_to_maker,
    take_back_from_maker,
)
from shouhou.custody.actions.receipts import hand_back, take_away, void_receipt

__all__ = [
    "dispose_of_goods",
    "hand_back",
    "keep_goods",
    "move_goods",
    "ready_for_pick_up",
    "refused_by_maker",
    "release_goods",
    "send_to_maker",
    "take_away",
    "take_back_from_maker",
    "void_receipt",
]
