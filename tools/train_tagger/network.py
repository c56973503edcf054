"""The network in training: the same sums as ``services.enrich.tagger.network``, with gradients (JAX).

Parameters are a dictionary of arrays. ``style`` rows are what the guidelines of the
corpora differ by; a document's is now and then exchanged for the common one, row 0,
which is the one that goes into the weights.
"""

from typing import Final

import jax
import jax.numpy as jnp

from services.enrich.tagger.features import BUCKETS, LABELS, LISTED, RULE_LABELS
from services.enrich.tagger.network import REACH
from services.enrich.tagger.words import Form

SIZE: Final = 64
HIDDEN: Final = 128
SECOND: Final = 96
STYLES: Final = 6
_WINDOW: Final = 2 * REACH + 1

Parameters = dict[str, jax.Array]


class Batch(dict[str, jax.Array]):
    """Arrays by name.

    ``word``, ``written``, ``low``, ``listed``, ``rule``, ``begins``, ``form``, ``style``, ``label`` and
    ``weight`` have a number for each word; ``hashed`` has seven.
    """


def start(key: jax.Array, vocabulary: int, dimensions: int) -> Parameters:
    """Parameters to begin with, at random; ``dimensions`` are those of the word vectors."""
    keys = iter(jax.random.split(key, 16))

    def drawn(shape: tuple[int, ...], scale: float) -> jax.Array:
        return jax.random.normal(next(keys), shape) * scale

    return {
        "words": drawn((vocabulary + 1, SIZE), 0.1),
        "hashes": drawn((BUCKETS, SIZE), 0.1),
        "written": drawn((dimensions, SIZE), 0.3 / dimensions**0.5),
        "low": drawn((dimensions, SIZE), 0.3 / dimensions**0.5),
        "rule": drawn((len(RULE_LABELS), SIZE), 0.1),
        "begins": drawn((2, SIZE), 0.1),
        "listed": drawn((LISTED, SIZE), 0.1),
        "form": drawn((len(Form), SIZE), 0.1),
        "style": drawn((STYLES, SIZE), 0.1),
        "style_second": drawn((STYLES, SECOND), 0.1),
        "first": drawn((_WINDOW * SIZE, HIDDEN), (2 / (_WINDOW * SIZE)) ** 0.5),
        "first_bias": jnp.zeros(HIDDEN),
        "second": drawn((3 * HIDDEN, SECOND), (2 / (3 * HIDDEN)) ** 0.5),
        "second_bias": jnp.zeros(SECOND),
        "out": drawn((SECOND, len(LABELS)), 0.1),
        "out_bias": jnp.zeros(len(LABELS)),
    }


def scores(parameters: Parameters, vectors: jax.Array, batch: Batch, dropout: "Dropout | None" = None) -> jax.Array:
    """Scores for each label of each word; ``dropout`` in training only."""
    word, style = batch["word"], batch["style"]
    if dropout:
        word, style = dropout.words(word), dropout.styles(style)
    embedded = (
        parameters["words"][word]
        + parameters["hashes"][batch["hashed"]].sum(1)
        + vectors[batch["written"]] @ parameters["written"]
        + vectors[batch["low"]] @ parameters["low"]
        + parameters["rule"][dropout.rules(batch["rule"]) if dropout else batch["rule"]]
        + parameters["begins"][batch["begins"]]
        + parameters["listed"][batch["listed"]]
        + parameters["form"][batch["form"]]
        + parameters["style"][style]
    )
    embedded = dropout.some(embedded, 0.7) if dropout else embedded
    hidden = jax.nn.relu(_beside(embedded, REACH) @ parameters["first"] + parameters["first_bias"])
    hidden = dropout.some(hidden) if dropout else hidden
    second = _beside(hidden, 1) @ parameters["second"] + parameters["second_bias"]
    second = jax.nn.relu(second + parameters["style_second"][style])
    second = dropout.some(second) if dropout else second
    return second @ parameters["out"] + parameters["out_bias"]


def _beside(rows: jax.Array, reach: int) -> jax.Array:
    """Each row with those beside it."""
    padded = jnp.pad(rows, ((reach, reach), (0, 0)))
    return jnp.concatenate([padded[place : place + len(rows)] for place in range(2 * reach + 1)], axis=1)


class Dropout:
    """What is left out at random, a step at a time.

    A word of the vocabulary the sooner the rarer it is, so that the network learns to
    do without; the rules' label now and then; ``rate`` of the numbers within.
    """

    def __init__(self, key: jax.Array, rate: float, forgotten: jax.Array) -> None:
        """``forgotten`` is the chance of each word of the vocabulary."""
        self._key = key
        self._rate = rate
        self._forgotten = forgotten

    def words(self, word: jax.Array) -> jax.Array:
        """Some are as if they were not in the vocabulary."""
        return jnp.where(jax.random.uniform(self._next(), word.shape) < self._forgotten[word], 0, word)

    def rules(self, rule: jax.Array) -> jax.Array:
        """Some say nothing."""
        return jnp.where(jax.random.uniform(self._next(), rule.shape) < 0.05, 0, rule)

    def styles(self, style: jax.Array) -> jax.Array:
        """Half of them become the common one, in blocks of 64 words."""
        blocks = jax.random.bernoulli(self._next(), 0.5, (len(style) // 64 + 1,))
        return jnp.where(jnp.repeat(blocks, 64)[: len(style)], 0, style)

    def some(self, rows: jax.Array, share: float = 1.0) -> jax.Array:
        """Numbers set to nothing, the others made larger for it."""
        keep = 1.0 - self._rate * share
        return rows * (jax.random.bernoulli(self._next(), keep, rows.shape) / keep)

    def _next(self) -> jax.Array:
        self._key, used = jax.random.split(self._key)
        return used
