"""Structured logs on standard error: one event a line, values escaped, so that no file name can forge a line."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict, FilteringBoundLogger, Processor

# Libraries that say more than a newsroom wants to read; their warnings stay.
QUIET = ("aiokafka", "elastic_transport", "elasticsearch", "faust", "kafka", "mode")
# A client whose server is away says so twenty times a second; once in a while is enough to know.
SAID_AGAIN = 30.0  # seconds


def configure(level: str, form: str, **bound: Any) -> None:
    """Set up this process's logging, once; ``form`` is ``logfmt`` or ``json``, ``bound`` stands in every line."""
    numeric = logging.getLevelNamesMapping()[level.upper()]

    def bind(_logger: Any, _name: str, event: EventDict) -> EventDict:
        return {**bound, **event}

    shared: list[Processor] = [
        bind,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    render: Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "stage", "event"], bool_as_flag=False)
    )
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(numeric),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _one_line, render],
        )
    )
    handler.addFilter(Repetitions(time.monotonic))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(numeric)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(numeric, logging.WARNING))


class Repetitions(logging.Filter):
    """Drops what a library of ``QUIET`` said within the last ``SAID_AGAIN`` seconds; ``clock`` is monotonic.

    The same is the same place in its code, whatever address or number it fills in.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._said: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is to be logged."""
        if record.name.partition(".")[0] not in QUIET:
            return True
        now, place = self._clock(), (record.pathname, record.lineno)
        if now - self._said.get(place, -SAID_AGAIN) < SAID_AGAIN:
            return False
        self._said[place] = now
        return True


def get_logger() -> FilteringBoundLogger:
    """A logger; ``log.info("published", path=…)``: the event is a few words, the facts are values."""
    logger: FilteringBoundLogger = structlog.get_logger()
    return logger


def printable(text: str) -> str:
    """``text`` with control characters, line separators and lone surrogates written as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


def _one_line(_logger: Any, _name: str, event: EventDict) -> EventDict:
    return {
        key: printable(value.replace("\n", " | ") if key in ("exception", "stack") else value)
        if isinstance(value, str)
        else value
        for key, value in event.items()
    }
