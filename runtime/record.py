"""Plain records, declared as dataclasses are; `dataclasses` imports `inspect`, which imports a dozen modules more: six to
nine milliseconds of a start, which takes some forty.

Interface: the fields are the annotated names of the class, in order, its bases' first; a default that is a list or a
dict is copied for each record.  Nobody changes a record that another may hold: `changed` makes a new one.
"""

from __future__ import annotations

TYPE_CHECKING = False                        # as typing's, which takes milliseconds as well
if TYPE_CHECKING:
    from typing import Any, TypeVar, dataclass_transform

    Made = TypeVar("Made")
else:
    def dataclass_transform():
        return lambda it: it


@dataclass_transform()
def record(cls: type[Made]) -> type[Made]:
    """Gives a class `__init__`, `__eq__` and `__repr__` by its fields."""
    names = tuple(name for base in reversed(cls.__mro__) for name in vars(base).get("__annotations__", ()))
    defaults = {name: getattr(cls, name) for name in names if hasattr(cls, name)}

    def __init__(self: Any, *values: Any, **named: Any) -> None:
        if len(values) > len(names):
            raise TypeError(f"{cls.__name__} has {len(names)} fields, not {len(values)}")
        given = dict(zip(names, values))
        if twice := given.keys() & named.keys():
            raise TypeError(f"{cls.__name__}: {min(twice)} is given twice")
        given.update(named)
        for name in names:
            if name in given:
                value = given.pop(name)
            elif name in defaults:
                value = defaults[name]
                if isinstance(value, (list, dict)):
                    value = value.copy()
            else:
                raise TypeError(f"{cls.__name__}: {name} is missing")
            self.__dict__[name] = value
        if given:
            raise TypeError(f"{cls.__name__} has no field {min(given)}")

    def __eq__(self: Any, other: object) -> Any:
        return fields(self) == fields(other) if type(other) is type(self) else NotImplemented

    def __repr__(self: Any) -> str:
        return f"{cls.__name__}({', '.join(f'{name}={value!r}' for name, value in fields(self).items())})"

    def fields(one: Any) -> dict[str, Any]:
        return {name: one.__dict__[name] for name in names}

    for method in (__init__, __eq__, __repr__):
        setattr(cls, method.__name__, method)
    setattr(cls, "__match_args__", names)
    cls.__hash__ = None  # type: ignore[assignment]
    return cls


def changed(one: Made, **named: Any) -> Made:
    """A record like `one` but for the named fields."""
    return type(one)(**{name: getattr(one, name) for name in one.__match_args__} | named)  # type: ignore[attr-defined]
