"""Names in a text: who, which organisation, which group, which nationality; places with the gazetteer's help."""

from services.enrich.entities.find import Finder

__all__ = ["Finder"]
