"""`NamedTuple` as `typing` has it, without `typing`, whose import takes longer than most checks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from _collections import _tuplegetter as field_at

    #: So many records of a class are made before it gets a constructor of its own, which makes one
    #: in a fifth of the time, and takes as long to write as a hundred.
    _FEW = 50

    class _RecordType(type):
        """Makes fields of the annotations in a class, as `typing.NamedTuple` does."""

        def __new__(cls, name, bases, namespace):
            if not bases:
                return super().__new__(cls, name, (tuple,), {"__slots__": (), **namespace})
            if hasattr(bases[0], "_fields"):
                return super().__new__(cls, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = tuple(namespace.pop(field) for field in fields if field in namespace)
            for index, field in enumerate(fields):
                namespace[field] = field_at(index, "")
            namespace |= {
                "__slots__": (),
                "__match_args__": fields,
                "_fields": fields,
                "_count": len(fields),
                "_defaults": dict(zip(reversed(fields), reversed(defaults), strict=False)),
                "_made": 0,
            }
            return super().__new__(cls, name, bases, namespace)

    class NamedTuple(metaclass=_RecordType):
        """A tuple whose fields have names; subclasses annotate them, defaults last.

        Their modules have to import `annotations` from `__future__`.
        """

        def __new__(cls, *values, **named):  # noqa: D102 - fields by position and by name
            cls._made += 1
            if cls._made == _FEW:
                cls.__new__ = _constructor_of(cls)
            if named or len(values) != cls._count:
                values = _completed(cls, values, named)
            return tuple.__new__(cls, values)

        def __repr__(self):
            fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._fields)
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes):
            values = list(self)
            for name, value in changes.items():
                values[self._fields.index(name)] = value
            return tuple.__new__(type(self), values)

    def _completed(cls, values, named):
        """Put what was given by name in its place, and defaults where nothing was given."""
        rest = cls._fields[len(values) :]
        try:
            completed = [
                named.pop(field) if field in named else cls._defaults[field] for field in rest
            ]
        except KeyError as error:
            message = f"{cls.__name__} lacks {error.args[0]}"
            raise TypeError(message) from None
        if named or len(values) > cls._count:
            message = f"{cls.__name__} has the fields {', '.join(cls._fields)}"
            raise TypeError(message)
        return (*values, *completed)

    def _constructor_of(cls):
        """Write a constructor that Python calls with the fields themselves, as `namedtuple` has."""
        names = ", ".join(cls._fields)
        source = f"lambda cls, {names}: new(cls, ({names},))" if names else "lambda cls: new(cls)"
        constructor = eval(source, {"new": tuple.__new__})  # noqa: S307 - we have just written it
        constructor.__defaults__ = tuple(reversed(cls._defaults.values()))
        return constructor


__all__ = ["NamedTuple"]
