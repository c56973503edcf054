"""Makes ``docs/demo.svg``, the README's picture: the real output of ``newswire demo``, as a terminal would show it.

Run as ``python docs/make_picture.py`` after a change of what the demo prints.
"""

import re
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from newswire.cli.demo import run

HERE = Path(__file__).parent
WIDTH = 112  # characters


def main() -> None:
    """Run the demo and draw what it prints."""
    console = Console(record=True, width=WIDTH, highlight=False, force_terminal=True)
    with tempfile.TemporaryDirectory(prefix="newswire-picture-") as place:
        run(console, HERE.parent / "samples", Path(place))
    svg = console.export_svg(title="make demo", theme=MONOKAI)
    # The library's style names a font on a web server; a terminal font of the reader's own will do.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    (HERE / "demo.svg").write_text("\n".join(line.rstrip() for line in svg.splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
