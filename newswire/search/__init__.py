"""Searching the index: from what a person asks to what Elasticsearch is asked, and from its answer to ours.

Read in this order: `question` (what was asked), `lexer` and `language` (the words
of it), `clauses`, `relevance` and `filters` (what Elasticsearch is told), `pages`
(asking, folding, paging), `answer` (the shape that programs rely on). Only `pages`,
`facets` and `empty` speak to a server; everything else is pure.
"""

from newswire.search.answer import Answer, Hit
from newswire.search.pages import CursorExpired, pages, search
from newswire.search.question import Area, Circle, Question, QuestionError
from newswire.search.vocabulary import Vocabulary

__all__ = [
    "Answer",
    "Area",
    "Circle",
    "CursorExpired",
    "Hit",
    "Question",
    "QuestionError",
    "Vocabulary",
    "pages",
    "search",
]
