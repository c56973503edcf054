import pytest

from newswire.reasons import Stage
from newswire.settings import load
from newswire.stages import Away, StageSettings, hosts, stages
from services.ingest.answers import TOTALS, Totals


def addresses(raw: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for stage in Stage:
        monkeypatch.delenv(f"NEWSWIRE_{stage.upper()}_PORT", raising=False)
    return [one.url for one in stages(load(StageSettings, {"NEWSWIRE_SERVICES": raw}))]


def test_one_host_has_all_three_services_and_each_its_port(monkeypatch: pytest.MonkeyPatch) -> None:
    local = ["http://127.0.0.1:9101", "http://127.0.0.1:9102", "http://127.0.0.1:9103"]
    assert addresses("", monkeypatch) == local
    assert addresses("news.example", monkeypatch)[2] == "http://news.example:9103"


def test_each_service_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = addresses("ingest, enrich:80, [::1]:9999", monkeypatch)
    assert found == ["http://ingest:9101", "http://enrich:80", "http://[::1]:9999"]


@pytest.mark.parametrize("raw", ["a,b", "a,b,c,d", "a:80", "http://a", "a/b", "a,,c", "a b"])
def test_what_is_no_host_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="neither one host nor three"):
        hosts(raw)


def test_a_service_that_does_not_answer_is_named_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSWIRE_INGEST_PORT", "1")
    ingest = stages(StageSettings())[0]
    with pytest.raises(Away, match=r"ingest service does not answer at http://127.0.0.1:1 .*NEWSWIRE_SERVICES"):
        ingest.ask(TOTALS, Totals)
    assert ingest.readiness() == (False, False, {})
    assert ingest.figures() is None
