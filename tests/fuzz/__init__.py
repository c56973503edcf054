"""The fuzzer of the readers: ``make fuzz``, or ``python -m tests.fuzz --help``."""
