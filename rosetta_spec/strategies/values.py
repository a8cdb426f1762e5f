"""Valid values for a place of the request, as its schema describes them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from rosetta_spec.kinds.shape.unreadable_time import is_time

if TYPE_CHECKING:
    from rosetta_spec.document.plain import Json
    from rosetta_spec.request.schema import Schema

#: Most positions and counts are small; some do not fit a float.
_COUNTS = st.integers(0, 1000) | st.integers(2**53, 2**70)

_NAMES = st.sampled_from(["street-scenes", "pool 7", "ana.kowalska", "任务池", "naïve", "🚗 lane"])


def scalars(schema: Schema) -> st.SearchStrategy[Json]:
    """Valid values of a schema that is neither an object's nor an array's."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return _COUNTS.map(lambda count: count + schema["minimum"])
    if schema["type"] == "number":
        return st.just(1) | st.integers(1, 1000).map(lambda count: Decimal(count) / 1000)
    return times() if is_time(schema) else names()


def names() -> st.SearchStrategy[str]:
    """Names without blanks around them, short enough for any identifier."""
    any_text = st.text(min_size=1, max_size=20).map(str.strip).filter(bool)
    return _NAMES | any_text


def times() -> st.SearchStrategy[str]:
    """Times in the documented form."""
    earliest = datetime(1, 1, 2)  # noqa: DTZ001 - the API's times have no zone
    moments = st.datetimes(min_value=earliest)
    return moments.map(lambda moment: moment.isoformat(" ", "seconds"))


def other_forms(time: str) -> st.SearchStrategy[str]:
    """Write a time of the documented form in another readable form, without a UTC offset."""
    moment = datetime.fromisoformat(time)
    forms = [moment.isoformat("T", "seconds"), f"{time}.5", f"{time}.000000"]
    if not moment.second:
        forms.append(moment.isoformat(" ", "minutes"))
    if time.endswith("00:00:00"):
        forms.append(time[:10])
    return st.sampled_from(forms)
