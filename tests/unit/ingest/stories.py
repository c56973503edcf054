"""Articles written for the tests."""

FERRY = """ date 2026-02-14 Ferry returns after three weeks in dock

The ferry Solveig leaves the dry dock. (Photo: NTB)

BERGEN - The ferry that links the island of Fedje with the mainland sailed again on Saturday, after three weeks.

“We have missed her,” the mayor said. “Nobody here counts in kilometres; we count in departures.”

‘Like a bridge’

The operator replaced both gearboxes and promised a spare vessel for the summer, when twice as many people cross.

Costs were not given.
"""


def story(number: int) -> str:
    """A text file with an article of its own."""
    return (
        f"date 2026-02-14 Council meeting number {number}\n\n"
        f"OSLO - The council met for the {number}th time and approved the minutes.\n\n"
        "Nothing else was decided, and the meeting closed early."
    )
