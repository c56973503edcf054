"""Import ``newswire.ndjson`` into a Kibana, over what was imported before: ``python import.py http://kibana:5601``.

Exits 0 when Kibana has taken every object and 1, with its reasons, when it has
not. Standard library only: it runs in the services' image and anywhere else.
"""

import json
import sys
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

NDJSON = Path(__file__).resolve().parent / "newswire.ndjson"

# A Kibana that has just become available still answers 503 for a while.
PATIENCE = 120.0  # seconds
PAUSE = 3.0  # seconds


def request(kibana: str, content: bytes) -> Request:
    """The import as Kibana wants it: a form with one file whose name ends in .ndjson."""
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="newswire.ndjson"\r\n'
    body = head.encode() + b"Content-Type: application/ndjson\r\n\r\n" + content + f"\r\n--{boundary}--\r\n".encode()
    return Request(  # noqa: S310 - the address is the one on the command line
        f"{kibana.rstrip('/')}/api/saved_objects/_import?overwrite=true",
        data=body,
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}", "kbn-xsrf": "newswire"},
    )


def send(kibana: str, content: bytes, *, patience: float = PATIENCE, pause: float = PAUSE) -> dict[str, Any]:
    """Kibana's answer; tries again while Kibana is away or says 503. Raises HTTPError or URLError."""
    deadline = time.monotonic() + patience
    while True:
        try:
            with urlopen(request(kibana, content), timeout=60) as answer:  # noqa: S310
                parsed: dict[str, Any] = json.load(answer)
                return parsed
        except (URLError, TimeoutError) as error:
            passing = not isinstance(error, HTTPError) or error.code == 503
            if not passing or time.monotonic() >= deadline:
                raise
            if isinstance(error, HTTPError):
                error.close()
        time.sleep(pause)


def refusals(answer: dict[str, Any]) -> list[str]:
    """One sentence for each object that Kibana did not take: it answers 200 all the same."""
    sentences = [
        f"{error.get('type')} {error.get('id')}: {json.dumps(error.get('error'))}" for error in answer.get("errors", [])
    ]
    return sentences if sentences or answer.get("success") else [f"refused: {json.dumps(answer)}"]


def main(arguments: list[str]) -> int:
    """Import and say how it went; returns the exit status."""
    if len(arguments) != 1:
        sys.stderr.write("usage: import.py http://KIBANA:5601\n")
        return 2
    try:
        answer = send(arguments[0], NDJSON.read_bytes())
    except HTTPError as error:
        with error:
            cause = error.read(2000).decode("utf-8", "replace")
        sys.stderr.write(f"Kibana at {arguments[0]} answered {error.code}: {cause}\n")
        return 1
    except (URLError, TimeoutError) as error:
        sys.stderr.write(f"Kibana at {arguments[0]} cannot be reached: {error}\n")
        return 1
    refused = refusals(answer)
    for sentence in refused:
        sys.stderr.write(f"{sentence}\n")
    sys.stdout.write(f"Kibana has taken {answer.get('successCount', 0)} objects.\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
