"""Word vectors to start from: those of spaCy's medium English model, made smaller.

Its 20,000 vectors for 685,000 words (made from web text, Wikipedia, subtitles and news;
CC0) are read from the model's own files, without the model. They are given in as few
dimensions as keep most of what tells them apart (principal components).
"""

import json
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string


class WordVectors(NamedTuple):
    """``rows`` gives each word a row of ``table``; row 0 is for words without a vector."""

    rows: dict[str, int]
    table: NDArray[np.float32]


def read(vocab: Path, dimensions: int) -> WordVectors:
    """From the directory ``vocab`` of a spaCy model; raises OSError where it is none."""
    full = np.load(vocab / "vectors").astype(np.float32)
    full /= np.linalg.norm(full, axis=1, keepdims=True) + 1e-9
    full -= full.mean(axis=0)
    _, _, axes = np.linalg.svd(full, full_matrices=False)
    small = full @ axes[:dimensions].T
    table = np.concatenate([np.zeros((1, dimensions), np.float32), small / small.std()])
    by_key = msgspec.msgpack.decode((vocab / "key2row").read_bytes(), type=dict[int, int], strict=False)
    words = json.loads((vocab / "strings.json").read_text(encoding="utf-8"))
    keys = {word: hash_string(word) for word in words if word.isalpha() or "'" in word}
    rows = {word: by_key[key] + 1 for word, key in keys.items() if key in by_key}
    return WordVectors({word: row for word, row in rows.items() if _needed(word, row, rows)}, table)


def _needed(word: str, row: int, rows: dict[str, int]) -> bool:
    """Whether a word's row is not found without it, in lower case, or with a capital for a word in capitals."""
    if word.islower():
        return True
    if word.isupper() and len(word) > 5:
        return False  # headlines of web pages; what is an acronym is shorter
    return rows.get(word.lower()) != row
