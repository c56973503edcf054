"""How sure an article makes us of an event: what its sentences say together, and what is enough."""

from typing import Final

# An event below this score is not sure enough to be in a document, in one with a headline below the second.
THRESHOLD: Final = 0.5
TITLED: Final = 0.7
# How sure a sentence makes us that only goes on about an event.
FOLLOWING: Final = 0.4
# What is left of a headline's weight where it stands without a sentence.
HEADLINED: Final = 0.9
# How sure a number of victims makes us of what is likeliest to have befallen them.
GUESSED: Final = 0.6
# How much each sentence counts, the surest first: they are seldom independent.
DAMPING: Final = (1.0, 0.3, 0.2, 0.1)
# The same for the triggers of one tag in a sentence.
AGAIN: Final = (1.0, 0.4, 0.2)
# What is left of the score of what is told far down in a text.
DEEP: Final = 0.92


def together(weights: list[float], damping: tuple[float, ...] = DAMPING) -> float:
    """How sure several sentences make us of one event, given how sure each does; triggers of one: with `AGAIN`."""
    doubt = 1.0
    for weight, share in zip(sorted(weights, reverse=True), damping, strict=False):
        doubt *= 1 - weight * share
    return 1 - doubt


def depth(at: int) -> float:
    """What is left of the score of an event that sentence ``at`` is the first to tell."""
    return max(DEEP, 0.97**at)
