"""NOTICE names what the image holds of others."""

import re
from pathlib import Path


def test_every_package_of_the_image_is_named_with_its_licence(root: Path) -> None:
    lock = (root / "requirements/services.lock").read_text(encoding="utf-8")
    notice = (root / "NOTICE").read_text(encoding="utf-8").partition("holds the following packages")[2]
    lists = re.findall(r"^[A-Z][^:]+: (.+?)\.$", notice, re.MULTILINE | re.DOTALL)
    named = [re.sub(r" \(.*\)", "", name) for several in lists for name in " ".join(several.split()).split(", ")]
    locked = set(re.findall(r"^([a-z0-9_.-]+)==", lock, re.MULTILINE))  # some in one version for each Python
    assert sorted(named) == sorted(locked)
