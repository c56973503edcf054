"""Lets ``python -m newswire`` be the ``newswire`` command; the local stack starts the services this way."""

from newswire.cli import main

if __name__ == "__main__":
    main()
