"""JSON for programs, in ASCII: it ends up in terminals, too, and what it holds may be anybody's."""

import json
from typing import Any

import click
import msgspec


def echo(found: Any) -> None:
    """Print one value over several lines; structs of msgspec become objects."""
    click.echo(json.dumps(msgspec.to_builtins(found), indent=2))


def line(found: Any) -> bytes:
    """One value as a line of NDJSON."""
    return json.dumps(msgspec.to_builtins(found)).encode("ascii") + b"\n"
