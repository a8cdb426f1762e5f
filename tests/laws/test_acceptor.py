"""Laws between the two ways of checking: the engine reports nothing for what the acceptor accepts.

To hold them for 100,000 documents and more: `EXAMPLES=100000 pytest tests/laws/test_acceptor.py`.
"""

import json
import os
import random
import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.reader import as_request, read_yaml
from rosetta_spec.engine.checker import Checker
from rosetta_spec.engine.engine import Engine
from rosetta_spec.fast import acceptor as builtin
from rosetta_spec.fast.entry import read_values
from rosetta_spec.fast.formats import Declined
from rosetta_spec.fast.json_value import read_line_value
from rosetta_spec.kinds.documents import Reading, SuppressionKind
from rosetta_spec.spec.acceptor_generator import acceptor_of
from rosetta_spec.spec.loading import load_ruleset
from rosetta_spec.spec.ruleset import builtin_ruleset
from rosetta_spec.strategies import broken_requests, messy_requests, requests
from rosetta_spec.strategies.texts import NOTATIONS, json_texts
from rosetta_spec.text import Text

#: How many documents the fast laws look at; the others, which draw more slowly, at a part of them.
EXAMPLES = int(os.environ.get("EXAMPLES", "1000"))

OURS = builtin_ruleset()
#: A team's rules have to hold the same laws, with keys and kinds of their choice.
BOTH = OURS.with_rules(load_ruleset(Path(__file__).parent / "policy.rules.yaml").rules)
RULESETS = {"ours": OURS.rules, "ours-and-a-teams": BOTH.rules}

#: Tracing would make them four times as slow, and other tests reach the same code.
pytestmark = pytest.mark.no_cover

law = settings(
    max_examples=max(EXAMPLES // 40, 1),
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
with_any_rules = pytest.mark.parametrize("name", RULESETS)


def quick_and_thorough(rules):
    """Make a usual checker, and one without acceptor and quick tests."""
    quick, thorough = Checker(rules), Checker(rules)
    thorough._accepts = lambda _: False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rosetta_spec.engine.engine.quick_test", lambda _: lambda _: False)
        thorough._engine = Engine(rules, accepts=lambda _: False)
    return quick, thorough


CHECKERS = {name: quick_and_thorough(rules) for name, rules in RULESETS.items()}


def accepted(data, format_, rules):
    """Say whether every document of a text is accepted."""
    accepts = acceptor_of(rules)
    try:
        if format_ == "jsonl":
            return all(accepts(read_line_value(line)) for line in data.splitlines())
        return all(map(accepts, read_values(data, format_)))
    except Declined:
        return False


def fully_read(data, format_):
    """Read the documents of a text by the readers that know all of a notation."""
    if format_ == "yaml":
        return list(read_yaml(Text(data.decode())))
    lines = data.splitlines() if format_ == "jsonl" else [data]
    return [read_json(Text(line.decode()), number) for number, line in enumerate(lines)]


def is_accepted_rightly(data, format_, name="ours"):
    """Hold both ways of checking together, and say whether a text is accepted."""
    quick, thorough = CHECKERS[name]
    expected, found = (
        [
            report._replace(document=None)
            for report in checker.check_stream(lambda: BytesIO(data), "a", format_)
        ]
        for checker in (thorough, quick)
    )
    assert found == expected
    if not accepted(data, format_, RULESETS[name]):
        return False
    assert all(report.diagnostics == () for report in expected)
    documents = fully_read(data, format_)
    assert len(documents) == len(expected)
    for document in documents:
        assert thorough.check_document(as_request(document), "a").diagnostics == ()
    return True


#: Numbers, words and strings that need a closer look, as they are written.
ODD = (
    *("1.0", "1e0", "2E0", "-0", "-0.0", "0.0", "0.5", "5.5", "1.00000000000000000001"),
    *("0.99999999999999999999", "0.1000000000000001", "0.12345678901234567", "1e400", "1e-400"),
    *("9007199254740993", "9007199254740993.0", "9007199254740992.5", "9" * 30, "9" * 4301),
    *("-1", "0", "3", "5", "6", "7", "+1", ".5", "1.", "01", "0x1", "0o2", "1_0", "NaN", ".nan"),
    *("Infinity", "-Infinity", ".inf", "null", "~", "true", "True", "false", "yes", "on", "''"),
    *('""', '" "', '"1"', '"true"', '" a"', '"a\\t"', '"\\u3000a"', '"\\u0000"', '"\\ud800"'),
    *('"\\ud83d\\ude97"', '"\\ude97\\ud83d"', '"\\\\ud800"', '"a\\/b"', '"\\x41"', '"\u2028"'),
    *('"AND"', '"and"', '"or "', '"Custom"', "'and'", "and", "# why", "&a 1", "*a", "!!int 1"),
    *('"2025-03-13 20:00:00"', '"2024-02-29 00:00:00"', '"1900-02-29 00:00:00"'),
    *('"2000-02-29 23:59:59"', '"0000-01-01 00:00:00"', '"2025-04-31 00:00:00"'),
    *('"2025-03-13T20:00:00"', '"2025-03-13 20:00:00Z"', '"2025-03-13 20:00:00.5"'),
    *('"2025-03-13"', '"2025-03-13 20:00"', '"2025-03-13 24:00:00"', '"2025-03-13 20:00:60"'),
    *('"2025-03-13 20:00:00\\n"', '" 2025-03-13 20:00:00"', '"2025-03-13 20:00:00+08:00"'),
    *('"\uff12025-03-13 20:00:00"', "2025-03-13 20:00:00", '"2025-3-13 20:00:00"', '"today"'),
    *("[]", "{}", "[[]]", "[1, 1]", '["a", "a"]', '["a", 1]', "[1, 1.0]", "[true, 1]", "[null]"),
    *("[" * 30 + "]" * 30, "[" * 101 + "]" * 101, f'"{"x" * 255}"', f'"{"x" * 256}"'),
    *(f'"{"é" * 128}"', '[{"start": 3, "end": 3}]', '[{"start": 0, "end": 1e0}]'),
    *('[{"start": 0, "end": 9}, {"start": 9, "end": 12}]', '[{"start": 5.0, "end": 6.0}]'),
    *('[{"start": 0, "end": 9}, {"start": 10, "end": 12.0}]', '[{"start": 0}]'),
)

#: Keys of the request and of what is in it, and some that are none.
KEYS = (
    *sorted(builtin.KEYS_OF_REQUEST),
    *sorted(builtin.KEYS_OF_THE_SUBCONDITION),
    *("start", "end", "sampleRatio", "PoolName", "poolName ", "", "é", "<<", "y", "null"),
)

#: What a slip of the hand puts into a text.
PIECES = (
    *" \t\n\r:-?,[]{}#&*!|>'\"%@`~01ax\\.+/é\x85\u2028\ufeff\x00\x7f",
    *("---", "...", "\n---\n", "\n...\n", "<<: ", "*a", "&a ", "!!str ", "%YAML 1.1\n", "\\u"),
    *("\\ud83d", "null", "true", ".nan", "1e3", ": ", "- ", "? ", " #", "\n  ", "\n- ", "\r\n"),
    *("|\n", ">+\n", '"poolName": "b", ', "poolName: b\n", "sampleCount: 1.0\n", "// no\n"),
    *("# rosetta-spec: ignore\n", "'", '"', "\ud800"),
)


class _Written(str):
    """What is written in a text unchanged."""

    __slots__ = ()


class _Author:
    """Writes requests at random, much faster than Hypothesis draws them."""

    def __init__(self, seed):
        self.rng = random.Random(seed)  # noqa: S311 - no secret, the same each time

    def chance(self, share):
        return self.rng.random() < share

    def name(self):
        return self.rng.choice(
            ["pool-7", "street scenes", "ana", "任务池", "naïve", "🚗 lane", "b: c"]
        )

    def names(self):
        pool = ["a", "b 1", "c-3", "任务", "234234123133374715904", "null", "- x", "o'c", 'q"']
        return self.rng.sample(pool, self.rng.randint(1, 3))

    def time(self, first, last):
        return (
            f"{self.rng.randint(first, last):04}-{self.rng.randint(1, 12):02}"
            f"-{self.rng.randint(1, 28):02} {self.rng.randint(0, 23):02}:00:59"
        )

    def request(self):
        """Make a request in which nothing is to be found."""
        rng = self.rng
        request = {"annotationRequestId": self.name(), "poolName": self.name()}
        if self.chance(0.5):
            request["sampleType"] = rng.choice([1, 2])
        if self.chance(0.3):
            request["sampleCount"] = rng.choice([1, 5, 10**20])
        if self.chance(0.5):
            ratio = {"samplingRatio": _Written(rng.choice(["0.2", "1", "1.0", "0.00000001"]))}
            request |= rng.choice(
                [ratio, {"samplingQuantity": rng.randint(1, request.get("sampleCount", 900))}]
            )
        if self.chance(0.6):
            request["subCondition"] = self.condition()
        if self.chance(0.6):
            request |= self.interception()
        return self.shuffled(request)

    def condition(self):
        rng = self.rng
        groups = [
            {"workPoolFilter": self.names(), "workPoolFilterType": rng.choice([1, 2])},
            {"userNameFilter": self.names(), "operationFilterType": rng.sample([1, 2, 3], 2)},
            {"noNeedAnnotate": self.chance(0.5)},
            {"haveIssue": self.chance(0.5)},
            {"rejectionTime": rng.randint(0, 3)},
            {"taskId": self.names()},
            {"startTime": self.time(1, 1999), "endTime": self.time(2000, 9999)},
            {"endTime": self.time(2000, 2030)},
        ]
        condition = {}
        for group in rng.sample(groups, rng.randint(1, 4)):
            condition |= group
        return self.shuffled({**condition, "conditionJoinType": rng.choice(["and", "or"])})

    def interception(self):
        mode = self.rng.randint(1, 6)
        if mode == 6:
            return {"interceptionMode": mode, "sequenceLength": self.rng.randint(1, 99)}
        made = {"interceptionMode": mode, "interceptionFrame": self.rng.randint(1, 99)}
        if mode == 5:
            starts = self.rng.sample(range(0, 100, 10), self.rng.randint(1, 4))
            made["interceptionBoundary"] = [{"start": at, "end": at + 9} for at in starts]
        return made

    def shuffled(self, members):
        keys = list(members)
        self.rng.shuffle(keys)
        return {key: members[key] for key in keys}

    def break_somewhere(self, request):
        """Put something odd somewhere, or take something away."""
        rng = self.rng
        holders = [request]
        for holder in holders:
            inside = holder.values() if isinstance(holder, dict) else holder
            holders.extend(each for each in inside if isinstance(each, dict | list))
        holder = rng.choice(holders)
        odd = _Written(rng.choice(ODD))
        if isinstance(holder, list):
            holder.insert(rng.randint(0, len(holder)), rng.choice([odd, *holder, odd]))
            if self.chance(0.5):
                del holder[rng.randrange(len(holder))]
        elif holder and self.chance(0.8):
            key = rng.choice(list(holder))
            holder[key] = odd
            if self.chance(0.3):
                del holder[key]
        else:
            holder[rng.choice(KEYS)] = odd

    def text(self, value, notation):
        """Write a request in a notation."""
        if notation == "block YAML":
            return self.rng.choice(["\n", "\r\n"]).join(["# a request", *self.block(value, 0), ""])
        text = self.line(value, is_yaml=notation == "flow YAML")
        # A document of JSON Lines is on one line.
        return text.replace("\n", " ").replace("\r", " ") if notation == "JSON Lines" else text

    def line(self, value, *, is_yaml):
        comma = self.rng.choice([", ", ",", " , ", ",\n   "])
        if isinstance(value, dict):
            colon = self.rng.choice([": ", ":  "] if is_yaml else [": ", ":", " :\t"])
            members = [
                self.string(key, is_yaml=is_yaml) + colon + self.line(each, is_yaml=is_yaml)
                for key, each in value.items()
            ]
            return f"{{{comma.join(members)}}}"
        if isinstance(value, list):
            return f"[{comma.join(self.line(each, is_yaml=is_yaml) for each in value)}]"
        return self.scalar(value, is_yaml=is_yaml)

    def block(self, value, indent):
        step = self.rng.choice([1, 2, 4])
        entries = value.items() if isinstance(value, dict) else [(None, each) for each in value]
        for key, each in entries:
            lead = "- " if key is None else f"{self.string(key, is_yaml=True)}: "
            tail = self.rng.choice(["", "", "", "  # why", " "])
            if each and isinstance(each, dict | list) and self.chance(0.8):
                yield " " * indent + lead.rstrip() + tail
                yield from self.block(each, indent + step)
            else:
                written = self.line(each, is_yaml=True).replace("\n", f"\n{' ' * indent}")
                yield " " * indent + lead + written + tail

    def scalar(self, value, *, is_yaml):
        if isinstance(value, _Written):
            return value
        return self.string(value, is_yaml=is_yaml) if isinstance(value, str) else json.dumps(value)

    def string(self, text, *, is_yaml):
        if is_yaml and self.chance(0.5) and text.replace(" ", "a").isalpha() and text != "null":
            return text
        if is_yaml and self.chance(0.3):
            doubled = text.replace("'", "''")
            return f"'{doubled}'"
        return json.dumps(text, ensure_ascii=self.chance(0.5))

    def mutated(self, text):
        """Change a text as a slip of the hand does."""
        start = self.rng.randint(0, len(text))
        end = start + self.rng.choice([0, 0, 1, 1, 2, 12])
        return text[:start] + self.rng.choice(["", *PIECES]) + text[end:]


FORMATS = {"json": "json", "JSON Lines": "jsonl", "block YAML": "yaml", "flow YAML": "yaml"}


@with_any_rules
@pytest.mark.parametrize("notation", FORMATS)
def test_both_ways_say_the_same_of_many_documents(notation, name):
    """Broken by chance, in a request or in its text: what is accepted has nothing to report.

    These tests look at `EXAMPLES` documents together.
    """
    author = _Author(f"{notation}, {name}")
    counts = Counter()
    for _ in range(EXAMPLES // 8):
        request = author.request()
        breakages = author.rng.choice([0, 0, 1, 1, 2, 3])
        for _ in range(breakages):
            author.break_somewhere(request)
        text = author.text(request, notation)
        slips = author.rng.choice([0, 0, 0, 1, 2])
        for _ in range(slips):
            text = author.mutated(text)
        data = text.encode(errors="surrogatepass")
        is_accepted = is_accepted_rightly(data, FORMATS[notation], name)
        counts[not breakages and not slips, is_accepted] += 1
    # That a team's rules find something in a valid request is no wonder.
    assert name != "ours" or counts[True, True] >= 0.99 * (counts[True, True] + counts[True, False])


#: Every way to write a request, with its format.
WAYS = {
    **{name: (write, "json" if name == "json" else "yaml") for name, write in NOTATIONS.items()},
    "JSON Lines": (lambda value: json_texts(value).map(on_one_line), "jsonl"),
}


def on_one_line(text):
    return text.replace("\n", " ").replace("\r", " ").strip()


@st.composite
def drawn_requests(draw, name):
    """Draw a request, right or wrong, or broken by one rule."""
    rules = [
        rule for rule in RULESETS[name] if not isinstance(rule.kind, Reading | SuppressionKind)
    ]
    broken = broken_requests(draw(st.sampled_from(rules)).code, RULESETS[name])
    return draw(messy_requests(RULESETS[name]) | broken.map(lambda breakage: breakage.broken))


@with_any_rules
@pytest.mark.parametrize("way", WAYS)
@law
@given(data=st.data())
def test_both_ways_say_the_same_of_drawn_requests(way, name, data):
    """The same with the strategies; a counterexample shrinks to the shortest one."""
    write, format_ = WAYS[way]
    text = data.draw(write(data.draw(drawn_requests(name))))
    is_accepted_rightly(text.encode(), format_, name)


@with_any_rules
@pytest.mark.parametrize("way", WAYS)
def test_what_is_valid_is_accepted(way, name):
    """At least 99 of 100 valid requests need no engine, in any notation and with any rules."""
    write, format_ = WAYS[way]
    counts = {True: 0, False: 0}

    @law
    @given(text=requests(RULESETS[name]).flatmap(write))
    def count(text):
        # The quick reader of YAML leaves control characters between quotes to the parser.
        if not re.search("[\x7f-\x9f]", text):
            counts[accepted(text.encode(), format_, RULESETS[name])] += 1

    count()
    assert counts[True] >= 0.99 * sum(counts.values())
