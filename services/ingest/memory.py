"""A broker in memory: the double of ``broker.KafkaPublisher`` for tests."""

from collections.abc import Sequence

from newswire import article, dead_letter
from newswire.article import Article
from newswire.dead_letter import DeadLetter
from newswire.topics import DEAD, RAW
from services.ingest.publish import Message, oversize


class MemoryPublisher:
    """Acknowledges every message at once and remembers it; refuses those with more than ``topic_limit`` bytes."""

    def __init__(self, topic_limit: int | None = None) -> None:
        self.messages: list[Message] = []
        self.topic_limit = topic_limit

    def publish(self, messages: Sequence[Message], most: int | None = None) -> list[str | None]:
        """See ``publish.Publisher``."""
        answers = [oversize(message, most) or oversize(message, self.topic_limit) for message in messages]
        self.messages += [message for message, answer in zip(messages, answers, strict=True) if answer is None]
        return answers

    def close(self) -> None:
        """Nothing is held."""

    @property
    def articles(self) -> list[Article]:
        """The articles it has, in order."""
        return [article.decode(message.value) for message in self.messages if message.topic == RAW.name]

    @property
    def letters(self) -> list[DeadLetter]:
        """The dead letters it has, in order."""
        return [dead_letter.decode(message.value) for message in self.messages if message.topic == DEAD.name]
