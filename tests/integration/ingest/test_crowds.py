"""More directories, and more events at once, than the kernel cares to tell about."""

import os
import re
import signal
from pathlib import Path

from tests.corpus import story
from tests.integration.ingest.conftest import Ingest

DIRECTORIES = 20_000

MOST_QUEUED = Path("/proc/sys/fs/inotify/max_queued_events")


def test_a_file_in_the_last_of_20_000_directories_is_found(ingest: Ingest) -> None:
    for number in range(DIRECTORIES):
        (ingest.inbox / ingest.tag / f"{number // 200}/{number}").mkdir(parents=True)
    ingest.start(NEWSWIRE_SETTLE="100ms")
    ingest.until(lambda: ingest.ready().get("ready"))
    ingest.drop(f"{DIRECTORIES // 200 - 1}/{DIRECTORIES - 1}/late.txt", story("the last of many directories"))
    ingest.until(lambda: ingest.put_away("processed") == ["late.txt"])
    assert len(ingest.articles()) == 1


def test_events_that_the_kernel_had_no_room_for_cost_no_file(ingest: Ingest) -> None:
    ingest.start(NEWSWIRE_SETTLE="100ms")
    ingest.until(lambda: ingest.ready().get("ready"))
    assert ingest.process is not None
    ingest.process.send_signal(signal.SIGSTOP)
    try:
        # On a busy machine some of its threads go on for a while after the signal.
        os.waitid(os.P_PID, ingest.process.pid, os.WSTOPPED | os.WNOWAIT)
        path = ingest.drop("restless.txt", story("a file that moves about"))
        # One event each time, none of which is taken: as many as there is room for, and there are others.
        for number in range(int(MOST_QUEUED.read_text())):
            path = path.rename(path.with_name(f"restless-{number % 2}.txt"))
        for number in range(20):
            ingest.drop(f"{number}.txt", story(f"events that are lost, {number}"))
    finally:
        ingest.process.send_signal(signal.SIGCONT)
    ingest.until(lambda: len(ingest.put_away("processed")) == 21 and ingest.empty())
    assert len(ingest.articles()) == 21
    # The overflow is the last of what the queue held; the rescan may have been faster.
    ingest.until(lambda: overflows(ingest) >= 1)


def overflows(ingest: Ingest) -> float:
    found = re.search(r"^newswire_watch_overflows_total ([\d.]+)", ingest.metrics(), re.MULTILINE)
    assert found is not None
    return float(found[1])
