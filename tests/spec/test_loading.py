"""A team's rules file is loaded, or refused with the place of its first fault and what is right."""

import json
from decimal import Decimal

import pytest

from rosetta_spec import api
from rosetta_spec.document.reader import read_documents
from rosetta_spec.document.tree import plain
from rosetta_spec.fast import formats
from rosetta_spec.spec.loading import RulesetError, load_ruleset
from rosetta_spec.spec.ruleset import Ruleset, builtin_ruleset

#: One rule of each of some kinds; every test below spoils something in it.
RULESET = """\
documentation: https://example.com/rules/{name}#{code}
rules:
  - code: POL001
    name: count-with-quantity
    severity: error
    kind: exclusive
    keys: [sampleCount, samplingQuantity]
    message: "{key} stands beside {other}"
    help: "remove {key} or {other}"
    why: We count only once.
    source: Policy, section 1.
    bad: "annotationRequestId: a\\npoolName: b\\nsampleCount: 1\\nsamplingQuantity: 1\\n"
    good: "annotationRequestId: a\\npoolName: b\\nsampleCount: 1\\n"
  - code: POL002
    name: large-share
    severity: warning
    kind: schema
    at: [/samplingRatio]
    schema: {maximum: 0.1}
    wants: is at most 0.1
    message: "{path} {value} is more than we can review"
    help: "write a ratio that {wants}"
    why: Reviewers have other work.
    source: Policy, section 2.
    bad: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.2\\n"
    good: "annotationRequestId: a\\npoolName: b\\nsamplingRatio: 0.1\\n"
  - code: POL003
    name: missing-type
    severity: info
    kind: required-when
    key: sampleType
    by: interceptionMode
    values: [5, 6]
    message: "interceptionMode {by_value} needs {key}"
    help: "add {key}, for example {example}"
    related: it is set here
    why: A custom cut of random tasks surprised people.
    source: Policy, section 3.
    accompanied-by: [RS204, POL001]
    fix: {applicability: choice, title: "add {key}"}
    bad: "annotationRequestId: a\\npoolName: b\\ninterceptionMode: 6\\nsequenceLength: 5\\n"
    good: {path: none.yaml}
  - code: POL004
    name: reversed-range
    severity: error
    kind: ordered
    at: [/subCondition]
    low: startTime
    high: endTime
    values: times
    message: {reversed: "{key} is too early", equal: "{key} is {low}"}
    help: {reversed: swap them, equal: move one}
    related: {equal: the other}
    why: Nothing is in such a range.
    source: Policy, section 4.
    bad: {latin-1: "poolName: stra\xdfe"}
    good: ""
"""


def written(folder, text, name="team.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def refusal(folder, text, name="team.yaml"):
    """Return what is said of a ruleset, without its file name."""
    path = written(folder, text, name)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    error = caught.value
    assert error.filename == path.as_posix()
    row, column = error.location
    assert str(error) == f"{error.filename}:{row}:{column}: {error.cause}; {error.remedy}"
    return str(error).removeprefix(f"{error.filename}:")


def words(said):
    _place, words = said.split(": ", 1)
    return words


def spoilt(old, new):
    assert RULESET.count(old) == 1, old
    return RULESET.replace(old, new)


#: What is replaced (-), by what (+), and the place and words of the refusal.
WRONG = r"""
- documentation: https://example.com/rules/{name}#{code}
+ documentation: rules.md
1:16: documentation "rules.md" will not do; write an address such as
https://example.com/rules/{name}, where {name} and {code} stand for the rule's own

- documentation: https://example.com/rules/{name}#{code}
+ documentation: https://example.com/{page}
1:16: documentation "https://example.com/{page}" will not do; write an address such as
https://example.com/rules/{name}, where {name} and {code} stand for the rule's own

- documentation:
+ documentatoin:
1:1: there is no key documentatoin in a ruleset; did you mean documentation?

- rules:
+ rule:
2:1: there is no key rule in a ruleset; did you mean rules?

- rules:
+ ruels:
+   []
+ rules:
2:1: there is no key ruels in a ruleset; remove it, or write $schema instead

- rules:
-   - code: POL001
+ rules:
+   - nothing
+   - code: POL001
3:5: rules[0] is the string "nothing", not an object; write an object

- code: POL001
+ code: pol1
3:11: code "pol1" will not do; write two to eight capital letters and three digits, such as
POL001

- code: POL001
+ code: 7
3:11: code is the number 7, not a string; write a string such as "POL001"

- code: POL001
+ code: RS500
3:11: code RS500 has the letters of the rules of rosetta-spec; choose letters of your own, such as
POL001

- code: POL002
+ code: POL001
14:11: code POL001 stands twice in this file; choose another code

- name: large-share
+ name: count-with-quantity
15:11: name count-with-quantity stands twice in this file; choose another name

- name: large-share
+ name: ratio-with-quantity
15:11: name ratio-with-quantity is that of RS201; choose another name

- name: large-share
+ name: Large Share
15:11: name "Large Share" will not do; write lower-case words with hyphens between them, such as
too-many-tasks

- name: large-share
+ nmae: large-share
15:5: there is no key nmae in a rule of kind schema; remove it, or write name, related, fix or
accompanied-by instead

-     name: large-share
14:5: a rule of kind schema has no name; add name, for example "too-many-tasks"

- severity: info
+ severity: warn
29:15: there is no severity warn; choose error, warning or info

- severity: info
+ severity: fatal
29:15: there is no severity fatal; choose error, warning or info

- severity: info
+ severity: 1
29:15: severity is the number 1, not a string; write a string such as "warning"

- kind: exclusive
+ kind: exclusiv
6:11: there is no kind exclusiv; did you mean exclusive?

- kind: exclusive
+ kind: sometimes
6:11: there is no kind sometimes; choose reading, unused-suppression, unknown-suppression,
required, type, quoted, unquoted, unlisted, fraction, bounds, empty, unknown, misplaced,
unreadable-time, exclusive, together, required-when, ignored-unless, required-with-several, any-of,
ordered, disjoint, same-clock, unique, trimmed, max-bytes, written-as, forbidden, set-when or
schema

- kind: exclusive
+ kin: exclusive
6:5: there is no key kin in a rule; did you mean kind?

-     kind: exclusive
3:5: a rule has no kind; add kind, for example "exclusive"

- kind: exclusive
+ kind: [exclusive]
6:11: kind is a list, not a string; write a string such as "exclusive"

-     keys: [sampleCount, samplingQuantity]
3:5: a rule of kind exclusive has no keys; add keys, for example ["samplingRatio",
"samplingQuantity"]

- keys: [sampleCount
+ kyes: [sampleCount
7:5: there is no key kyes in a rule of kind exclusive; remove it, or write related, fix,
accompanied-by, at or keys instead

- [sampleCount, samplingQuantity]
+ [sampleCount]
7:11: keys has 1 of at least 2 items; write more, as in ["samplingRatio", "samplingQuantity"]

- [sampleCount, samplingQuantity]
+ [sampleCount, sampleCount]
7:25: the string "sampleCount" is listed twice in keys; remove the second one

- [sampleCount, samplingQuantity]
+ sampleCount
7:11: keys is the string "sampleCount", not a list; write a list such as ["samplingRatio",
"samplingQuantity"]

- [sampleCount, samplingQuantity]
+ [sampleCount, sampleRatio]
7:25: the request has no key sampleRatio; did you mean samplingRatio?

- [sampleCount, samplingQuantity]
+ [sampleCount, $schema]
7:25: the request has no key $schema; choose annotationRequestId, poolName, sampleType,
sampleCount, samplingRatio, samplingQuantity, subCondition, interceptionMode, interceptionFrame,
sequenceLength or interceptionBoundary

-     keys: [sampleCount
+     limit: 5
+     keys: [sampleCount
7:5: there is no key limit in a rule of kind exclusive; remove it, or write related, fix,
accompanied-by or at instead

- message: "{key} stands beside {other}"
+ message: "{key} stands beside {othr}"
8:14: there is no fact {othr} here; did you mean other?

- message: "{key} stands beside {other}"
+ message: "{KEY} {start: 0} {} stands"
8:14: there is no fact {KEY} here; choose called, example, key, other, path, such_as, value or where

- message: "{key} stands beside {other}"
+ message: {one: "{key}"}
8:5: message has cases, and kind exclusive has none; write one string

- message: "{key} stands beside {other}"
+ message: ""
8:14: message "" will not do; write a line of text (in YAML, >- folds several lines into one)

- message: "{key} stands beside {other}"
+ message: "a\nb"
8:14: message "a\nb" will not do; write a line of text (in YAML, >- folds several lines into
one)

- message: "{key} stands beside {other}"
+ message: {}
8:14: message is empty; write more, as in "{path} {value} is above what we may sample"

- message: "{key} stands beside {other}"
+ message:
8:13: message is null, not a string or an object; write a string or an object such as "{path}
{value} is above what we may sample"

- why: We count only once.
+ why: ' '
10:10: why " " will not do; write at least a sentence

- at: [/samplingRatio]
+ at: [/sampelRatio]
18:10: there is no place /sampelRatio in a request; did you mean /samplingRatio?

- at: [/samplingRatio]
+ at: [/startTime]
18:10: there is no place /startTime in a request; did you mean /subCondition/startTime?

- at: [/samplingRatio]
+ at: [samplingRatio]
18:10: at[0] "samplingRatio" will not do; write a pointer such as /subCondition or
/interceptionBoundary/*, or "" for the request

- at: [/samplingRatio]
+ at: [/nowhere]
18:10: there is no place /nowhere in a request; write one such as /subCondition

- at: [/samplingRatio]
+ at: []
18:9: at is empty; write more, as in ["/subCondition"]

- at: [/samplingRatio]
+ at: /samplingRatio
18:9: at is the string "/samplingRatio", not a list; write a list such as ["/subCondition"]

- at: [/samplingRatio]
+ at: [/$schema]
18:10: there is no place /$schema in a request; write one such as /subCondition

- at: [/samplingRatio]
+ at: [/interceptionBoundary/0]
18:10: there is no place /interceptionBoundary/0 in a request; did you mean
/interceptionBoundary/*?

- {maximum: 0.1}
+ {maximun: 0.1}
19:14: there is no key maximun in schema; did you mean maximum?

- {maximum: 0.1}
+ {}
19:13: schema is empty; write more, as in {"maximum": 0.5}

- {maximum: 0.1}
+ {maximum: '1'}
19:23: schema.maximum is the string "1", not a number; write a number such as 0.5

- {maximum: 0.1}
+ {pattern: '['}
19:23: "[" is no regular expression: unterminated character set at position 0; correct it; a
backslash makes a character stand for itself

- {maximum: 0.1}
+ {patternProperties: {'[': {}}}
19:34: "[" is no regular expression: unterminated character set at position 0; correct it; a
backslash makes a character stand for itself

- {maximum: 0.1}
+ {format: date}
19:14: schema.format cannot be written here; write a pattern, since no validator has to check a
format

- {maximum: 0.1}
+ {type: text}
19:20: schema.type "text" will not do; choose array, boolean, integer, null, number, object or
string

- {maximum: 0.1}
+ {anyOf: [{minimum: 0}, {not: {minLength: -1}}]}
19:54: schema.anyOf[1].not.minLength -1 is not at least 0; write a number that is at least 0

- {maximum: 0.1}
+ {multipleOf: 0}
19:26: schema.multipleOf 0 is not above 0; write a number that is above 0

- {maximum: 0.1}
+ {$ref: '#'}
19:14: schema.$ref cannot be written here; write out what it leads to, since a fragment stands
alone

- {maximum: 0.1}
+ true
19:13: schema is true, not an object; write an object such as {"maximum": 0.5}

- {maximum: 0.1}
+ {pattern: 'a{99999999999999999999}'}
19:23: "a{99999999999999999999}" is no regular expression: the repetition number is too large;
correct it; a backslash makes a character stand for itself

- {maximum: 0.1}
+ {pattern: '[[a]'}
19:23: "[[a]" is no regular expression: Possible nested set at position 1; correct it; a
backslash makes a character stand for itself

- {maximum: 0.1}
+ {properties: {a: 5}}
19:30: schema.properties.a is the number 5, not an object or true or false; write an object or
true or false such as {"minimum": 1}

- key: sampleType
+ key: sampelType
31:10: the request has no key sampelType; did you mean sampleType?

- by: interceptionMode
+ by: interceptionMoed
32:9: the request has no key interceptionMoed; did you mean interceptionMode?

- by: interceptionMode
+ by: sampleType
32:9: sampleType is named twice in one rule; name another key, or remove it

-     values: [5, 6]
+     # values: [5, 6]
27:5: a rule of kind required-when has no values; add values, for example [6]

- by: interceptionMode
-     values: [5, 6]
+ by: subCondition
+     values: [{haveIssue: true}]
32:9: subCondition is an object, and by is to hold a single value; name another key

- [5, 6]
+ [5, 7]
33:17: interceptionMode cannot be 7; choose 1 (random continuity), 2 (positive), 3 (reversed), 4
(system random), 5 (custom) or 6 (sequencelength)

- [5, 6]
+ []
33:13: values is empty; write more, as in [6]

- [5, 6]
+ ['5']
33:14: interceptionMode cannot be "5"; choose 1 (random continuity), 2 (positive), 3 (reversed),
4 (system random), 5 (custom) or 6 (sequencelength)

- [5, 6]
+ [5, 5.0]
33:17: the number 5.0 is listed twice in values; remove the second one

- by: interceptionMode
-     values: [5, 6]
+ by: sampleCount
+     values: [0]
33:14: sampleCount cannot be 0; write a whole number that is at least 1

- by: interceptionMode
-     values: [5, 6]
+ by: haveIssue
+     values: [true]
32:9: the request has no key haveIssue; write at: ["/subCondition"], where it belongs

- by: interceptionMode
-     values: [5, 6]
+ by: poolName
+     values: ['']
33:14: poolName cannot be ""; write a string such as
"a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool"

- [RS204, POL001]
+ [RS204, POL009]
39:29: there is no rule POL009; write the code of a rule, such as RS404

- [RS204, POL001]
+ [XX]
39:22: there is no rule XX; write the code of a rule, such as RS404

- applicability: choice
+ applicability: chioce
40:26: there is no applicability chioce; did you mean choice?

- title: "add {key}"
+ title: "add {kye}"
40:41: there is no fact {kye} here; choose by, by_value, called, example, key, path, such_as,
value or where

- , title: "add {key}"
40:10: fix has no title; add title, for example "remove {key}"

- , title: "add {key}"
+ , title: x, titel: y
40:44: there is no key titel in fix; remove it, or write set or remove instead

- , title: "add {key}"
+ , title: x, set: 1, remove: true
40:52: fix has both set and remove; choose one of them

- low: startTime
+ low: endTime
49:11: endTime is named twice in one rule; name another key, or remove it

- low: startTime
+ low: haveIssue
48:10: haveIssue holds no times, which this rule compares; name a key that holds times

- values: times
+ values: numbers
48:10: startTime holds no numbers, which this rule compares; name a key that holds numbers

- values: times
+ values: time
50:13: there is no values time; did you mean times?

- at: [/subCondition]
+ at: [/samplingRatio]
47:10: samplingRatio is a number, and kind ordered looks at an object; write another place in
at, such as /subCondition

-     at: [/subCondition]
48:10: the request has no key startTime; write at: ["/subCondition"], where it belongs

- {reversed: "{key} is too early", equal
+ {revresed: x, equal
51:14: message says nothing in the case reversed; add reversed, with a wording

- {reversed: "{key} is too early", equal
+ {equal
51:14: message says nothing in the case reversed; add reversed, with a wording

- {equal: the other}
+ {equall: the other}
53:15: there is no case equall in kind ordered; did you mean equal?

- help: {reversed: swap them, equal: move one}
+ help: swap them
52:11: help is one wording, and kind ordered has the cases equal and reversed; write an object
with a wording for each case

- {latin-1: "poolName: straße"}
+ {latin-1: "€"}
56:20: bad.latin-1 "€" will not do; keep to the characters of Latin-1

- {latin-1: "poolName: straße"}
+ {latin-1: a, path: b}
56:10: bad has 2 keys, and 1 is the most; remove the others

- {latin-1: "poolName: straße"}
+ {latin1: a}
56:11: there is no key latin1 in bad; did you mean latin-1?

- {latin-1: "poolName: straße"}
+ {}
56:10: bad is empty; write more, as in "annotationRequestId: a3f8b6e4-9c1d\npoolName:
street-scenes\n"

- good: ""
+ good: ""
+ ---
+ a: 1
59:1: this is a second document, and a ruleset is a single one; put all rules into the first

-     at: [/subCondition]
-     low: startTime
-     high: endTime
-     values: times
+     low: samplingRatio
+     high: sampleCoutn
+     values: numbers
48:11: the request has no key sampleCoutn; did you mean sampleCount?

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: unique
6:11: the request is an object, and kind unique looks at a list; write another place in at, such
as /subCondition/workPoolFilter

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: max-bytes
+     limit: 0
7:12: limit 0 is not at least 1; write a number that is at least 1

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: max-bytes
+     limit: 9.0
7:12: limit is the number 9.0, not a whole number; write a whole number such as 255

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: disjoint
+     at: [/subCondition/taskId]
+     low: start
+     high: end
8:10: each item of subCondition.taskId has no key start; choose another place

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: disjoint
+     at: [/interceptionBoundary]
+     low: start
+     high: ned
9:11: each item of interceptionBoundary has no key ned; choose start or end

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: same-clock
+     keys: [poolName, sampleCount, sampleType]
7:11: keys has 3 items, and 2 is the most; remove the others

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: same-clock
+     keys: [poolName, sampleCount]
7:12: poolName holds no times, which this rule compares; name a key that holds times

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: required-with-several
+     key: sampleType
+     groups: [[sampleCount], [sampleType]]
8:30: sampleType is named twice in one rule; name another key, or remove it

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: required-with-several
+     key: sampleType
+     groups: [[sampleCount], [poolName]]
+     count: 3
8:13: groups has 2, and the rule waits for 3 of them; write more groups, or a lower count

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: required-with-several
+     key: sampleType
+     groups: [[sampleCount, poolName]]
8:13: groups has 1, and the rule waits for 2 of them; write more groups, or a lower count

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: any-of
+     groups: [[sampleCount], []]
7:29: groups[1] is empty; write more, as in ["startTime", "endTime"]

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: reading
+     problem: duplicate-kye
+     wants: No key stands twice
7:14: there is no problem duplicate-kye; did you mean duplicate-key?

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: unused-suppression
+     wants: ""
7:12: wants "" will not do; write what should be, as a sentence without its full stop

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: fraction
+     at: [/sampleCount]
7:5: there is no key at in a rule of kind fraction; remove it, or write related, fix or
accompanied-by instead

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: written-as
+     at: [/poolName]
+     pattern: "(street"
+     form: street-0
8:14: "(street" is no regular expression: missing ), unterminated subpattern at position 0;
correct it; a backslash makes a character stand for itself

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: ignored-unless
+     by: interceptionMode
+     settings: {}
8:15: settings is empty; write more, as in {"sequenceLength": [6]}

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: ignored-unless
+     by: interceptionMode
+     message: {absent: a, other: b}
+     help: {absent: a, other: b}
+     settings: {sequenceLenght: [6]}
10:16: the request has no key sequenceLenght; did you mean sequenceLength?

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: ignored-unless
+     by: interceptionMode
+     message: {absent: a, other: b}
+     help: {absent: a, other: b}
+     settings: {sequenceLength: [7]}
10:33: interceptionMode cannot be 7; choose 1 (random continuity), 2 (positive), 3 (reversed), 4
(system random), 5 (custom) or 6 (sequencelength)

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: ignored-unless
+     by: interceptionMode
+     message: {absent: a, other: b}
+     help: {absent: a, other: b}
+     settings: {sequenceLength: 6}
10:32: settings.sequenceLength is the number 6, not a list; write a list such as [6]

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: ignored-unless
+     by: interceptionMode
+     message: {absent: a, other: b}
+     help: {absent: a, other: b}
+     settings: {interceptionMode: [6]}
10:16: interceptionMode is named twice in one rule; name another key, or remove it

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
+ kind: forbidden
+     at: [/interceptionMode]
+     values: [4, 7]
8:17: interceptionMode cannot be 7; choose 1 (random continuity), 2 (positive), 3 (reversed), 4
(system random), 5 (custom) or 6 (sequencelength)

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: forbidden
+     message: no
+     help: no
6:11: the request cannot be left out, and this rule forbids it; write the place of a key in at,
such as /sampleCount

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: forbidden
+     at: [/poolName, /subCondition/taskId/*]
+     message: no
+     help: no
7:21: each item of subCondition.taskId cannot be left out, and this rule forbids it; write the
place of a key in at, such as /sampleCount

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: set-when
+     place: /haveIssue
+     to: [true]
+     by: /poolName
+     pattern: ^audit-
+     message: {missing: a, other: b}
+     help: {missing: a, other: b}
7:12: there is no place /haveIssue in a request; did you mean /subCondition/haveIssue?

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: set-when
+     place: /subCondition/haveIssue
+     to: [yes]
+     by: /poolName
+     pattern: ^audit-
+     message: {missing: a, other: b}
+     help: {missing: a, other: b}
8:10: subCondition.haveIssue cannot be "yes"; choose true or false

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: set-when
+     place: /sampleType
+     to: [2]
+     by: /sampleType
+     values: [1]
+     message: {missing: a, other: b}
+     help: {missing: a, other: b}
9:9: /sampleType is both what asks and what is asked for; name another place

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: set-when
+     place: /sampleType
+     to: [2]
+     by: /poolName
+     message: {missing: a, other: b}
+     help: {missing: a, other: b}
9:9: nothing says when poolName asks for sampleType; add a pattern or values beside by

- kind: exclusive
-     keys: [sampleCount, samplingQuantity]
-     message: "{key} stands beside {other}"
-     help: "remove {key} or {other}"
+ kind: set-when
+     place: /sampleType
+     to: [2]
+     by: /interceptionMode
+     pattern: "4"
+     message: {missing: a, other: b}
+     help: {missing: a, other: b}
10:5: interceptionMode is a whole number, which no pattern matches; write a list of values
instead
"""


def wrong_rulesets():
    for case in WRONG.strip("\n").split("\n\n"):
        lines = case.split("\n")
        old = "\n".join(line[2:] for line in lines if line.startswith("- "))
        new = "\n".join(line[2:] for line in lines if line.startswith("+ "))
        said = " ".join(line for line in lines if line[0] not in "-+")
        yield pytest.param(old, new, said, id=new)


@pytest.mark.parametrize(("old", "new", "said"), list(wrong_rulesets()))
def test_a_wrong_ruleset_is_refused_at_its_first_fault_with_what_would_be_right(
    tmp_path, old, new, said
):
    assert refusal(tmp_path, spoilt(old, new)) == said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    # JSON has no second document.
    [case for case in wrong_rulesets() if "---" not in case.values[1]][::7],
)
def test_a_ruleset_in_json_is_refused_in_the_same_words(tmp_path, old, new, said):
    (document,) = read_documents(spoilt(old, new).encode(), formats.YAML)
    text = json.dumps(plain(document.root), default=float)
    assert words(refusal(tmp_path, text, "team.json")) == words(said)


def test_the_first_fault_in_the_text_is_told(tmp_path):
    text = spoilt("name: missing-type", "name: Missing").replace("kind: schema", "kind: schem")
    assert refusal(tmp_path, text).startswith("17:11: there is no kind schem;")


@pytest.mark.parametrize(
    "text",
    [
        RULESET + "    good: twice\n",
        RULESET + '    bad: "\n',
        RULESET.replace("code: POL001", "code: .inf"),
        RULESET.replace("severity: info", "{a: b}: info"),
        "rules: *rules\n",
        RULESET + "---\n[\n",
        "a: " + "[" * 101 + "]" * 101,
    ],
)
def test_what_the_reader_cannot_accept_is_told_in_its_own_words(tmp_path, text):
    problem = next(
        problem for document in read_documents(text.encode(), None) for problem in document.problems
    )
    assert words(refusal(tmp_path, text)) == f"{problem.cause}; {problem.remedy}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1:1: this file is empty; write rules: with a list of rules below it"),
        (
            "# nothing\n- 1\n",
            (
                "2:1: this document is a list, not an object;"
                " write rules: with a list of rules below it"
            ),
        ),
        (
            "rules: []\n--- # more\nrules: []\n",
            (
                "3:1: this is a second document, and a ruleset is a single one;"
                " put all rules into the first"
            ),
        ),
    ],
)
def test_a_file_that_is_no_single_object_is_refused(tmp_path, text, said):
    assert refusal(tmp_path, text) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing.yaml", "there is no such ruleset; check the path"),
        (".", "this is a folder, not a ruleset; name a file in it"),
        ("nul\0.yaml", "no path has a NUL in it; check the path"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, name, said):
    with pytest.raises(RulesetError, match=f":1:1: {said}"):
        load_ruleset(tmp_path / name)


def test_a_fault_behind_an_alias_is_shown_at_the_alias(tmp_path):
    text = spoilt("[sampleCount, samplingQuantity]", "&keys [sampleCount, samplingQuantity]")
    text = text.replace("schema: {maximum: 0.1}", "schema: {required: *keys, minimum: *keys}")
    assert refusal(tmp_path, text).startswith("19:40: schema.minimum is a list, not a number")


def test_codes_and_names_of_the_rules_beside_it_are_taken(tmp_path):
    path = written(tmp_path, RULESET)
    loaded = load_ruleset(path)
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path, builtin_ruleset().with_rules(loaded.rules))
    assert caught.value.cause == "code POL001 is that of count-with-quantity"
    alone = load_ruleset(written(tmp_path, spoilt("RS204, ", "")), Ruleset(()))
    assert [rule.code for rule in alone.rules] == ["POL001", "POL002", "POL003", "POL004"]


def test_a_deeply_nested_fragment_is_judged_all_the_same(tmp_path):
    """No nesting that the reader allows is too deep for the schema of rulesets."""
    fragment = "{not: " * 90 + "{maximun: 1}" + "}" * 90
    said = refusal(tmp_path, spoilt("{maximum: 0.1}", fragment))
    assert said.endswith("; did you mean maximum?")
    dependencies = "{dependencies: {a: {items: [" * 24 + "5" + "]}}}" * 24
    assert "is the number 5" in refusal(tmp_path, spoilt("{maximum: 0.1}", dependencies))


def test_numbers_of_a_ruleset_are_exact(tmp_path):
    """A share of 0.1 is not above a maximum of 0.1, which the nearest float would make it."""
    rule = load_ruleset(written(tmp_path, RULESET)).find("large-share")
    assert rule.kind.fragment == {"maximum": Decimal("0.1")}


def findings(text, rules):
    chosen = builtin_ruleset().with_rules(rules).rules
    return [
        (found.code, found.pointer, found.message)
        for found in api.check(text, rules=chosen).diagnostics
    ]


@pytest.mark.parametrize("code", ["RSX500", "XRS500", "AB000", "ABCDEFGH999"])
def test_letters_that_only_hold_ours_are_a_team_s(tmp_path, code):
    path = written(tmp_path, RULESET.replace("POL001", code))
    rule = load_ruleset(path, builtin_ruleset()).find(code)
    assert [found[0] for found in findings(rule.bad.content, [rule])] == [code]


def test_a_rule_that_a_kind_can_say_takes_one_entry_and_nothing_else(tmp_path):
    """Each rule of the ruleset reports its bad example, beside ours, and nothing in a good one."""
    rules = load_ruleset(written(tmp_path, RULESET)).rules
    request = "annotationRequestId: a\npoolName: b\n"
    bad = request + "sampleCount: 1\nsamplingQuantity: 2\nsamplingRatio: 0.2\n"
    assert findings(bad, rules) == [
        (
            "POL001",
            "/samplingQuantity",
            "samplingQuantity stands beside sampleCount; remove samplingQuantity or sampleCount",
        ),
        (
            "RS201",
            "/samplingQuantity",
            (
                "samplingQuantity stands beside samplingRatio, and the server takes only one of"
                " them; keep the one that is meant and remove the other"
            ),
        ),
        (
            "POL002",
            "/samplingRatio",
            "samplingRatio 0.2 is more than we can review; write a ratio that is at most 0.1",
        ),
    ]
    assert findings(request + "interceptionMode: 6\nsequenceLength: 5\n", rules) == [
        (
            "POL003",
            "/sampleType",
            "interceptionMode 6 (sequencelength) needs sampleType; add sampleType, for example 1",
        )
    ]
    assert findings(request + "samplingRatio: 0.1\ninterceptionMode: 6\n", ()) != []
    assert findings(request + "samplingRatio: 0.1\n", rules) == []


def test_a_rule_has_all_that_its_entry_says(tmp_path):
    first, *_, last = load_ruleset(written(tmp_path, RULESET)).rules
    assert first.url == "https://example.com/rules/count-with-quantity#POL001"
    assert first.related == {"": ""}
    assert last.related == {"equal": "the other"}
    assert last.bad.content == b"poolName: stra\xdfe"
