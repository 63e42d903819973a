"""The Merkle tree of RFC 9162 section 2.1: one hash that stands for every entry before it.

    leaves   a   b   c   d   e          root of five = H(H(H(a b) H(c d)) e)
    level 1   ab      cd
    level 2       abcd

Only subtrees of 2^level leaves that are complete are kept; they never change. All else, the root
of any size and every proof, is made of them in about log2(size) steps.

>>> leaves = [leaf_hash(text) for text in (b"a", b"b", b"c")]
>>> tree = Leaves(leaves)
>>> proof = inclusion_proof(tree, 1, 3)
>>> includes(leaves[1], 1, 3, proof, root(tree, 3))
True
>>> includes(leaves[0], 1, 3, proof, root(tree, 3))
False
"""

import hashlib
from collections.abc import Sequence
from typing import Protocol

EMPTY = hashlib.sha256(b"").digest()
"""The root of no leaves."""


class Nodes(Protocol):
    """Where complete subtrees are kept."""

    def node(self, level: int, index: int) -> bytes:
        """The hash over the leaves from index * 2^level on, 2^level of them."""
        ...


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry; the zero byte keeps an entry from posing as a node."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Leaves:
    """Subtrees of a list of leaf hashes, worked out when asked for."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = zip(below[::2], below[1::2], strict=False)
            self._levels.append([node_hash(left, right) for left, right in pairs])

    def node(self, level: int, index: int) -> bytes:
        return self._levels[level][index]


class Growing:
    """A tree of which only the root is wanted: it keeps one hash for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self._complete: list[bytes] = []
        """The complete subtrees from left to right, the largest first."""

    def add(self, leaf: bytes) -> None:
        size, found = self.size, leaf
        while size & 1:
            found, size = node_hash(self._complete.pop(), found), size >> 1
        self._complete.append(found)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._complete:
            return EMPTY
        *left, found = self._complete
        for subtree in reversed(left):
            found = node_hash(subtree, found)
        return found


def root(tree: Nodes, size: int) -> bytes:
    """The hash over the first `size` leaves (section 2.1.1)."""
    return _over(tree, 0, size) if size else EMPTY


def _over(tree: Nodes, start: int, end: int) -> bytes:
    """The hash over the leaves of a range that a tree has as a subtree."""
    size = end - start
    split = _split(size)
    if size == 1 or size == 2 * split:
        level = size.bit_length() - 1
        return tree.node(level, start >> level)
    return node_hash(_over(tree, start, start + split), _over(tree, start + split, end))


def _split(size: int) -> int:
    """The largest power of two smaller than size."""
    return 1 << (size - 1).bit_length() - 1 if size > 1 else 0


def inclusion_proof(tree: Nodes, index: int, size: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root of `size` leaves (section 2.1.3.1)."""
    _check(index < size, "index", index, size)
    proof, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_over(tree, middle, end))
            end = middle
        else:
            proof.append(_over(tree, start, middle))
            start = middle
    return proof[::-1]


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], expected: bytes) -> bool:
    """Whether the proof shows the leaf at its place under the root (section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(hash_, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hash_)
        place, last = place >> 1, last >> 1
    return last == 0 and found == expected


def consistency_proof(tree: Nodes, old: int, size: int) -> list[bytes]:
    """The hashes that show a tree of `size` leaves to begin with one of `old` (section 2.1.4.1)."""
    _check(0 < old <= size, "old size", old, size)
    proof, start, end, whole = [], 0, size, True
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_over(tree, middle, end))
            end = middle
        else:
            proof.append(_over(tree, start, middle))
            start, whole = middle, False
    return ([] if whole else [_over(tree, start, end)]) + proof[::-1]


def extends(old: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows the new tree to hold the old one unchanged (section 2.1.4.2)."""
    if old == size:
        return not proof and old_root == new_root
    if not 0 < old < size or not proof:
        return False
    path = list(proof)
    if old & (old - 1) == 0:  # an old tree that is complete is a node of the new one
        path.insert(0, old_root)
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(hash_, found_old), node_hash(hash_, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, hash_)
        place, last = place >> 1, last >> 1
    return last == 0 and found_old == old_root and found_new == new_root


def _check(holds: bool, what: str, value: int, size: int) -> None:
    if not holds:
        msg = f"{what} {value} is not in a tree of {size}"
        raise ValueError(msg)
