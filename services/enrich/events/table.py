"""The table of all tags in ``docs/enrichment.md``, from the data file; a test keeps it true.

``python -m services.enrich.events.table`` prints it.
"""

from services.enrich.events.taxonomy import TAXONOMY

_HEAD = """| tag | what it means | ACLED | PLOVER | CAMEO |
|---|---|---|---|---|
"""


def table() -> str:
    """Markdown: a row for each tag in the order of the data file, a dash where a crosswalk has nothing."""
    rows = []
    for tag in TAXONOMY.values():
        crosswalk = " | ".join(name or "–" for name in (tag.acled, tag.plover, tag.cameo))
        rows.append(f"| `{tag.id}` | **{tag.label}.** {tag.definition} | {crosswalk} |\n")
    return _HEAD + "".join(rows)


if __name__ == "__main__":
    print(table(), end="")
