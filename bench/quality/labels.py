"""Which label of the CASE 2021 shared task each of our event tags stands for, and the group of each label."""

import tomllib
from pathlib import Path
from typing import Final

_TABLE: Final[dict[str, dict[str, list[str]]]] = tomllib.loads(
    Path(__file__).with_name("labels.toml").read_text("utf-8")
)

LABELS: Final = {tag: label for labels in _TABLE.values() for label, tags in labels.items() for tag in tags}
GROUPS: Final = {label: group for group, labels in _TABLE.items() for label in labels}
