"""Reads a service's ``/metrics`` back: for the live view, the demo and the benchmark."""

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping

from prometheus_client.parser import text_string_to_metric_families

PATIENCE = 2.0  # seconds

Sample = tuple[str, tuple[tuple[str, str], ...]]


class Figures:
    """One scrape of one service; what it does not have reads 0."""

    def __init__(self, samples: Mapping[Sample, float]) -> None:
        self._samples = samples

    def total(self, name: str, **labels: str) -> float:
        """The sum of all series of ``newswire_<name>`` that carry ``labels``."""
        wanted = set(labels.items())
        return sum(v for (n, pairs), v in self._samples.items() if n == f"newswire_{name}" and wanted <= set(pairs))

    def by(self, name: str, label: str) -> dict[str, float]:
        """The series of ``newswire_<name>`` that are not 0, by the value of ``label``."""
        found = ((dict(pairs)[label], v) for (n, pairs), v in self._samples.items() if n == f"newswire_{name}" and v)
        return dict(sorted(found))

    def quantile(self, name: str, share: float) -> float | None:
        """An estimate of a quantile of a histogram, seconds: linear within its bucket, as Prometheus does it."""
        buckets = sorted(
            (float(dict(pairs)["le"]), v) for (n, pairs), v in self._samples.items() if n == f"newswire_{name}_bucket"
        )
        return _quantile(buckets, share)


def _quantile(buckets: Iterable[tuple[float, float]], share: float) -> float | None:
    buckets = list(buckets)
    if not buckets or buckets[-1][1] == 0:
        return None
    rank = share * buckets[-1][1]
    below, lower = 0.0, 0.0
    for upper, count in buckets:
        if count >= rank:
            if upper == float("inf"):
                return lower
            return lower + (upper - lower) * (rank - below) / max(count - below, 1e-9)
        below, lower = count, upper
    return None


def scrape(port: int, host: str = "127.0.0.1") -> Figures | None:
    """The figures of the service at ``port``; None when it does not answer."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=PATIENCE) as answer:
            text = answer.read().decode()
    except (OSError, urllib.error.URLError):
        return None
    return Figures(
        {
            (sample.name, tuple(sorted(sample.labels.items()))): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }
    )
