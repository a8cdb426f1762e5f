"""The documents that are measured: realistic sampling requests, the same in every run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple, TypeAlias

Request: TypeAlias = dict[str, Any]
Notation: TypeAlias = Literal["json", "yaml", "jsonl"]

#: The seed of everything random, so that two runs measure the same bytes.
SEED = 57015

#: In a sample with invalid documents, one in this many is broken.
BROKEN_EVERY = 10

#: Strings that need no quotes in YAML 1.1 and 1.2.
_PLAIN = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[a-z][a-z0-9._-]*", re.IGNORECASE)

_SCENES = ("street", "harbour", "tunnel", "crossing", "car-park", "motorway", "airport", "yard")
_LIGHTS = ("day", "night", "dawn", "rain", "fog", "snow", "straßen", "夜间")
_PEOPLE = ("ana.kowalska", "j.okafor", "wei.zhang", "m.dubois", "priya.n", "l.müller", "sato.k")


class Sample(NamedTuple):
    """A file, or a folder of files, that a command is timed on."""

    path: Path
    notation: Notation
    is_valid: bool

    @property
    def files(self) -> list[str]:
        """The files, as the arguments of a command."""
        return sorted(map(str, self.path.iterdir())) if self.path.is_dir() else [str(self.path)]


def write_file(sample: Sample, change: Callable[[Request], None] = lambda _: None) -> None:
    """Write a single request, a valid one unless `change` breaks it."""
    request: Request = {
        "annotationRequestId": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e",
        "poolName": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool",
        "sampleType": 2,
        "samplingRatio": 0.2,
        "subCondition": {
            "conditionJoinType": "and",
            "haveIssue": True,
            "startTime": "2025-03-01 00:00:00",
            "endTime": "2025-03-31 23:59:59",
        },
        "interceptionMode": 5,
        "interceptionFrame": 10,
        "interceptionBoundary": [{"start": 0, "end": 99}, {"start": 200, "end": 299}],
    }
    change(request)
    is_yaml = sample.notation == "yaml"
    text = block_yaml(request) if is_yaml else json.dumps(request, indent=2) + "\n"
    sample.path.write_text(text, encoding="utf-8")


def write_growing(sample: Sample, kind: str, count: int) -> None:
    """Write a JSON document with `count` findings of a kind, a key of `GROWING`."""
    head = '"annotationRequestId": "a3f8", "poolName": "street-day"'
    sample.path.write_text(f"{{{head}, {GROWING[kind](count)}}}\n", encoding="utf-8")


def _boundaries(count: int) -> str:
    pairs = ", ".join(f'{{"start": {at}, "end": {at + 2}}}' for at in range(count))
    return f'"interceptionMode": 5, "interceptionFrame": 1, "interceptionBoundary": [{pairs}]'


#: The members of one document, by the kind of its findings.
GROWING: dict[str, Callable[[int], str]] = {
    "repeated items": lambda count: (
        '"subCondition": {"taskId": [' + ", ".join(['"1021"'] * count) + "]}"
    ),
    "overlapping ranges": _boundaries,
    "unknown keys": lambda count: ", ".join(f'"key{number}": 1' for number in range(count)),
    "duplicate keys": lambda count: ", ".join(['"sampleType": 1'] * count),
}


def write_folder(sample: Sample, count: int) -> None:
    """Write a folder of requests, one a file."""
    sample.path.mkdir()
    draw = Random(SEED)  # noqa: S311 - not for cryptography
    file_text = _yaml_file if sample.notation == "yaml" else _json_file
    for number, request in enumerate(requests(count, is_valid=sample.is_valid)):
        file = sample.path / f"request-{number:04}.sampling.{sample.notation}"
        file.write_text(file_text(draw, request), encoding="utf-8")


def write_lines(sample: Sample, count: int) -> None:
    """Write a JSON Lines file of requests."""
    with sample.path.open("w", encoding="utf-8") as file:
        for request in requests(count, is_valid=sample.is_valid):
            file.write(json.dumps(request, ensure_ascii=False) + "\n")


def requests(count: int, *, is_valid: bool) -> Iterator[Request]:
    """Draw requests; one in `BROKEN_EVERY` is broken unless all are to be valid."""
    draw = Random(SEED)  # noqa: S311 - not for cryptography
    for number in range(count):
        request = _request(draw)
        if not is_valid and number % BROKEN_EVERY == BROKEN_EVERY // 2:
            BREAKAGES[number // BROKEN_EVERY % len(BREAKAGES)](request)
        yield request


def _request(draw: Random) -> Request:
    """Draw a request without findings, warnings included."""
    identifier = (
        f"{draw.getrandbits(32):08x}-{draw.getrandbits(16):04x}-{draw.getrandbits(48):012x}"
    )
    request: Request = {
        "annotationRequestId": identifier,
        "poolName": draw.choice((f"{identifier}-SamplingPool", _pool(draw))),
    }
    if _chance(draw, 0.7):
        request["sampleType"] = draw.choice((1, 2))
    if _chance(draw, 0.3):
        request["sampleCount"] = draw.randint(1, 5000)
    if _chance(draw, 0.6):
        request["samplingRatio"] = draw.choice((0.05, 0.1, 0.2, 0.25, 0.5, 1))
    elif _chance(draw, 0.7):
        request["samplingQuantity"] = draw.randint(1, request.get("sampleCount", 2000))
    if _chance(draw, 0.75):
        request["subCondition"] = _conditions(draw)
    return request | _interception(draw)


def _conditions(draw: Random) -> Request:
    """Draw one to four conditions, and how several of them are joined."""
    drawers = draw.sample(_CONDITIONS, draw.choice((1, 1, 2, 2, 3, 4)))
    conditions = [drawer(draw) for drawer in drawers]
    join = {"conditionJoinType": draw.choice(("and", "or"))} if len(conditions) > 1 else {}
    return join | {key: value for condition in conditions for key, value in condition.items()}


def _interception(draw: Random) -> Request:
    """Draw how frames are selected, which most requests leave out."""
    mode = draw.choice((None, None, None, 1, 2, 3, 4, 5, 5, 6))
    if mode is None:
        return {}
    if mode == 6:  # noqa: PLR2004 - as the vendor numbers them
        return {"interceptionMode": mode, "sequenceLength": draw.randint(2, 60)}
    cut = {"interceptionMode": mode, "interceptionFrame": draw.randint(1, 50)}
    if mode == 5:  # noqa: PLR2004 - as the vendor numbers them
        ends = sorted(draw.sample(range(2000), 2 * draw.randint(1, 5)))
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return cut | {"interceptionBoundary": [{"start": low, "end": high} for low, high in pairs]}
    return cut


def _pools(draw: Random) -> Request:
    pools = [f"{_pool(draw)}-{number}" for number in range(draw.randint(1, 4))]
    return {"workPoolFilterType": draw.choice((1, 2)), "workPoolFilter": pools}


def _people(draw: Random) -> Request:
    return {
        "userNameFilter": draw.sample(_PEOPLE, draw.randint(1, 4)),
        "operationFilterType": sorted(draw.sample((1, 2, 3), draw.randint(1, 3))),
    }


def _tasks(draw: Random) -> Request:
    first = draw.randrange(10**20, 10**21)
    return {"taskId": [str(first + 7 * step) for step in range(draw.choice((1, 2, 3, 5, 10)))]}


def _times(draw: Random) -> Request:
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(1_000_000))
    end = start + timedelta(minutes=draw.randint(1, 90 * 24 * 60))
    times = {"startTime": f"{start:%Y-%m-%d %H:%M:%S}", "endTime": f"{end:%Y-%m-%d %H:%M:%S}"}
    if _chance(draw, 0.2):
        del times[draw.choice(("startTime", "endTime"))]
    return times


def _chance(draw: Random, share: float) -> bool:
    return draw.random() < share


def _pool(draw: Random) -> str:
    return f"{draw.choice(_SCENES)}-{draw.choice(_LIGHTS)}-{draw.randint(1, 99)}"


_CONDITIONS: tuple[Callable[[Random], Request], ...] = (
    _pools,
    _people,
    _tasks,
    _times,
    lambda draw: {"noNeedAnnotate": _chance(draw, 0.5)},
    lambda draw: {"haveIssue": _chance(draw, 0.5)},
    lambda draw: {"rejectionTime": draw.randint(0, 3)},
)


def ratio_as_percentage(request: Request) -> None:
    """Break a bound (RS107)."""
    request.pop("samplingQuantity", None)
    request["samplingRatio"] = 20


def wrong_type(request: Request) -> None:
    """Give a list where a number is wanted (RS102)."""
    request["sampleType"] = []


def misplaced_key(request: Request) -> None:
    """Put a condition at the top level (RS110); the fix moves it."""
    request["rejectionTime"] = 2


def _quoted_number(request: Request) -> None:
    request["sampleType"] = "2"


def _missing_pool(request: Request) -> None:
    del request["poolName"]


def _unknown_key(request: Request) -> None:
    request["sampleRatio"] = 0.2


def ratio_and_quantity(request: Request) -> None:
    """Give two values that exclude each other (RS201)."""
    request |= {"samplingRatio": 0.2, "samplingQuantity": 50}


def _reversed_times(request: Request) -> None:
    request["subCondition"] = {
        "startTime": "2025-03-14 00:00:00",
        "endTime": "2025-03-13 00:00:00",
    }


def _missing_frame(request: Request) -> None:
    request["interceptionMode"] = 2
    request.pop("interceptionFrame", None)


def _reversed_boundary(request: Request) -> None:
    request |= {
        "interceptionMode": 5,
        "interceptionFrame": 10,
        "interceptionBoundary": [{"start": 0, "end": 9}, {"start": 99, "end": 20}],
    }


def _unknown_choice(request: Request) -> None:
    request["interceptionMode"] = 7


def _unreadable_time(request: Request) -> None:
    request["subCondition"] = {"startTime": "2025-02-30 00:00:00"}


def _half_a_filter(request: Request) -> None:
    request["subCondition"] = {"userNameFilter": ["ana.kowalska"]}


def _number_for_a_task(request: Request) -> None:
    request["subCondition"] = {"taskId": [1021]}


def _null(request: Request) -> None:
    request["sampleCount"] = None


#: Ways to break a request, used in turn; each results in an error in any request.
BREAKAGES: tuple[Callable[[Request], None], ...] = (
    ratio_as_percentage,
    _quoted_number,
    _missing_pool,
    _unknown_key,
    ratio_and_quantity,
    _reversed_times,
    _missing_frame,
    _reversed_boundary,
    _unknown_choice,
    _unreadable_time,
    _half_a_filter,
    _number_for_a_task,
    _null,
)


def _json_file(draw: Random, request: Request) -> str:
    """Write a request as an editor does, or sometimes as a program does."""
    indent = draw.choice((2, 2, 2, 2, 4, 4, None))
    return json.dumps(request, indent=indent, ensure_ascii=False) + "\n"


def _yaml_file(draw: Random, request: Request) -> str:
    """Write a request as block YAML, some with a comment over it."""
    comment = f"# Sample for {draw.choice(_PEOPLE)}, week {draw.randint(1, 52)}\n"
    return draw.choice(("", "", comment)) + block_yaml(request)


def block_yaml(request: Request, margin: str = "") -> str:
    """Write an object as block YAML; the items of a list are each on one line."""
    return "".join(f"{margin}{key}:{_block(value, margin)}\n" for key, value in request.items())


def _block(value: object, margin: str) -> str:
    """Write what follows a key and its colon, without the last end of line."""
    if isinstance(value, dict):
        return "\n" + block_yaml(value, margin + "  ").removesuffix("\n")
    if isinstance(value, list):
        return "".join(f"\n{margin}  - {_flow(item)}" for item in value)
    return " " + _flow(value)


def _flow(value: object) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
