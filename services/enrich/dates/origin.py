"""The day from which an article counts its "today" and "Friday".

A dateline's own date ("KYIV, Feb 7 (AFP) -") is when the report was written; a
publication a day or two later, of an evening's report or by another zone's calendar,
does not move it.
"""

import re
from datetime import date, timedelta
from typing import Final

from services.enrich.dates import calendar
from services.enrich.dates.grammar import MONTHS
from services.enrich.model import Text

# Days that a report may be older than its publication for its dateline to be believed; a day ahead is another zone's.
_OLDEST, _AHEAD = 4, 1
_names: Final = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS).replace(
    "sep(?:tember)?", "sept?(?:ember)?"
)
_dated: Final = re.compile(
    rf"\b(?:(?P<d>\d\d?) )?(?P<m>{_names})\b\.?(?: (?P<d2>\d\d?)(?!\d))?(?:,? (?P<y>20\d\d|19\d\d))?"
)


def day_of_writing(text: Text) -> date | None:
    """The dateline's day where it agrees with the publication, else the publication's; None where neither is known."""
    if text.dateline:
        line = text.dateline
    elif text.head:
        after = text.sentences[0].start if text.sentences else text.head[1]
        line = text.body[text.head[1] : max(after, text.head[1])]
    else:
        return text.written
    m = _dated.search(line.lower())
    number = m and (m["d"] or m["d2"])
    if not m or not number:
        return text.written
    month = next(at for at, name in enumerate(MONTHS, 1) if name.startswith(m["m"][:3]))
    if text.written is None:
        return calendar.make_day(int(m["y"]), month, int(number)) if m["y"] else None
    latest = text.written + timedelta(_AHEAD) if text.written < date.max else text.written
    for year in (latest.year, latest.year - 1):
        day = calendar.make_day(year, month, int(number))
        if day is not None and -_AHEAD <= (text.written - day).days <= _OLDEST:
            return day
    return text.written
