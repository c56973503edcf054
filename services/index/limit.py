"""How many bulk requests may be under way at once: as many as Elasticsearch takes, found by trying.

Additive increase, multiplicative decrease, as TCP finds the width of a line
(V. Jacobson, Congestion Avoidance and Control, 1988): each round of requests that
went well allows one more, each round in which one was pushed back half as many.
"""


class Limit:
    """Between 1 and ``most``; starts at ``most``, because Elasticsearch says at once when that is too much.

    Not thread-safe: the loop that sends owns it. It knows no time: a round is the
    requests that were sent since the limit last fell, told apart by ``round``.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._allowed = float(most)
        self.round = 0
        self.pushed_back = False

    @property
    def allowed(self) -> int:
        """How many requests may be under way now."""
        return int(self._allowed)

    def accepted(self) -> bool:
        """A request went well; as many as are allowed of them make room for one more. True for the first in a while."""
        recovered, self.pushed_back = self.pushed_back, False
        self._allowed = min(float(self._most), self._allowed + 1 / self.allowed)
        return recovered

    def refused(self, sent_in: int) -> None:
        """A request was pushed back that was sent when ``round`` was ``sent_in``.

        One burst refuses all that are under way; only the first of them counts.
        """
        self.pushed_back = True
        if sent_in == self.round:
            self._allowed = max(1.0, self._allowed / 2)
            self.round += 1
