import io

from rich.console import Console

from newswire.cli.board import Board


def test_a_first_reader_is_told_what_the_figures_are_of() -> None:
    console = Console(file=io.StringIO(), width=100)
    console.print(Board().table([], 0.0))
    header, *legend = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert {"in", "p50", "p99"} <= set(header.split())
    for name in ("in:", "p50, p99:"):
        assert any(line.startswith(name) for line in legend)
