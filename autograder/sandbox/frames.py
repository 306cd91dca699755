"""Plain trees of numbers and arrays over a stream of bytes, strict enough to be read from an enemy.

A frame is ``<header length: u32><body length: u32><header: JSON, UTF-8><body: raw array bytes>``, little-endian. The
header is ``{"kind": text, "tree": tree, "arrays": [[dtype, shape], …]}``; in the tree ``{"$array": i}`` stands for the
i-th array, whose bytes follow one another in the body. Never pickle: reading a frame can only make plain data.

Both sides of the sandbox use this file, so it imports the standard library and NumPy alone.
"""

import json
import math
import socket
import struct
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

MAX_HEADER = 8 * 2**20
MAX_BODY = 64 * 2**20
MAX_ARRAYS = 100_000
MAX_DEPTH = 64
DTYPES = ("bool", "int64", "float32", "float64", "complex128")
_BY_NAME = {name: np.dtype(name) for name in DTYPES}
_NAMES = {dtype: name for name, dtype in _BY_NAME.items()}  # NumPy works out ``dtype.name`` anew each time, slowly
_LENGTHS = struct.Struct("<II")


class FrameError(Exception):
    """The bytes are no frame, or the tree cannot be put into one."""


class Frame(NamedTuple):
    """One message: what it is about and its plain tree."""

    kind: str
    tree: Any


def encode(kind: str, tree: Any) -> bytes:
    """The bytes of one frame.

    Raises
    ------
    FrameError
        If ``tree`` holds anything but dicts with text keys, lists, tuples, text, numbers, None and NumPy arrays of the
        dtypes in ``DTYPES`` (other real dtypes are sent as float64 or int64), or is too large or too deep.
    """
    arrays: list[np.ndarray] = []
    plain = _to_plain(tree, arrays, 0)
    described = [[_NAMES[array.dtype], list(array.shape)] for array in arrays]
    try:
        header = json.dumps({"kind": kind, "tree": plain, "arrays": described}).encode("ascii")
    except (ValueError, UnicodeEncodeError) as error:
        raise FrameError(f"the tree cannot be written as JSON: {error}") from error
    body = b"".join(array.tobytes() for array in arrays)
    if len(header) > MAX_HEADER or len(body) > MAX_BODY or len(arrays) > MAX_ARRAYS:
        raise FrameError(f"too large: {len(header)} bytes of header, {len(body)} of arrays, {len(arrays)} arrays")
    return _LENGTHS.pack(len(header), len(body)) + header + body


def read(receive: Callable[[int], bytes]) -> Frame:
    """The next frame; ``receive(n)`` gives exactly n bytes or raises.

    Raises
    ------
    FrameError
        If what comes is not a well-formed frame. Nothing more can be read from the stream then.
    """
    header_length, body_length = _LENGTHS.unpack(receive(_LENGTHS.size))
    if header_length > MAX_HEADER or body_length > MAX_BODY:
        raise FrameError(f"a frame claims {header_length} + {body_length} bytes")
    return _decode(receive(header_length), receive(body_length))


def receiver(channel: socket.socket, deadline: float | None = None) -> Callable[[int], bytes]:
    """A ``receive`` for ``read``: exactly n bytes, else ``EOFError``, or ``TimeoutError`` after ``deadline``."""

    def receive(n: int) -> bytes:
        data = bytearray()
        while len(data) < n:
            if deadline is not None:
                channel.settimeout(_left(deadline))
            more = channel.recv(min(n - len(data), 1 << 20))
            if not more:
                raise EOFError
            data += more
        return bytes(data)

    return receive


def _left(deadline: float) -> float:
    """Seconds until ``deadline``, a time of ``time.monotonic``."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _decode(header: bytes, body: bytes) -> Frame:
    try:
        content = json.loads(header.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a frame's header is no JSON: {str(error)[:100]}") from None
    match content:
        case {"kind": str(kind), "tree": tree, "arrays": list(described)} if len(content) == 3:
            arrays = _cut(described, body)
            used: set[int] = set()
            plain = _from_plain(tree, arrays, used, 0)
            if len(used) != len(arrays):
                raise FrameError("a frame holds arrays that its tree does not use")
            return Frame(kind, plain)
    raise FrameError("a frame's header has not the three entries kind, tree and arrays")


def _cut(described: list[Any], body: bytes) -> list[np.ndarray]:
    """The arrays in a body; their sizes must use it up to the last byte."""
    if len(described) > MAX_ARRAYS:
        raise FrameError(f"a frame claims {len(described)} arrays")
    arrays, at = [], 0
    for entry in described:
        dtype, shape = _checked(entry)
        size = math.prod(shape) * dtype.itemsize
        if at + size > len(body):
            raise FrameError("a frame's arrays are larger than its body")
        arrays.append(np.frombuffer(body, dtype, math.prod(shape), at).reshape(shape).copy())
        at += size
    if at != len(body):
        raise FrameError("a frame's body is larger than its arrays")
    if any(array.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1 for array in arrays):
        raise FrameError("a frame's bool array holds something else")
    return arrays


def _checked(entry: Any) -> tuple[np.dtype[Any], tuple[int, ...]]:
    match entry:
        case [str(name), list(shape)] if name in _BY_NAME and len(shape) <= 16:
            if all(type(n) is int and 0 <= n <= MAX_BODY for n in shape):
                return _BY_NAME[name], tuple(shape)
    raise FrameError("a frame's array has an unknown dtype or shape")


def _to_plain(tree: Any, arrays: list[np.ndarray], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise FrameError(f"the tree is deeper than {MAX_DEPTH}")
    match tree:
        case None | bool() | str():
            return tree
        case np.ndarray() | np.generic():
            arrays.append(_sendable(np.asarray(tree)))
            return {"$array": len(arrays) - 1}
        case int() | float():
            return tree
        case dict():
            if not all(type(key) is str and not key.startswith("$") for key in tree):
                raise FrameError("a dict's keys must be text that does not start with $")
            return {key: _to_plain(value, arrays, depth + 1) for key, value in tree.items()}
        case list() | tuple():
            return [_to_plain(value, arrays, depth + 1) for value in tree]
    raise FrameError(f"{type(tree).__name__} is no plain data")


def _sendable(array: np.ndarray) -> np.ndarray:
    if array.dtype in _NAMES:
        return np.ascontiguousarray(array).reshape(array.shape)
    kinds = {"i": "int64", "u": "int64", "f": "float64", "c": "complex128"}
    if array.dtype.kind not in kinds:
        raise FrameError(f"an array of dtype {array.dtype} cannot be sent")
    return np.ascontiguousarray(array.astype(kinds[array.dtype.kind])).reshape(array.shape)


def _from_plain(tree: Any, arrays: list[np.ndarray], used: set[int], depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise FrameError(f"a frame's tree is deeper than {MAX_DEPTH}")
    if isinstance(tree, list):
        return [_from_plain(value, arrays, used, depth + 1) for value in tree]
    if not isinstance(tree, dict):
        return tree
    if "$array" in tree:
        return _array_at(tree, arrays, used)
    return {key: _from_plain(value, arrays, used, depth + 1) for key, value in tree.items()}


def _array_at(tree: dict[str, Any], arrays: list[np.ndarray], used: set[int]) -> np.ndarray:
    """Each array stands in the tree once, so that no two places share memory."""
    index = tree["$array"]
    if len(tree) != 1 or type(index) is not int or not 0 <= index < len(arrays) or index in used:
        raise FrameError("a frame's tree names an array that is not there")
    used.add(index)
    return arrays[index]
