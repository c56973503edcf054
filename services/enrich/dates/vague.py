"""Times that name no day: "now", "recently", "the coming weeks".

They are TIMEX3's references (``PRESENT_REF``, ``PAST_REF``, ``FUTURE_REF``), as
TimeBank's annotators used them, and have no days: nothing that filters by date ever
meets them.
"""

import re

from services.enrich.dates.calendar import Stretch
from services.enrich.dates.scene import Reading, Scene

PRESENT, PAST, FUTURE = "PRESENT_REF", "PAST_REF", "FUTURE_REF"


def ref(m: re.Match[str], scene: Scene) -> Reading | None:
    """A reference to the present, the past or the future; none inside a name ("Apocalypse Now")."""
    if scene.within_name(m.start(), m.end()):
        return None
    value = PRESENT if m["ref_now"] else PAST if m["ref_past"] else FUTURE
    return "DATE", Stretch(value, None, None)
