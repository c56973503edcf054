"""Turns what libraries raise into the one sentence a person reads."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from aiokafka.errors import KafkaError as AioKafkaError
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError
from kafka.errors import KafkaError

from newswire import elastic, kafka
from newswire.cli import Failure
from newswire.local import LocalStackError
from newswire.settings import ElasticsearchSettings, KafkaSettings, SettingsError, load
from services.enrich.places.gazetteer import GazetteerMissing
from services.index.generations.generation import SchemaError


@contextmanager
def explained() -> Iterator[None]:
    """Whatever fails inside becomes a ``Failure`` with its cause and, where there is one, the next step."""
    try:
        yield
    except SettingsError as error:
        raise Failure(" ".join(error.mistakes)) from error
    except (LocalStackError, GazetteerMissing) as error:
        raise Failure(str(error)) from error
    except SchemaError as error:
        raise Failure(str(error)) from error
    except sqlite3.Error as error:
        raise Failure(
            f"The ledger cannot be used: {error}. `newswire check --settings` shows where NEWSWIRE_DATA is."
        ) from error
    except (KafkaError, AioKafkaError) as error:
        raise Failure(kafka.explain(error, load(KafkaSettings))) from error
    except (TransportError, ApiError) as error:
        if isinstance(error, NotFoundError) and elastic.is_elasticsearch(error):
            raise Failure("The index is not there yet; run `newswire setup`.") from error
        raise Failure(elastic.explain(error, load(ElasticsearchSettings))) from error
    except BrokenPipeError:  # no failure: the reader of our output has gone, and `newswire.cli.main` leaves quietly
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise Failure(f"{where}{error.strerror or error}.") from error
