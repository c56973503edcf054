"""``python -m newswire.local``: fetch and unpack the engines now, with progress, so that no later start has to."""

import sys

from rich.console import Console

from newswire.local import LocalStackError
from newswire.local.stack import prepare
from newswire.settings import SettingsError

if __name__ == "__main__":
    try:
        prepare(progress=Console(stderr=True))
    except (LocalStackError, SettingsError) as error:
        sys.exit(f"newswire: {error}")
