"""`StrEnum` as `enum` has it, without `enum`, whose import takes a quarter of Python's start."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from enum import StrEnum
else:

    class _EnumType(type):
        """Makes members of the constants in a class, as `enum.EnumType` does."""

        def __init__(cls, name, bases, namespace):
            super().__init__(name, bases, namespace)
            cls._members = {}
            for key, text in namespace.items():
                if key.isupper():
                    member = str.__new__(cls, text)
                    member.name, member.value = key, text
                    cls._members[text] = member
                    setattr(cls, key, member)

        def __call__(cls, text):
            """Return the member that has this value."""
            if text not in cls._members:
                message = f"{text!r} is not a valid {cls.__name__}"
                raise ValueError(message)
            return cls._members[text]

        def __iter__(cls):
            return iter(cls._members.values())

        def __len__(cls):
            return len(cls._members)

        def __reversed__(cls):
            return reversed(cls._members.values())

    class StrEnum(str, metaclass=_EnumType):
        """Strings that are one of a few; a subclass has each as a constant of its name."""

        def __repr__(self):
            return f"<{type(self).__name__}.{self.name}: {self.value!r}>"

        def __reduce__(self):
            return type(self), (self.value,)


__all__ = ["StrEnum"]
