"""The tables of ``docs/settings.md``, from the same declarations that the services read; a test keeps them true."""

from newswire.cli.check import SETTINGS
from newswire.settings import declared

HEAD = """# Settings

Environment variables, read once when a service starts. `newswire check --settings` prints them with their values.
Durations have a unit (`250ms`, `5s`, `2m`, `90d`), sizes too (`64KB`, `5MB`). This page is made by
`python -m newswire.cli.settings_table > docs/settings.md`.
"""


def page() -> str:
    """The whole page: a table for each group of settings, under the first line of its docstring."""
    parts = [HEAD]
    for settings_class in SETTINGS:
        title = (settings_class.__doc__ or "").strip().splitlines()[0].rstrip(".")
        parts.append(f"## {title}\n\n{table(settings_class)}")
    return "\n".join(parts)


def table(settings_class: type) -> str:
    """The settings of one group, a row each."""
    rows = [
        f"| `{one.variable}` | {f'`{one.default}`' if one.default else ''} | {one.help} |"
        for one in declared(settings_class)
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
