"""Carrying out what was planned for one family: create, extend, or move to a new generation."""

from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from newswire.wording import counted
from services.index.generations.build import Build, Superseded, begin, meta, take_over, wait_for_silence
from services.index.generations.difference import fields, some
from services.index.generations.family import Family, Wanted
from services.index.generations.generation import Generation, Generations, SchemaError, look
from services.index.generations.migrate import alias_of, migrate
from services.index.generations.plan import Create, Extend, Keep, Move, notes, plan
from services.index.generations.report import Report


class Declaration:
    """Brings ``family`` to ``wanted``; ``run`` may be repeated, interrupted, and run by several at once."""

    def __init__(self, client: Elasticsearch, family: Family, wanted: Wanted, report: Report) -> None:
        self._client = client
        self._family = family
        self._wanted = wanted
        self._report = report
        self._rebuild = False

    def run(self, *, rebuild: bool) -> list[str]:
        """Returns a line for each thing done; blocks as long as a migration takes.

        Plans again whenever somebody else was faster, until there is nothing left to do.
        """
        self._rebuild = rebuild
        while True:
            there = look(self._client, self._family)
            step = plan(self._family, there, self._wanted, rebuild=self._rebuild)
            match step:
                case Create(name):
                    lines = self._create(name)
                case Keep(current, settings):
                    lines = [*self._keep(current, settings), *notes(step, there, self._wanted)]
                case Extend(current, settings, added):
                    lines = [*self._extend(current, settings, added), *notes(step, there, self._wanted)]
                case Move():
                    lines = self._move(step, there)
            if lines:
                return lines

    def _create(self, name: str) -> list[str]:
        action = alias_of(self._family, name)["add"]
        alias = {key: value for key, value in action.items() if key not in ("index", "alias")}
        try:
            self._client.indices.create(
                index=name,
                settings=self._wanted.settings,
                mappings=self._wanted.mappings | {"_meta": meta(self._wanted)},
                aliases={self._family.alias: alias},
            )
        except BadRequestError as error:
            if error.error == "resource_already_exists_exception":
                return []
            raise
        return [f"index {name} created", self._alias_line(name)]

    def _keep(self, current: Generation, settings: dict[str, Any]) -> list[str]:
        self._settle(current, settings)
        if current.fingerprint != self._wanted.fingerprint or "build" in current.meta:
            self._client.indices.put_mapping(index=current.name, meta=meta(self._wanted, current))
        return [f"index {current.name} is there, mapping up to date", self._alias_line(current.name)]

    def _extend(self, current: Generation, settings: dict[str, Any], added: list[str]) -> list[str]:
        self._settle(current, settings)
        properties = self._wanted.mappings["properties"]
        try:
            self._client.indices.put_mapping(
                index=current.name, properties=properties, meta=meta(self._wanted, current)
            )
        except BadRequestError as error:
            raise SchemaError(
                f"Elasticsearch does not add the new fields to {current.name} ({str(error.body)[:300]}); "
                "`newswire setup --rebuild` makes a new generation instead."
            ) from error
        return [
            f"index {current.name}: {fields(len(added))} added ({some(added)}); documents from before "
            "lack them until `newswire setup --rebuild`",
            self._alias_line(current.name),
        ]

    def _settle(self, current: Generation, settings: dict[str, Any]) -> None:
        if self._family.alias not in current.aliases and not current.takes_writes:
            # Kept from before a migration, and in use again because what came after it is gone: the block was ours.
            settings = settings | {"index.blocks.write": None}
            self._report.say(
                f"{self._family.alias} had no index any more; {current.name}, the newest left, takes its place. "
                "What came since is brought back by `newswire replay --stage index`"
            )
        if settings:
            self._client.indices.put_settings(index=current.name, settings=settings)
        alias = current.aliases.get(self._family.alias, {})
        if not alias.get("is_write_index") or alias.get("filter") != self._family.alias_filter:
            self._client.indices.update_aliases(actions=[alias_of(self._family, current.name)])

    def _move(self, step: Move, there: Generations) -> list[str]:
        self._report.say(f"filling a new generation from {step.current.name}, because {some(step.because)}")
        build = self._build(step, there.build)
        if build is None:
            return []
        try:
            moved = migrate(self._client, self._family, self._wanted, build, self._report)
        except Superseded:
            self._report.say(f"another setup has taken {build.name} over")
            return []
        return [
            f"index {moved.name} filled from {moved.source}: {counted(moved.documents, 'document')} in "
            f"{moved.seconds:.1f} s, writers waited {moved.paused:.1f} s",
            self._alias_line(moved.name),
            f"{moved.source} is kept as it was and takes no writes; `newswire setup --drop-old` removes it",
        ]

    def _build(self, step: Move, found: Generation | None) -> Build | None:
        """A build that is ours; None when another look is needed."""
        if found is None:
            return begin(self._client, self._family, self._wanted, step.current, step.number)
        if not wait_for_silence(self._client, self._family, found, self._report.say):
            self._rebuild = False  # somebody else has just done that
            return None
        build = take_over(self._client, self._family, self._wanted, step.current, found)
        if build is not None and build.positions:
            self._report.say(f"going on with {build.name} where another setup stopped")
        return build

    def _alias_line(self, index: str) -> str:
        return f"alias {self._family.alias} → {index}"
