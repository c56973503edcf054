"""What the three service commands share: logs, signals, and a sentence when they cannot go on."""

import signal
import threading
from collections.abc import Callable

from newswire.cli import Failure
from newswire.cli.failures import explained
from newswire.logging import configure, get_logger
from newswire.reasons import Stage
from newswire.settings import ServiceSettings, load


def serve(stage: Stage, run: Callable[[threading.Event], None]) -> None:
    """Run a service in the foreground until SIGTERM or SIGINT; it finishes what is in flight before it leaves."""
    stop = threading.Event()

    def on_signal(number: int, _frame: object) -> None:
        get_logger().info("stopping", signal=signal.Signals(number).name)
        stop.set()

    with explained():
        service = load(ServiceSettings)
        configure(service.log_level, service.log_format, stage=stage.value)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        try:
            run(stop)
        except RuntimeError as error:
            raise Failure(str(error)) from error
