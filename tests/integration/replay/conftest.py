from tests.integration.commands import newswire

__all__ = ["newswire"]
