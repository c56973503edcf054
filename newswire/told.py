"""Errors that are meant for a person."""


class Told(Exception):
    """What went wrong and, where there is one, the next step, in a sentence or two: the text of the error."""
