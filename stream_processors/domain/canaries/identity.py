"""The event id of a canary: its number under a secret permutation. It says nothing, and whoever has the seed reads it back.

A Feistel network (Luby and Rackoff 1988) of four rounds with HMAC-SHA256 on two halves of 64 bits.
"""

import hmac

HALF = 8
"""Bytes."""
_ROUNDS = 4


def event_id(number: int, seed: bytes) -> str:
    """32 hexadecimal digits. Raises OverflowError for a number that is negative or has more than 128 bits."""
    left, right = _halves(number.to_bytes(2 * HALF))
    for round_ in range(_ROUNDS):
        left, right = right, left ^ _mixed(seed, round_, right)
    return f"{left:016x}{right:016x}"


def number_of(event_id_: str, seed: bytes) -> int:
    """The number behind an event id of a canary. Raises ValueError where it has another form."""
    if len(event_id_) != 4 * HALF:
        raise ValueError("is no event id of a canary")
    left, right = _halves(bytes.fromhex(event_id_))
    for round_ in reversed(range(_ROUNDS)):
        left, right = right ^ _mixed(seed, round_, left), left
    return (left << 8 * HALF) | right


def _halves(block: bytes) -> tuple[int, int]:
    return int.from_bytes(block[:HALF]), int.from_bytes(block[HALF:])


def _mixed(seed: bytes, round_: int, half: int) -> int:
    return int.from_bytes(hmac.digest(seed, b"event id %d %d" % (round_, half), "sha256")[:HALF])
