"""Search hits in the terminal: title, where and when, what happened, and the words that matched."""

from typing import Any

from rich.console import Console
from rich.text import Text

from newswire.logging import printable
from newswire.query import MARK


def show(console: Console, answer: dict[str, Any]) -> None:
    """Print the hits of a search answer, best first."""
    total = answer["hits"]["total"]["value"]
    hits = answer["hits"]["hits"]
    console.print(Text(f"{total} article{'' if total == 1 else 's'}", style="bold"))
    for hit in hits:
        console.print()
        for line in lines(hit):
            console.print(line)
    if total > len(hits):
        console.print(f"\n… and {total - len(hits)} more; --size shows them.", style="dim")


def lines(hit: dict[str, Any]) -> list[Text]:
    """The lines of one hit."""
    source = hit["_source"]
    marked = hit.get("highlight", {})
    title = marked.get("title", [source.get("title") or source["body"][:80]])[0]
    shown = [_marked(title, "bold cyan")]
    facts = [
        (source.get("published_at") or "")[:10],
        source.get("agency") or "",
        ", ".join(source.get("place_names", [])[:4]),
        ", ".join(source.get("people", [])[:3]),
    ]
    shown.append(Text(" · ".join(fact for fact in map(printable, facts) if fact), style="dim"))
    if source.get("event_tags"):
        shown.append(Text("  ".join(source["event_tags"]), style="magenta"))
    fragments = marked.get("body") or marked.get("caption") or []
    shown += [_marked(f"  … {fragment} …") for fragment in fragments]
    return shown


def _marked(text: str, style: str = "") -> Text:
    """What Elasticsearch marked, in colour."""
    shown = Text(style=style)
    for index, part in enumerate(text.replace("\n", " ").split(MARK[0])):
        inside, _, after = part.partition(MARK[1]) if index else ("", "", part)
        shown.append(printable(inside), style="bold yellow")
        shown.append(printable(after))
    return shown
