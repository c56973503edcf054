"""Search hits in the terminal: title, where and when, what happened, and the words that matched."""

import re

from rich.console import Console
from rich.text import Text

from newswire.logging import printable
from newswire.search.answer import Answer, FacetValue, Hit, Snippet
from newswire.wording import counted

BAR = 24  # characters of the longest bar of a facet
MATCH = "bold yellow"


def show(console: Console, answer: Answer) -> None:
    """Print a page of hits, and what there is to know about it."""
    total = answer.total
    many = counted(total.articles, "article")
    console.print(Text(many if total.exact else f"more than {many}", style="bold"))
    if not answer.complete:
        console.print(Text("Not everything was searched: a part of the index did not answer in time.", style="yellow"))
    for sentence in (*answer.notes, *answer.advice):
        console.print(Text(printable(sentence), style="dim"))
    for hit in answer.hits:
        console.print()
        for line in lines(hit):
            console.print(line)
    if answer.related:
        console.print(Text("\nWith some of the words:", style="bold"))
        for hit in answer.related:
            console.print()
            console.print(lines(hit)[0])
            console.print(lines(hit)[1])
    for name, values in (answer.facets or {}).items():
        if values:
            console.print()
            console.print(Text(name, style="bold"))
            for line in bars(values):
                console.print(line)
            if name in answer.facets_cut:
                console.print(Text("  … and more", style="dim"))
    if answer.next:
        # On one line however long, so that it can be copied.
        console.print(Text(f"\n… more: the same command with --after {answer.next}", style="dim"), soft_wrap=True)


def lines(hit: Hit) -> list[Text]:
    """The lines of one hit."""
    title = hit.title or (hit.snippets[0] if hit.snippets else Snippet("(without a title)"))
    shown = [_marked(title, "bold cyan")]
    facts = [(hit.published_at or "")[:10], hit.agency or "", ", ".join(hit.places[:4]), ", ".join(hit.people[:3])]
    if hit.folded:
        facts.append(f"and {counted(hit.folded, 'more version')}")
    shown.append(Text(" · ".join(fact for fact in map(printable, facts) if fact), style="dim"))
    if hit.tags:
        shown.append(Text(printable("  ".join(hit.tags)), style="magenta"))
    for snippet in hit.snippets if hit.title else hit.snippets[1:]:
        shown.append(Text("  … ") + _marked(snippet) + Text(" …"))
    return shown


def bars(values: list[FacetValue]) -> list[Text]:
    """A facet as bars, the longest `BAR` long; what the question asks for is marked."""
    most = max(value.count for value in values)
    digits = len(f"{most:,}")
    shown = []
    for value in values:
        bar = "█" * max(1, round(BAR * value.count / most))
        line = Text(f"  {value.count:>{digits},} ")
        line.append(f"{bar:<{BAR}} ", style="cyan")
        told = f"{value.name} ({value.value})" if value.name else value.value
        line.append(printable(told), style=MATCH if value.chosen else "")
        shown.append(line)
    return shown


def _marked(snippet: Snippet, style: str = "") -> Text:
    """The text with its matches in colour, on one line."""
    shown, at = Text(style=style), 0
    for start, end in snippet.marks:
        shown.append(_plain(snippet.text[at:start]))
        shown.append(_plain(snippet.text[start:end]), style=MATCH)
        at = end
    return shown.append(_plain(snippet.text[at:]))


def _plain(text: str) -> str:
    return printable(re.sub(r"\s+", " ", text))
