"""Turns what libraries raise into the one sentence a person reads.

No client is imported for it: a library that raised something is there already, and a
command that does not use one should not wait for it, nor a service carry it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from newswire.cli import Failure
from newswire.settings import ElasticsearchSettings, KafkaSettings, SettingsError, load
from newswire.told import Told


@contextmanager
def explained() -> Iterator[None]:
    """Whatever fails inside becomes a ``Failure`` with its cause and, where there is one, the next step."""
    try:
        yield
    except BrokenPipeError:  # no failure: the reader of our output has gone, and `newswire.cli.main` leaves quietly
        raise
    except Exception as error:
        if (sentence := _sentence(error)) is None:
            raise
        raise Failure(sentence) from error


def _sentence(error: Exception) -> str | None:
    """What a person is told of ``error``; None where it is a mistake of ours."""
    match error:
        case SettingsError():
            return " ".join(error.mistakes)
        case Told():
            return str(error)
        case sqlite3.Error():
            return f"The ledger cannot be used: {error}. `newswire check --settings` shows where NEWSWIRE_DATA is."
    return _of_client(error) or (_of_system(error) if isinstance(error, OSError) else None)


def _of_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}."


def _of_client(error: Exception) -> str | None:
    libraries = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    if libraries & {"kafka", "aiokafka"}:
        return _of_kafka(error)
    return _of_elasticsearch(error) if libraries & {"elasticsearch", "elastic_transport"} else None


def _of_kafka(error: Exception) -> str:
    from newswire import kafka  # noqa: PLC0415

    return kafka.explain(error, load(KafkaSettings))


def _of_elasticsearch(error: Exception) -> str:
    from elasticsearch import NotFoundError  # noqa: PLC0415

    from newswire import elastic  # noqa: PLC0415

    if isinstance(error, NotFoundError) and elastic.is_elasticsearch(error):
        return "The index is not there yet; run `newswire setup`."
    return elastic.explain(error, load(ElasticsearchSettings))
