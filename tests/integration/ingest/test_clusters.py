"""Near-duplicates through the service, over a restart."""

from tests.integration.ingest.conftest import Ingest


def story(ingest: Ingest, headline: str, *more: str, agency: str = "NTB") -> str:
    paragraphs = (
        f"OSLO, Feb 14 ({agency}) - The council of {ingest.tag} approved a tunnel under the fjord by 31 votes to 24 "
        "after a debate that lasted until two in the morning, and asked the state to pay for half of it.",
        "Fishermen had gathered outside the town hall with torches; the mayor came out twice to speak with them.",
        *more,
        "Work is to begin in the spring of next year and to take six years, if the seabed is what the drills promise.",
    )
    return f"date 2026-02-14 {headline}\n\n" + "\n\n".join(paragraphs)


def test_an_edit_has_the_cluster_of_what_was_sent_before_also_after_a_restart(ingest: Ingest) -> None:
    ingest.start()
    ingest.drop("1.txt", story(ingest, "Tunnel approved"))
    ingest.until(lambda: ingest.put_away("processed") and ingest.empty())
    ((first, _),) = ingest.articles()
    assert first.cluster == first.id[:16]
    ingest.end()
    ingest.start()
    ingest.drop("2.txt", story(ingest, "Tunnel under the fjord: yes", "The vote was to be on Monday."))
    ingest.drop("3.txt", story(ingest, "Tunnel approved", agency="TT"))
    ingest.until(lambda: len(ingest.put_away("processed")) == 3 and ingest.empty())
    found = {article.source.path[-5:]: article for article, _ in ingest.articles()}
    assert found["2.txt"].id != first.id
    assert found["2.txt"].cluster == first.cluster
    assert found["3.txt"].cluster == found["3.txt"].id[:16]
