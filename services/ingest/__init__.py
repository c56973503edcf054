"""Ingest: what lands in a watched directory is published once, or refused with a reason.

The way of a file: ``watch`` and ``rescan`` see it, ``arrivals`` holds it once,
``settle`` waits until it is whole, ``read`` takes its bytes, ``readers`` turns
them into records, ``identify`` names them, ``process`` takes them through the
numbered steps (ledger, broker, ledger, put away, ledger). ``readings`` has the files
in hand, from one end to the other; ``intake`` is the loop around all that and ``main``
wires it to the real world.
"""
