"""Templates, generations and aliases in Elasticsearch, declared as often as anybody likes."""

from collections.abc import Sequence

from elasticsearch import Elasticsearch

from newswire.settings import ElasticsearchSettings
from newswire.wording import counted
from services.index.generations.build import abandon
from services.index.generations.declaration import Declaration
from services.index.generations.difference import difference, fields, some
from services.index.generations.family import FAMILIES, Family, template, wanted
from services.index.generations.generation import Generation, Generations, SchemaError, look, name_of
from services.index.generations.plan import Create, Extend, Keep, Move, Step, notes, plan
from services.index.generations.report import SILENT, Report


def declare(
    client: Elasticsearch,
    settings: ElasticsearchSettings,
    *,
    rebuild: bool = False,
    report: Report = SILENT,
    families: Sequence[Family] = FAMILIES,
) -> list[str]:
    """Create or update everything; returns a line for each thing done. Safe to repeat, and to run twice at once.

    A mapping that cannot be had in place, and ``rebuild``, fill a new generation
    while articles flow (``migrate``); blocks until that is done. Raises SchemaError
    when it cannot be, with the generation in use as it was.
    """
    done: list[str] = []
    for family in families:
        body = template(family, settings)
        # The template's own `_meta` is called `meta` in the client.
        arguments = {{"_meta": "meta"}.get(name, name): value for name, value in body.items()}
        client.indices.put_index_template(name=family.alias, **arguments)
        done += Declaration(client, family, wanted(family, settings), report).run(rebuild=rebuild)
    return done


def preview(
    client: Elasticsearch,
    settings: ElasticsearchSettings,
    *,
    rebuild: bool = False,
    families: Sequence[Family] = FAMILIES,
) -> list[str]:
    """What ``declare`` would do, in the same kind of lines; changes nothing."""
    lines: list[str] = []
    for family in families:
        there = look(client, family)
        aim = wanted(family, settings)
        step = plan(family, there, aim, rebuild=rebuild)
        lines += [f"{family.noun}: {line}" for line in (_would(client, family, step, there), *notes(step, there, aim))]
    return lines


def missing(client: Elasticsearch) -> list[str]:
    """Why nothing may be written yet, a clause each; empty when all is there.

    An index that would refuse what this version writes is as bad as none: articles
    would become dead letters. One that only finds them otherwise may be written to.
    """
    clauses: list[str] = []
    for family in FAMILIES:
        try:
            current = look(client, family).current
        except SchemaError as error:
            clauses.append(str(error))
            continue
        aim = wanted(family, ElasticsearchSettings())  # no setting is part of the mapping
        if current is None or family.alias not in current.aliases:
            clauses.append(f"the alias {family.alias} is missing")
        elif not current.takes_writes:
            clauses.append(f"{current.name} takes no writes (index.blocks.write)")
        elif current.fingerprint != aim.fingerprint and (
            refused := difference(current.mappings, current.settings, aim).refused
        ):
            clauses.append(f"{current.name} is of another version ({some(refused)})")
    return clauses


def old_generations(client: Elasticsearch, families: Sequence[Family] = FAMILIES) -> dict[str, int]:
    """The indices that are not in use, with their documents: what former generations and stopped set-ups left."""
    every = [look(client, family) for family in families]
    unused = [one for there in every for one in [*there.old, *([there.build] if there.build else [])]]
    return {one.name: _count(client, one) for one in unused}


def drop(client: Elasticsearch, index: str, *, report: Report = SILENT, families: Sequence[Family] = FAMILIES) -> None:
    """Delete one of the ``old_generations``; raises SchemaError when another setup is at work on it."""
    for family in families:
        there = look(client, family)
        if there.build and there.build.name == index:
            if not abandon(client, family, there.build, there.current, report.say):
                raise SchemaError(f"{index} was not deleted: another setup has been at work on it meanwhile.")
        elif index in [one.name for one in there.old]:
            client.indices.delete(index=index)


def _would(client: Elasticsearch, family: Family, step: Step, there: Generations) -> str:
    match step:
        case Create(name):
            return f"would create {name}"
        case Keep(current, settings):
            changes = f"would set {', '.join(sorted(settings))}" if settings else "nothing to do"
            if family.alias not in current.aliases:
                changes = f"would put it behind the alias {family.alias}, which is missing"
            return f"{current.name} has the mapping of this version and {_documents(client, current)}; {changes}"
        case Extend(current, _, added):
            return (
                f"would add {fields(len(added))} to {current.name} in place ({some(added)}), missing from its "
                f"{_documents(client, current)} until `newswire setup --rebuild`"
            )
        case Move(current, number, because):
            begun = ", which another setup has begun" if there.build else ""
            return (
                f"would copy {_documents(client, current)} from {current.name} into a new generation, "
                f"{name_of(family, number)}{begun}, "
                f"and move the alias there: {some(because)}"
            )


def _documents(client: Elasticsearch, index: Generation) -> str:
    return counted(_count(client, index), "document")


def _count(client: Elasticsearch, index: Generation) -> int:
    # An old one may have been closed; then nobody knows.
    return int(client.count(index=index.name, ignore_unavailable=True)["count"])
