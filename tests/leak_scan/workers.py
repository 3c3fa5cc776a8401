"""Chunks on several processes, each of which loads the engine once."""

import multiprocessing
from collections.abc import Iterator, Sequence

from stream_processors.domain.deidentification.tagging import full_engine
from tests.leak_scan.scan import CHUNK, Scan, Tally

_scans: list[Scan] = []
"""The scan of this process."""


def scanned(chunks: Sequence[int], seed: int, workers: int) -> Iterator[tuple[int, Tally]]:
    """Each chunk with what came of it, as they are done. Raises what a chunk raised."""
    if chunks:
        with multiprocessing.get_context("spawn").Pool(workers, _begin, (seed,)) as pool:
            yield from pool.imap_unordered(_chunk, chunks)


def _begin(seed: int) -> None:
    _scans.append(Scan(seed, full_engine()))


def _chunk(number: int) -> tuple[int, Tally]:
    return number, _scans[0].chunk(number, CHUNK)
