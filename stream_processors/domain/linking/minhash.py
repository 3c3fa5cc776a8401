"""How alike two texts are, from short signatures: the share of their shingles of three words that they have in common.

Broder (1997), On the resemblance and containment of documents: the chance that two sets have the same minimum under a random
order is their Jaccard similarity. Bands: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets (2014), section 3.4.
"""

import hashlib
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Signature = npt.NDArray[np.uint64]

ORDERS = 128
"""Minima in a signature; the similarity is known to about 1 / sqrt(ORDERS) = 0.09, one standard deviation at the most."""
BANDS = 32
"""Two texts meet in one of them at a similarity of about 0.42 and above: (1 / BANDS) ** (BANDS / ORDERS)."""
WORDS = 3

_WORD = re.compile(r"\w+")
_PRIME = np.uint64(2**31 - 1)


def _numbers(name: str) -> Signature:
    """Numbers from 1 below the prime, always the same: a signature must be the same on every machine."""
    digests = (hashlib.sha256(f"{name}{place}".encode()).digest() for place in range(ORDERS))
    return np.array([int.from_bytes(digest[:4]) % (2**31 - 2) + 1 for digest in digests], dtype=np.uint64)


_FACTORS, _SUMMANDS = _numbers("factor"), _numbers("summand")


def signature(text: str) -> Signature | None:
    """The minima of the text's shingles, or None where it has no word. A text of one or two words is one shingle."""
    words = _WORD.findall(text.lower())
    if not words:
        return None
    shingles = {" ".join(words[at : at + WORDS]) for at in range(max(1, len(words) - WORDS + 1))}
    hashes = np.array([_hashed(shingle) for shingle in sorted(shingles)], dtype=np.uint64)
    minima: Signature = ((hashes[:, None] * _FACTORS + _SUMMANDS) % _PRIME).min(axis=0)
    return minima


def _hashed(shingle: str) -> int:
    return int.from_bytes(hashlib.blake2b(shingle.encode(), digest_size=4).digest()) % (2**31 - 1)


def similarity(one: Signature, other: Signature) -> float:
    """The Jaccard similarity of the two sets of shingles, estimated."""
    return float((one == other).mean())


def bands(signed: Signature) -> Iterator[tuple[int, bytes]]:
    """Keys of which similar texts share at least one."""
    return ((place, band.tobytes()) for place, band in enumerate(np.split(signed, BANDS)))
