"""Whether a text has nothing in it that wants cleaning, told at the speed of memory."""

_PLAIN = bytes((ord("\n"), *range(ord(" "), ord("~") + 1)))


def is_plain(text: str) -> bool:
    """Whether every character is a line feed or printable; of white space, only the space is."""
    # What is left is little: the characters beyond ASCII, and the controls.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    return not rest or rest.decode("utf-8", "surrogatepass").isprintable()
