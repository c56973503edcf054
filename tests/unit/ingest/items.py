"""Wire items written for the tests, as ninjs: what comes with a status, an instant and an embargo."""

import json
from datetime import UTC, datetime

from newswire.identity import id_of_identifier

BODY = "The council of Aldmoor voted on Monday to rebuild the harbour bridge, which a flood had carried away."


def item(name: str, version: float | None, **fields: object) -> dict[str, object]:
    """The item ``name`` as of ``version`` (Unix time)."""
    made: dict[str, object] = {
        "uri": f"tag:example.org,2026:{name}",
        "type": "text",
        "pubstatus": "usable",
        "headline": f"Bridge {name}",
        "body_text": f"{BODY} Report {name}.",
    }
    if version is not None:
        made["versioncreated"] = datetime.fromtimestamp(version, UTC).isoformat()
    return made | fields


def file(*items: dict[str, object]) -> str:
    """A file of one item, or a list of several."""
    return json.dumps(items[0] if len(items) == 1 else list(items))


def embargo(until: float) -> str:
    """``until`` (Unix time) as ninjs writes it."""
    return datetime.fromtimestamp(until, UTC).isoformat()


def id_of(name: str) -> str:
    """The article id of an item."""
    return id_of_identifier("uri", "", f"tag:example.org,2026:{name}")
