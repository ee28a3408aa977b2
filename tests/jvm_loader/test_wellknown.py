"""jvm/loader/wellknown.py: what the VM knows of the class library is there."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from . import library


def table() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "jvm" / "loader" / "wellknown.py"
    spec = importlib.util.spec_from_file_location("wellknown_table", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_every_field_and_method_exists() -> None:
    for row in table().CLASSES:
        found = library.model(row.name)
        fields = {found.signature_of(field)[0] for field in found.fields}
        methods = {found.signature_of(method) for method in found.methods}
        assert set(row.fields.split()) <= fields, row.name
        assert not fields & {name for name, _ in row.injected}, row.name
        assert {(name, descriptor) for _, name, descriptor in row.methods} <= methods, row.name


def test_names_are_unique() -> None:
    known = table()
    names = [f"{owner}_{name}" for owner, name in known.offsets()] + [f"{owner}.{alias}" for owner, alias, _, _ in known.methods()]
    assert len(set(names)) == len(names)
