"""UUIDv7 keys (RFC 9562 §5.7) made by the application, so that a retried request keeps its id and no sequence is shared."""

import os
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last_ms = 0
_last_sequence = 0
_SEQUENCE_BITS = 12


def uuid7() -> UUID:
    """A time-ordered key; within one process each is greater than the one before, also when the clock is set back."""
    global _last_ms, _last_sequence
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms = now
            # Half of the range stays free for counting up inside this millisecond.
            _last_sequence = int.from_bytes(os.urandom(2)) & 0x7FF
        else:
            _last_sequence += 1
            if _last_sequence >> _SEQUENCE_BITS:
                _last_ms += 1
                _last_sequence = 0
        ms, sequence = _last_ms, _last_sequence
    tail = int.from_bytes(os.urandom(8)) & (1 << 62) - 1
    return UUID(int=ms << 80 | 0x7 << 76 | sequence << 64 | 0b10 << 62 | tail)
