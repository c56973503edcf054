"""A broker in memory: the double of ``broker.KafkaPublisher`` for tests."""

from collections.abc import Sequence

from newswire import article, dead_letter
from newswire.article import Article
from newswire.dead_letter import DeadLetter
from newswire.topics import DEAD, RAW
from services.ingest.publish import Message, Sending, oversize


class MemoryPublisher:
    """Acknowledges every message at once and remembers it; refuses those with more than ``topic_limit`` bytes."""

    def __init__(self, topic_limit: int | None = None) -> None:
        self.messages: list[Message] = []
        self.topic_limit = topic_limit

    def send(self, messages: Sequence[Message], most: int | None = None) -> Sending:
        """See ``publish.Publisher``."""
        sending = Sending(messages, most)
        for number in sending.unsent:
            sending.answers[number] = oversize(messages[number], self.topic_limit)
            if sending.answers[number] is None:
                self.messages.append(messages[number])
        return sending

    def settle(self, sending: Sending) -> list[str | None]:
        """See ``publish.Publisher``."""
        return sending.answers

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
