"""Frames bring plain trees across unchanged, and nothing else."""

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import frames
from autograder.sandbox.frames import Frame, FrameError, encode, read


def reader(data: bytes) -> Any:
    """``receive`` over bytes; asking for more than there is is the end of the stream."""
    position = 0

    def receive(n: int) -> bytes:
        nonlocal position
        if position + n > len(data):
            raise EOFError
        position += n
        return data[position - n : position]

    return receive


def raw(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<II", len(text), len(body)) + text + body


arrays = hnp.arrays(
    st.sampled_from([np.dtype(name) for name in frames.DTYPES]), hnp.array_shapes(min_dims=0, min_side=0, max_side=3)
)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | arrays
keys = st.text().filter(lambda key: not key.startswith("$"))
trees = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and (one == other or (one != one and other != other))


@given(st.text(), trees)
def test_what_goes_in_comes_out(kind: str, tree: Any) -> None:
    frame = read(reader(encode(kind, tree)))
    assert frame.kind == kind
    assert same(tree, frame.tree)


def test_narrow_arrays_and_numpy_scalars_arrive_as_arrays() -> None:
    tree = read(reader(encode("x", [np.float32(0.5), np.arange(3, dtype=np.uint8), (1, 2)]))).tree
    assert same(tree, [np.array(0.5, np.float32), np.arange(3), [1, 2]])


def test_numbers_in_another_order_of_bytes_stay_the_same_numbers() -> None:
    tree = read(reader(encode("x", [np.arange(3.0).astype(">f8"), np.arange(3).astype(">i4")]))).tree
    assert same(tree, [np.arange(3.0), np.arange(3)])


def test_frames_follow_one_another() -> None:
    receive = reader(encode("a", 1) + encode("b", [2]))
    assert [read(receive), read(receive)] == [Frame("a", 1), Frame("b", [2])]


@pytest.mark.parametrize(
    "tree",
    [object(), {1: 2}, {"$array": 0}, np.array([object()]), np.array(["text"]), {"a": {1, 2}}, b"bytes", 10**5000],
    ids=lambda tree: type(tree).__name__,
)
def test_what_is_no_plain_data_is_refused(tree: Any) -> None:
    with pytest.raises(FrameError):
        encode("x", tree)


def test_a_tree_that_holds_itself_is_refused() -> None:
    tree: list[Any] = []
    tree.append(tree)
    with pytest.raises(FrameError, match="deeper"):
        encode("x", tree)


GOOD = {"kind": "x", "tree": {"$array": 0}, "arrays": [["float64", [2]]]}


@pytest.mark.parametrize(
    "data",
    [
        raw(b"not json"),
        raw(b"\xff\xfe"),
        raw([1, 2]),
        raw({"kind": "x", "tree": 1}),
        raw({"kind": 1, "tree": 1, "arrays": []}),
        raw({"kind": "x", "tree": 1, "arrays": [], "more": 1}),
        raw(GOOD, bytes(15)),
        raw(GOOD, bytes(17)),
        raw(GOOD | {"tree": 1}, bytes(16)),
        raw(GOOD | {"tree": [{"$array": 0}, {"$array": 0}]}, bytes(16)),
        raw(GOOD | {"tree": {"$array": 1}}, bytes(16)),
        raw(GOOD | {"tree": {"$array": True}}, bytes(16)),
        raw(GOOD | {"tree": {"$array": 0, "x": 1}}, bytes(16)),
        raw(GOOD | {"arrays": [["object", [2]]]}, bytes(16)),
        raw(GOOD | {"arrays": [["float64", [-2]]]}, bytes(16)),
        raw(GOOD | {"arrays": [["float64", [10**12, 0]]]}),
        raw(GOOD | {"arrays": [["float64", [2.0]]]}, bytes(16)),
        raw(GOOD | {"arrays": [["bool", [2]]]}, b"\x01\x02"),
        raw(b'{"kind": "x", "arrays": [], "tree": ' + b"[" * 10**5 + b"]" * 10**5 + b"}"),
        raw(b'{"kind": "x", "arrays": [], "tree": ' + b"9" * 10**5 + b"}"),
        struct.pack("<II", frames.MAX_HEADER + 1, 0),
        struct.pack("<II", 2, frames.MAX_BODY + 1),
    ],
)
def test_malformed_frames_are_refused(data: bytes) -> None:
    with pytest.raises(FrameError):
        read(reader(data))


@given(st.binary(max_size=200))
def test_noise_never_does_anything_but_end_or_be_refused(data: bytes) -> None:
    with pytest.raises((FrameError, EOFError)):
        read(reader(struct.pack("<II", len(data), 0) + data))
