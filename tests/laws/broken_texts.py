"""Files that break one rule of reading, of repeated requests, or of suppressions."""

import json
from pathlib import Path

from hypothesis import strategies as st

from rosetta_spec.document.values import json_text
from rosetta_spec.fast.formats import MAX_NESTING
from rosetta_spec.kinds.documents import Competing, Reading, Repeated, SuppressionKind
from rosetta_spec.kinds.kind import Breakage
from rosetta_spec.request.schema import request_schema
from rosetta_spec.strategies import broken_requests, requests


def breakages(rule, rules):
    """Requests that break a rule; of rules about text more than their examples."""
    match rule.kind:
        case Reading(problem=problem):
            return broken_texts(problem)
        case SuppressionKind(name=name):
            return broken_comments(name, rules)
        case Repeated():
            return requests(rules).map(lambda valid: followed_by(valid, valid))
        case Competing():
            pairs = requests(rules).map(lambda valid: (valid, least_of(valid)))
            return pairs.filter(lambda pair: len(pair[0]) > len(pair[1])).map(
                lambda pair: followed_by(*pair)
            )
    return broken_requests(rule.code, rules)


def followed_by(valid, other):
    text = "".join(f"---\n{json_text(each)}\n" for each in (valid, other))
    return Breakage(valid, text.encode(), ())


def least_of(valid):
    """Return a request without what is optional."""
    return {key: valid[key] for key in ("$schema", *_REQUEST) if key in valid}


_PROPERTIES = request_schema()["properties"]
#: A valid request, as YAML its values need no quotes.
_REQUEST = {key: _PROPERTIES[key]["examples"][0] for key in request_schema()["required"]}
_JSON = json.dumps(_REQUEST)
_NUMBER = next(key for key, schema in _PROPERTIES.items() if schema["type"] == "integer")


def broken_texts(problem):
    """Files that a reader rejects for one problem, and a valid request."""
    broken, pointer = _TEXTS[problem]
    return broken.map(lambda file: Breakage(_REQUEST, file, pointer))


def _in_member(key, value):
    return f"{_JSON[:-1]}, {json.dumps(key)}: {value}}}".encode()


_REPEATED = next(iter(_REQUEST))
_BYTES = st.sampled_from([b"\xff", b"\xc3", b"\xed\xa0\x80"])

#: By problem: files, as bytes or paths, and the pointer of the finding.
_TEXTS = {
    "unreadable": (st.sampled_from([Path("no-such-folder/a.json"), Path("/"), Path("\0")]), ()),
    "syntax": (st.integers(1, len(_JSON) - 1).map(lambda end: _JSON[:end].encode()), ()),
    "duplicate-key": (st.just(_in_member(_REPEATED, '"b7"')), (_REPEATED,)),
    "not-an-object": (st.sampled_from([b"", b" \n", b"# no", b"[]", b"--- 5", b'"text"']), ()),
    "not-utf8": (
        st.tuples(st.integers(0, len(_JSON)), _BYTES).map(
            lambda drawn: _JSON[: drawn[0]].encode() + drawn[1] + _JSON[drawn[0] :].encode()
        ),
        (),
    ),
    "not-json": (
        st.sampled_from([".nan", "!n 5", "!!int x"]).map(
            lambda value: f"{_lines()}{_NUMBER}: {value}\n".encode()
        ),
        (_NUMBER,),
    ),
    "too-large": (
        st.integers(MAX_NESTING, 3 * MAX_NESTING).map(
            lambda depth: _in_member("x", "[" * depth + "]" * depth)
        ),
        (),
    ),
}


def _lines():
    return "".join(f"{key}: {value}\n" for key, value in _REQUEST.items())


_UNKNOWN = (
    *("ignore", "ignore because", "ignore[]", "ignore-file[ , ]", "ignore[RS201", "Ignore[RS201]"),
    *("ingore[RS201]", "ignore-fiel[RS201]", "ignored", "ignore[RS999]", "ignore[rs201] why"),
    *("ignore[ratio-with-quantty]", "ignore[all, none]", "ignore[RS201 RS405]"),
    *("ignore[RS201] until=tomorrow", "ignore[RS201] until: 2026-12-31"),
    *("ignore[RS201] until=2026-02-30", "ignore[RS201] why until=2026-12-31"),
)


def broken_comments(kind_name, rules):
    """YAML files with one comment that breaks a rule of a kind; `rules` are all rules."""
    wrong = _unused(rules) if kind_name == "unused-suppression" else st.sampled_from(_UNKNOWN)
    return wrong.flatmap(_with_directive)


@st.composite
def _unused(draw, rules):
    names = [name for rule in rules for name in (rule.code, rule.name)]
    listed = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3))
    verb = draw(st.sampled_from(["ignore", "ignore-file"]))
    return f"{verb}[{draw(st.sampled_from([',', ', ', ' , '])).join(listed)}]"


def _with_directive(directive):
    """Write a directive in a comment at the end of a line, or on a line of its own."""
    first, *others = _lines().splitlines(keepends=True)
    rest = "".join(others)
    marks = st.sampled_from(["#rosetta-spec:", "# rosetta-spec : ", "# why  # rosetta-spec:\t"])
    layouts = st.sampled_from(
        [
            f"%s\n{first}{rest}",
            f"--- %s\r\n{first}{rest.rstrip()}",
            f"{first}  %s \n{rest}",
            f"{first.rstrip()} %s\n{rest}",
            f"{first}{rest}...\n%s",
        ]
    )
    return st.tuples(layouts, marks).map(
        lambda drawn: Breakage(_REQUEST, (drawn[0] % (drawn[1] + directive)).encode(), ())
    )
