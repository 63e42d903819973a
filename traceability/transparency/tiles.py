"""The tree in tiles of 256 hashes (C2SP tlog-tiles): what is kept, served and cached as files.

Tile 0/0 holds the first 256 leaf hashes, tile 0/1 the next; a hash of tile 1/0 stands for one full
tile below it. The last tile of each level may be partial. A node between two levels is worked out
from one tile, so a proof over 16 million entries reads six.
"""

from collections.abc import Callable, Sequence

from traceability.transparency.merkle import Leaves

HEIGHT = 8
WIDTH = 1 << HEIGHT
HASH_SIZE = 32
"""Bytes of one hash."""

Read = Callable[[int, int], bytes]
"""The hashes of a tile by level and number."""


class TiledTree:
    """Nodes of a tree kept in tiles; each tile is read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._tiles: dict[tuple[int, int], Leaves] = {}

    def node(self, level: int, index: int) -> bytes:
        """The hash over 2^level leaves from index * 2^level on."""
        tile_level, inside = divmod(level, HEIGHT)
        first = index << inside
        tile = self._tile(tile_level, first // WIDTH)
        return tile.node(inside, first % WIDTH >> inside)

    def _tile(self, level: int, number: int) -> Leaves:
        tile = self._tiles.get((level, number))
        if tile is None:
            tile = Leaves(split(self._read(level, number)))
            self._tiles[level, number] = tile
        return tile


def split(hashes: bytes) -> Sequence[bytes]:
    """The single hashes of a tile."""
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def full_root(hashes: bytes) -> bytes:
    """The hash that stands for a full tile in the level above."""
    return Leaves(split(hashes)).node(HEIGHT, 0)


def path(level: int, number: int, width: int = WIDTH) -> str:
    """Where a tile is found.

    >>> path(0, 1234067), path(1, 0, 7)
    ('tile/0/x001/x234/067', 'tile/1/000.p/7')
    """
    parts = [f"{number % 1000:03}"]
    while number := number // 1000:
        parts.append(f"x{number % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(reversed(parts))}{partial}"
