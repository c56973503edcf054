"""The three services. None imports from another: they share the ``newswire`` package and the topics."""
