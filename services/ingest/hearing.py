"""What the two readers are asked, and what they have said that nobody has taken yet."""

import time
from collections import deque

from services.ingest.reader import Reader, Word
from services.ingest.reading import Request

# How long the quick reader is waited for in vain.
SILENCE = 0.5  # seconds

# A batch costs the disk and the broker the same whatever it holds: it waits this long for more of what is being read.
LINGER = 0.05  # seconds

# Files that wait for the slow reader, some 7 MB. It takes 10 ms at least for each: with half of them it has work for
# longer than from one rescan to the next.
CROWD = 10_000


class Hearing:
    """Both readers at once; used by one thread. A batch has ``files`` at most.

    ``is_crowded`` says whether the slow reader has a crowd of files to read, until it has
    read half of them; any thread may look at it.
    """

    def __init__(self, quick: Reader, slow: Reader, files: int) -> None:
        self._quick = quick
        self._slow = slow
        self._files = files
        self.is_crowded = False
        self._wanted: list[Request] = []  # of the quick reader, told all at once
        self._words: deque[Word] = deque()
        self._portions: deque[Word] = deque()

    @property
    def room(self) -> int:
        """How many files more it is sensible to ask for: two batches are read ahead."""
        return max(0, 2 * self._files - self._quick.pending)

    @property
    def is_more_at_once(self) -> bool:
        """Whether the next batch is there, or the quick reader has it to read."""
        # A slow reader that has spoken wakes the loop once: a portion that is not taken then would wait for nobody.
        is_there = self._words or self._portions or self._slow.is_ready
        return bool(is_there or self._wanted or self._quick.pending)

    @property
    def is_batch_ready(self) -> bool:
        """Whether nobody has to be waited for to have a full batch."""
        if self._quick.pending and len(self._words) < self._files:
            self._words.extend(self._quick.take(0))
        return len(self._words) >= self._files

    def ask(self, request: Request) -> None:
        """Want a file of the reader that the request is for; the quick one is told by `send`."""
        if request.quick:
            self._wanted.append(request)
        else:
            self._slow.submit([request])
            self.is_crowded |= self._slow.pending >= CROWD

    def send(self) -> None:
        """Tell the quick reader of all that is wanted."""
        if self._wanted:
            wanted, self._wanted = self._wanted, []
            self._quick.submit(wanted)

    def listen(self) -> None:
        """Wait for the quick reader, if it has work: until that is done, there is a batch, or it takes too long."""
        if self._quick.pending and not self._words:
            self._words.extend(self._quick.take(SILENCE))
        deadline = time.monotonic() + LINGER
        while self._quick.pending and len(self._words) < self._files:
            if (left := deadline - time.monotonic()) <= 0:
                return
            self._words.extend(self._quick.take(left))

    def word(self) -> Word | None:
        """The next word of the quick reader."""
        return self._words.popleft() if self._words else None

    def portion(self) -> Word | None:
        """The next word of the slow reader."""
        if not self._portions and self._slow.pending:
            self._portions.extend(self._slow.take(0))
            self.is_crowded &= self._slow.pending > CROWD // 2
        return self._portions.popleft() if self._portions else None
