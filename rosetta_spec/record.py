"""`NamedTuple` as `typing` has it, without `typing`, whose import takes longer than most checks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from _collections import _tuplegetter as field_at

    class _RecordType(type):
        """Makes fields of the annotations in a class, as `typing.NamedTuple` does."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, (tuple,), {"__slots__": (), **namespace})
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = tuple(namespace.pop(field) for field in fields if field in namespace)
            for index, field in enumerate(fields):
                namespace[field] = field_at(index, "")
            namespace |= {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "__new__": _constructor(fields, defaults),
            }
            return super().__new__(cls, name, bases, namespace)

    def _constructor(fields, defaults):
        """Compile a `__new__` that takes the fields by position and by name."""
        parameters = "".join(f", {field}" for field in fields)
        values = "".join(f"{field}, " for field in fields)
        code = f"lambda _cls{parameters}: _new(_cls, ({values}))"
        new = eval(code, {"_new": tuple.__new__})  # noqa: S307 - names of our own classes' fields
        new.__defaults__ = defaults
        new.__name__ = "__new__"
        return new

    class NamedTuple(metaclass=_RecordType):
        """A tuple whose fields have names; subclasses annotate them, defaults last."""

        def __repr__(self):
            fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes):
            return type(self)(**{**self._asdict(), **changes})


__all__ = ["NamedTuple"]
