"""An Elasticsearch that answers by script, each answer one that the real one gives."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig, ObjectApiResponse
from elasticsearch import ApiError

Answer = Callable[[list[str]], Any]


class Scripted:
    """Answers each request by the next rule, the last one for ever; ``sent`` holds the ids of each request."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.sent: list[list[str]] = []

    def bulk(self, *, operations: Sequence[bytes], filter_path: str) -> Any:
        assert "items" in filter_path
        ids = [msgspec.json.decode(lines.split(b"\n")[0])["index"]["_id"] for lines in operations]
        self.sent.append(ids)
        body = (self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])(ids)
        return ObjectApiResponse(body=body, meta=_meta(200))


def _meta(status: int) -> ApiResponseMeta:
    return ApiResponseMeta(status, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "x", 1))


def each(**special: tuple[int, str]) -> Answer:
    """201 for every item but the ones numbered in ``special`` (``n3=(429, "type")``)."""

    def answer(ids: list[str]) -> Any:
        entries = []
        for one in ids:
            status, kind = special.get(f"n{int(one, 16)}", (201, ""))
            entries.append({"index": {"_id": one, "status": status, "error": {"type": kind, "reason": "r"}}})
        return {"items": entries}

    return answer


def refused(status: int, body: Any = None) -> Answer:
    def answer(ids: list[str]) -> Any:
        said = {"error": {"type": "t", "reason": "r"}} if body is None else body
        raise ApiError("refused", _meta(status), said)

    return answer


def disliking(*numbers: int) -> Answer:
    """Something between that refuses every request with one of these in it."""
    return lambda ids: refused(403, "<html>")(ids) if {f"{n:032x}" for n in numbers} & {*ids} else each()(ids)


def failing(error: Exception) -> Answer:
    def answer(ids: list[str]) -> Any:
        raise error

    return answer


def saying(body: Any) -> Answer:
    return lambda ids: body
