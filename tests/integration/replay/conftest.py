from tests.integration.commands import index, newswire, producer

__all__ = ["index", "newswire", "producer"]
