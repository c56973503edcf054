"""The scripts of deploy/kibana, which lie outside the packages."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

DIRECTORY = Path(__file__).resolve().parents[2] / "deploy/kibana"


@cache
def load(name: str) -> ModuleType:
    """One of them by its name. They import one another as neighbours, as they do when they are run."""
    if str(DIRECTORY) not in sys.path:
        sys.path.append(str(DIRECTORY))
    spec = importlib.util.spec_from_file_location(f"deploy_kibana_{name}", DIRECTORY / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
