"""Dead letters after the fact: found, read, sent back, settled.

The dead topic holds every letter whole; Elasticsearch holds where each one lies and
what became of it. ``filed`` is that document, ``register`` the index of them,
``original`` the way to a letter's bytes, ``way_back`` and ``put_back`` the way to the
stage where it failed, ``arrival`` how it is known that it got through.
"""
