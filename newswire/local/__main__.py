"""``python -m newswire.local``: fetch the engines and build the gazetteer now, so that no later start has to."""

import sys

from rich.console import Console

from newswire.local import LocalStackError
from newswire.local.stack import prepare
from newswire.settings import SettingsError
from services.enrich.places import gazetteer

if __name__ == "__main__":
    try:
        prepare(progress=Console(stderr=True))
        gazetteer.ensure()
    except (LocalStackError, SettingsError, gazetteer.GazetteerMissing) as error:
        sys.exit(f"newswire: {error}")
