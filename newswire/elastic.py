"""The Elasticsearch client, without the retries and time-outs that hide what happened."""

import threading
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from newswire import reach
from newswire.health import Health
from newswire.settings import ElasticsearchSettings, redact

INDEX_ALIAS = "newswire"
DEAD_ALIAS = "newswire-dead"
# What a service needs, as /readyz names it.
NODE = "node"
# One bulk request may wait for a merge or a garbage collection; past a minute something is wrong.
REQUEST_TIMEOUT = 60.0  # seconds
# What OpenSSL calls the two usual mistakes, and what to do about each.
_TLS = {
    "WRONG_VERSION_NUMBER": "it answers without TLS; begin NEWSWIRE_ELASTICSEARCH with http://",
    "CERTIFICATE_VERIFY_FAILED": (
        "its certificate is not trusted; NEWSWIRE_ELASTICSEARCH_CA_FILE names the authority that signed it"
    ),
}


def client(settings: ElasticsearchSettings, *, request_timeout: float = REQUEST_TIMEOUT, **extra: Any) -> Elasticsearch:
    """A client that sends each request once: whoever calls decides what is tried again."""
    arguments: dict[str, Any] = {"request_timeout": request_timeout, "max_retries": 0, "retry_on_timeout": False}
    if settings.ca_file:
        arguments["ca_certs"] = settings.ca_file
    if settings.api_key:
        arguments["api_key"] = settings.api_key
    elif settings.user:
        arguments["basic_auth"] = (settings.user, settings.password)
    return Elasticsearch(settings.url, **arguments | extra)


def watch(settings: ElasticsearchSettings, health: Health, stop: threading.Event) -> None:
    """Keep the need ``node`` of ``health`` true to life until ``stop``."""
    parts = urlsplit(settings.url)
    reach.watch(NODE, "Elasticsearch", [(parts.hostname or "", parts.port or 9200)], health, stop)


def explain(error: Exception, settings: ElasticsearchSettings) -> str:
    """One sentence with the next step."""
    address = redact(settings.url)
    if isinstance(error, ApiError):
        if not is_elasticsearch(error):
            return (
                f"What answers at {address} is not Elasticsearch ({error.status_code}), but another server, or a proxy "
                "before it. Is NEWSWIRE_ELASTICSEARCH the right address?"
            )
        return f"Elasticsearch at {address} refused the request ({error.status_code} {reason(error)})."
    if isinstance(error, TransportError):
        cause = str(error.__cause__)
        for sign, sentence in _TLS.items():
            if sign in cause:
                return f"Elasticsearch at {address} cannot be spoken to: {sentence}."
        return (
            f"Elasticsearch at {address} does not answer ({type(error).__name__}). "
            "Is it running, here perhaps by `newswire up`, and is NEWSWIRE_ELASTICSEARCH its address?"
        )
    return f"Elasticsearch at {address}: {error}"


def is_elasticsearch(error: ApiError) -> bool:
    """Whether a refusal is Elasticsearch's own: since 7.14 it names itself in every answer."""
    return error.meta.headers.get("x-elastic-product") == "Elasticsearch"


def reason(error: ApiError) -> str:
    """Why Elasticsearch refused a request, in its own words: the type of its error and the innermost reason given."""
    cause = error.body.get("error") if isinstance(error.body, dict) else None
    if not isinstance(cause, dict):
        return str(error.error)[:200]
    first, *_ = cause.get("root_cause") or [cause]
    return f"{cause.get('type', error.error)}: {first.get('reason', '')}"[:300]
