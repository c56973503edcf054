"""Asking before something is deleted for good."""

import sys

import click


def given(question: str, *, yes: bool) -> bool:
    """Whether to go on: ``yes``, or whatever the person at the terminal answers; wrong usage where there is none."""
    if yes:
        return True
    if not sys.stdin.isatty():
        raise click.UsageError(
            "This deletes for good, and there is no terminal to ask at; --yes says that it is meant."
        )
    return click.confirm(question, err=True)
