"""Training: batches, steps, and the running mean of the parameters that is kept in the end."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from services.enrich.tagger.features import HASHED, Vectors, listed, normal, parts
from tools.train_tagger.examples import Example
from tools.train_tagger.network import Batch, Dropout, Parameters, scores, start

BATCH: Final = 2048  # words of a step
CHUNK: Final = 160  # words at least that stay together; examples are cut at line breaks
RATE: Final = 2e-3
DROPOUT: Final = 0.3
MEAN: Final = 0.998  # of the running mean a step
# How much the words of a source count; what is not named counts in full.
WEIGHTS: Final[Mapping[str, float]] = {"gmb": 0.2, "btc": 0.3}
# The guideline of a source by the beginning of its name; 0 is the common one.
STYLES: Final[Mapping[str, int]] = {"gmb": 1, "uner": 2, "gum": 3, "wikigold": 4, "btc": 5}


class Coding(NamedTuple):
    """How words become numbers."""

    vocabulary: Mapping[str, int]
    vectors: Vectors


def vocabulary(examples: Sequence[Example]) -> Counter[str]:
    """Words that come twice at least, and how often."""
    counts = Counter(normal(word) for example in examples for word in example.texts)
    return Counter({word: count for word, count in counts.items() if count > 1 and word != " "})


def coded(example: Example, coding: Coding, seen: dict[str, tuple[int, int, int, int]]) -> dict[str, NDArray[np.int32]]:
    """The example's words as the arrays of a batch; ``seen`` remembers words."""
    rows = []
    for word in example.texts:
        row = seen.get(word)
        if row is None:
            row = seen[word] = (
                coding.vocabulary.get(normal(word), 0),
                *coding.vectors.rows(word),
                listed(word),
            )
        rows.append(row)
    table = np.array(rows, np.int32).reshape(-1, 4)
    about = np.array([parts(int(number)) for number in example.contexts], np.int32).reshape(-1, 3)
    style = next((number for name, number in STYLES.items() if example.source.startswith(name)), 0)
    return {
        "word": table[:, 0],
        "written": table[:, 1],
        "low": table[:, 2],
        "listed": table[:, 3],
        "hashed": example.hashed.reshape(-1, HASHED),
        "rule": about[:, 0],
        "begins": about[:, 1],
        "form": about[:, 2],
        "style": np.full(len(rows), style, np.int32),
        "label": example.labels,
        "weight": np.full(len(rows), _weight(example.source), np.float32),  # type: ignore[dict-item]
    }


def _weight(source: str) -> float:
    return next((weight for name, weight in WEIGHTS.items() if source.startswith(name)), 1.0)


def chunks(example: Example, arrays: Mapping[str, NDArray[np.int32]]) -> Iterator[dict[str, NDArray[np.int32]]]:
    """The example cut at line breaks into pieces of ``CHUNK`` words and more, each ending with one."""
    begin = 0
    for end in [number + 1 for number, word in enumerate(example.texts) if word == "\n"]:
        if end - begin >= CHUNK or end == len(example.texts):
            yield {name: array[begin : min(end, begin + BATCH)] for name, array in arrays.items()}
            begin = end


def batches(pieces: Sequence[Mapping[str, NDArray[np.int32]]], chance: np.random.Generator) -> Iterator[Batch]:
    """All pieces once, in another order each time, put together to ``BATCH`` words."""
    taken: list[Mapping[str, NDArray[np.int32]]] = []
    count = 0
    for number in chance.permutation(len(pieces)):
        size = len(pieces[number]["word"])
        if count + size > BATCH:
            yield _filled(taken)
            taken, count = [], 0
        taken.append(pieces[number])
        count += size
    if taken:
        yield _filled(taken)


def _filled(pieces: Sequence[Mapping[str, NDArray[np.int32]]]) -> Batch:
    batch = Batch()
    for name in pieces[0]:
        whole = np.concatenate([piece[name] for piece in pieces])
        room = [(0, BATCH - len(whole)), *[(0, 0)] * (whole.ndim - 1)]
        batch[name] = jnp.asarray(np.pad(whole, room))
    return batch


def train(
    examples: Sequence[Example],
    coding: Coding,
    counts: Mapping[str, int],
    table: NDArray[np.float32],
    *,
    epochs: int,
    seed: int,
    say: Callable[[int, float, Parameters], None],
) -> Parameters:
    """The parameters after ``epochs``; ``say`` is told of each with its mean loss."""
    seen: dict[str, tuple[int, int, int, int]] = {}
    pieces = [piece for example in examples for piece in chunks(example, coded(example, coding, seen))]
    steps = epochs * (sum(len(piece["word"]) for piece in pieces) // BATCH + 1)
    often = np.zeros(len(coding.vocabulary) + 1)
    for word, number in coding.vocabulary.items():
        often[number] = counts[word]
    forgotten = jnp.asarray(0.05 + 0.9 / (1.5 + often), jnp.float32)
    vectors = jnp.asarray(table)
    rates = optax.warmup_cosine_decay_schedule(0.0, RATE, 200, max(steps, 201), RATE / 50)
    optimizer = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(rates, b2=0.99, weight_decay=1e-4))

    def loss(parameters: Parameters, batch: Batch, key: jax.Array) -> jax.Array:
        logs = jax.nn.log_softmax(scores(parameters, vectors, batch, Dropout(key, DROPOUT, forgotten)))
        right = jnp.take_along_axis(logs, batch["label"][:, None], axis=1)[:, 0]
        return -(right * batch["weight"]).sum() / batch["weight"].sum()

    @jax.jit
    def step(parameters, mean, state, batch, key):  # type: ignore[no-untyped-def]
        lost, gradient = jax.value_and_grad(loss)(parameters, batch, key)
        change, state = optimizer.update(gradient, state, parameters)
        parameters = optax.apply_updates(parameters, change)
        mean = jax.tree.map(lambda old, new: MEAN * old + (1 - MEAN) * new, mean, parameters)
        return parameters, mean, state, lost

    key = jax.random.PRNGKey(seed)
    chance = np.random.default_rng(seed)
    parameters = start(key, len(coding.vocabulary), table.shape[1])
    mean, state = parameters, optimizer.init(parameters)
    for epoch in range(1, epochs + 1):
        losses = []
        for batch in batches(pieces, chance):
            key, used = jax.random.split(key)
            parameters, mean, state, lost = step(parameters, mean, state, dict(batch), used)
            losses.append(lost)
        say(epoch, float(jnp.stack(losses).mean()), mean)
    return mean
