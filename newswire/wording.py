"""How numbers are told to a person."""


def counted(number: int, noun: str, several: str | None = None) -> str:
    """``1 letter``, ``2 letters``, ``1,234 letters``; ``several`` is the plural where it takes more than an s."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
