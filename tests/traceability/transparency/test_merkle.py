"""The tree of RFC 9162: known roots, and proofs that hold for what they are made for alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.transparency.merkle import (
    EMPTY,
    Growing,
    Leaves,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
)

# The eight entries and their roots with which implementations of Certificate Transparency,
# whose tree this is, are compared.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]
sizes = st.integers(1, 70)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def plain_root(hashes: list[bytes]) -> bytes:
    """The definition of section 2.1.1, word for word."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else EMPTY
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return node_hash(plain_root(hashes[:k]), plain_root(hashes[k:]))


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_other_implementations(size: int) -> None:
    assert root(Leaves(LEAVES[:size]), size).hex() == ROOTS[size - 1]
    assert root(Leaves(LEAVES), size).hex() == ROOTS[size - 1]


def test_no_leaves_have_a_root_too() -> None:
    assert root(Leaves([]), 0) == EMPTY


@given(sizes)
def test_the_root_of_any_size_is_that_of_the_definition(size: int) -> None:
    assert root(Leaves(leaves(size)), size) == plain_root(leaves(size))


@given(st.integers(0, 70))
def test_a_tree_that_grows_leaf_by_leaf_has_the_same_root(size: int) -> None:
    tree = Growing()
    for leaf in leaves(size):
        tree.add(leaf)
    assert (tree.size, tree.root) == (size, plain_root(leaves(size)))


@given(sizes, st.data())
def test_a_leaf_is_shown_at_its_place_and_nowhere_else(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = leaves(size)
    tree = Leaves(hashes)
    proof, top = inclusion_proof(tree, index, size), root(tree, size)
    assert includes(hashes[index], index, size, proof, top)
    for other in range(size):
        if other != index:
            assert not includes(hashes[index], other, size, proof, top)
            assert not includes(hashes[other], index, size, proof, top)


@given(sizes, st.data())
def test_a_changed_shorter_or_longer_proof_shows_nothing(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    tree = Leaves(leaves(size))
    proof, top, leaf = inclusion_proof(tree, index, size), root(tree, size), leaves(size)[index]
    assert not includes(leaf, index, size, [*proof, EMPTY], top)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not includes(leaf, index, size, proof[:-1], top)
        assert not includes(leaf, index, size, [*proof[:at], EMPTY, *proof[at + 1 :]], top)


@given(sizes, st.data())
def test_a_tree_that_grew_is_shown_to_hold_the_old_one(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    tree = Leaves(leaves(size))
    proof = consistency_proof(tree, old, size)
    assert extends(old, root(tree, old), size, root(tree, size), proof)


@given(sizes, st.data())
def test_a_tree_whose_past_was_changed_cannot_be_shown_to_extend_it(
    size: int, data: st.DataObject
) -> None:
    old = data.draw(st.integers(1, size))
    changed_at = data.draw(st.integers(0, old - 1))
    honest, forged = leaves(size), leaves(size)
    forged[changed_at] = leaf_hash(b"another")
    seen = root(Leaves(honest), old)
    tree = Leaves(forged)
    for proof in (consistency_proof(tree, old, size), consistency_proof(Leaves(honest), old, size)):
        assert not extends(old, seen, size, root(tree, size), proof)


@given(st.integers(-2, 80), st.integers(-2, 80), st.lists(st.binary(max_size=40), max_size=9))
def test_made_up_proofs_are_refused_and_never_fail(
    place: int, size: int, proof: list[bytes]
) -> None:
    assert not includes(LEAVES[0], place, size, proof, EMPTY)
    if place != size:
        assert not extends(place, LEAVES[0], size, EMPTY, proof)


@pytest.mark.parametrize(("index", "size"), [(3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        inclusion_proof(Leaves(leaves(size)), index, size)


@pytest.mark.parametrize(("old", "size"), [(4, 3), (0, 3)])
def test_there_is_no_proof_from_a_size_that_never_was(old: int, size: int) -> None:
    with pytest.raises(ValueError, match="not in a tree"):
        consistency_proof(Leaves(leaves(size)), old, size)
