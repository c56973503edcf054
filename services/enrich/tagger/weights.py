"""The trained weights: one file, compressed, its large tables in eight bits a number.

A table row is its whole numbers times the row's scale. ``save`` is what training calls.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

LAYOUT: Final = 2
Table = Literal["words", "hashes", "written", "low"]
_TABLES: Final[tuple[Table, ...]] = get_args(Table)
_MATRICES: Final = (
    "rule",
    "begins",
    "form",
    "listed",
    "first",
    "first_bias",
    "second",
    "second_bias",
    "out",
    "out_bias",
)


class Weights:
    """What training found; ``size`` is the length of a word's row.

    ``first`` is places × size × hidden, ``second`` places × hidden × hidden.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Take the arrays of a file; raises ValueError where it is of another layout."""
        about = json.loads(bytes(arrays["about"]).decode())
        if about["layout"] != LAYOUT:
            raise ValueError(f"The tagger's weights have layout {about['layout']}, not {LAYOUT}.")
        self.about: dict[str, Any] = about
        self._arrays = {name: arrays[name] for name in arrays if name != "about"}
        floats = {name: np.ascontiguousarray(arrays[name], np.float32) for name in _MATRICES}
        self.rule, self.begins, self.form = floats["rule"], floats["begins"], floats["form"]
        self.listed = floats["listed"]
        self.first, self.first_bias = floats["first"], floats["first_bias"]
        self.second, self.second_bias = floats["second"], floats["second_bias"]
        self.out, self.out_bias = floats["out"], floats["out_bias"]
        self._scales = {name: arrays[name + "_scale"].astype(np.float32) for name in _TABLES}
        self.keys: NDArray[np.uint32] = np.cumsum(arrays["key_steps"], dtype=np.uint32)
        self.rows: NDArray[np.uint16] = arrays["rows"]
        self.size = self.first.shape[1]

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """The number of each word of the vocabulary, from 1."""
        words = bytes(self._arrays["vocabulary"]).decode().split(" ")
        return {word: number for number, word in enumerate(words, 1)}

    def rows_of(self, table: Table, numbers: list[int]) -> Floats:
        """A row of ``size`` for each number.

        Of the vocabulary (0 is every other word), of a bucket of hashes, or of the word
        vectors, for words as they are written or in lower case.
        """
        rows: Floats = self._arrays[table][numbers] * self._scales[table][numbers]
        return rows


def load() -> Weights:
    """The weights that come with this package."""
    with as_file(files("services.enrich.tagger") / "weights.npz") as path, np.load(path) as arrays:
        return Weights({name: arrays[name] for name in arrays.files})


def save(
    path: Path,
    *,
    about: Mapping[str, object],
    vocabulary: Sequence[str],
    keys: NDArray[np.uint32],
    rows: NDArray[np.uint16],
    floats: Mapping[str, Floats],
) -> None:
    """Write a file that ``load`` reads; ``floats`` has every table and matrix named above, in full."""
    arrays: dict[str, NDArray[Any]] = {
        "about": np.frombuffer(json.dumps({"layout": LAYOUT, **about}, sort_keys=True).encode(), np.uint8),
        "vocabulary": np.frombuffer(" ".join(vocabulary).encode(), np.uint8),
        "key_steps": np.diff(keys, prepend=np.uint32(0)),
        "rows": rows,
    }
    for name in _TABLES:
        scale = np.maximum(np.abs(floats[name]).max(axis=1, keepdims=True) / 127, 1e-6).astype(np.float16)
        arrays[name] = np.round(floats[name] / scale.astype(np.float32)).clip(-127, 127).astype(np.int8)
        arrays[name + "_scale"] = scale
    for matrix in _MATRICES:
        arrays[matrix] = floats[matrix].astype(np.float16)
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # numpy's signature leaves no room for names
