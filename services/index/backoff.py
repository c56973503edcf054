"""How long to wait before the same request is sent again."""

from collections.abc import Callable

# The first pause is about as long as a bulk takes; the cap keeps a recovered server waiting for at most this. It can be
# short, because by then the server is asked by one request at a time (`services.index.limit`).
BASE = 0.1  # seconds
CAP = 5.0  # seconds


def pause(attempt: int, uniform: Callable[[float, float], float]) -> float:
    """Seconds to wait before attempt ``attempt`` + 1 (from 1): full jitter below a capped exponential.

    ``uniform`` is random.uniform or a stand-in. Full jitter spreads the clients
    of a recovering server best (M. Brooker, Exponential Backoff and Jitter, 2015).
    """
    return uniform(0, min(CAP, BASE * 2.0 ** min(attempt - 1, 32)))
