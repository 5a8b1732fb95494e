"""Fingerprints that find near-duplicates through an index: MinHash of shingles, cut into bands.

Two sets of Jaccard similarity J share a band with probability 1 - (1 - J³)³²: .997 at .55, .23 at .2. What shares one
is compared exactly afterwards.
"""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BANDS, ROWS = 32, 3
_PRIME = np.uint64(4_294_967_311)  # the first above 2³², so that a product of two values fits 64 bits
_random = np.random.default_rng(20_260_310)
_FACTORS: NDArray[np.uint64] = _random.integers(1, 1 << 31, BANDS * ROWS, dtype=np.uint64)
_ADDENDS: NDArray[np.uint64] = _random.integers(0, 1 << 31, BANDS * ROWS, dtype=np.uint64)


def bands(shingles: frozenset[str]) -> list[int]:
    """32 numbers, the same for every process and version; none of no shingles. Stored, so never to be changed."""
    if not shingles:
        return []
    hashes = np.fromiter((crc32(shingle.encode()) for shingle in shingles), np.uint64, len(shingles))
    smallest = ((hashes[:, None] * _FACTORS + _ADDENDS) % _PRIME).min(axis=0).reshape(BANDS, ROWS)
    return [band << 32 | crc32(row.tobytes()) for band, row in enumerate(smallest)]
