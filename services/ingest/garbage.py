"""When Python looks for cyclic garbage: between batches, not again and again in the middle of one.

A batch makes tens of thousands of objects that live until its end, which the
collector takes for a reason to look at all of them, several times: an eighth of the
service's time. Hardly any of them is ever part of a cycle.
"""

import gc

# Objects that are there and were not at the last look. A look at them costs some milliseconds.
MANY = 100_000
# The same when the service has time.
FEW = 10_000


class Garbage:
    """Collected where much may have gathered, and when the work is done for the moment; one for a process."""

    def begin(self) -> None:
        """What is there now is there for good; from here on `after` collects, and nobody else."""
        gc.collect()
        gc.freeze()
        gc.disable()

    def after(self, files: int) -> None:
        """A turn ended in which so many files were done."""
        # Counted by Python whether or not it collects by itself.
        if gc.get_count()[0] > (MANY if files else FEW):
            gc.collect()

    def end(self) -> None:
        """As it was before."""
        gc.enable()
        gc.unfreeze()
