"""Every write of the module, one function per act of the trade. Every act on a card waits for the card's own row."""

from shouhou.workshop.actions.asking import ask_customer, parts_arrived, record_answer, wait_for_parts
from shouhou.workshop.actions.bench import (
    cannot_be_repaired,
    finish_repair,
    record_diagnosis,
    start_work,
    stop_work,
    use_part,
)
from shouhou.workshop.actions.cards import assign_bench, close_card, hand_back_repaired, open_card
from shouhou.workshop.actions.inspecting import inspect, send_back_to_bench

__all__ = [
    "ask_customer",
    "assign_bench",
    "cannot_be_repaired",
    "close_card",
    "finish_repair",
    "hand_back_repaired",
    "inspect",
    "open_card",
    "parts_arrived",
    "record_answer",
    "record_diagnosis",
    "send_back_to_bench",
    "start_work",
    "stop_work",
    "use_part",
    "wait_for_parts",
]
