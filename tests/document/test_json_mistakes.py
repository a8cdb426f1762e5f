import pytest

from rosetta_spec.document.json_reader import read_json
from rosetta_spec.document.values import shown
from rosetta_spec.text import Location, Span, Text

#: Text; row, column and end column of the place (all in one row); cause; remedy.
MISTAKES = [
    # commas
    (
        '{"a": 1 "b": 2}',
        (1, 9, 12),
        "a comma is missing before this key",
        'write "," before it',
    ),
    (
        '{"a": 1\n  "b": 2}',
        (2, 3, 6),
        "a comma is missing before this key",
        'write "," before it',
    ),
    ("[1 2]", (1, 4, 5), "a comma is missing before this value", 'write "," before it'),
    ('[1 "x"]', (1, 4, 7), "a comma is missing before this value", 'write "," before it'),
    ("[[1] [2]]", (1, 6, 7), "a comma is missing before this value", 'write "," before it'),
    ('{"a": 1 b: 2}', (1, 9, 10), "a comma is missing before this key", 'write "," before it'),
    (
        '{"a": 1 {}}',
        (1, 9, 10),
        "{ is a second value of one key",
        "delete one, or put both between [ and ]",
    ),
    (
        '{"a": "x" "y"}',
        (1, 11, 14),
        '"y" is a second value of one key',
        "delete one, or put both between [ and ]",
    ),
    ('{"a": 1,}', (1, 8, 9), "a comma after the last member", "delete it"),
    ("[1,\n\n]", (1, 3, 4), "a comma after the last item", "delete it"),
    ('{"a": 1,, "b": 2}', (1, 9, 10), "two commas in a row", "delete one"),
    ("[1,,2]", (1, 4, 5), "two commas in a row", "delete one"),
    ("{,}", (1, 2, 3), "a comma with nothing before it", "delete it"),
    ("[,1]", (1, 2, 3), "a comma with nothing before it", "delete it"),
    (", {}", (1, 1, 2), "a comma with nothing before it", "delete it"),
    ('{"a": 1; "b": 2}', (1, 8, 9), 'JSON has no ";"', 'write ","'),
    ('{"a": 1;}', (1, 8, 9), 'JSON has no ";"', "delete it"),
    ("{};", (1, 3, 4), 'JSON has no ";"', "delete it"),
    ("{}, {}", (1, 3, 4), "a comma after the document", "delete it and what follows it"),
    ("{},", (1, 3, 4), "a comma after the document", "delete it and what follows it"),
    # colons
    (
        '{"a" 1}',
        (1, 6, 7),
        'key "a" and 1 have no colon between them',
        'write ":" before the second',
    ),
    (
        '{"a" "b"}',
        (1, 6, 9),
        'key "a" and "b" have no colon between them',
        'write ":" before the second',
    ),
    (
        '{"a" b}',
        (1, 6, 7),
        'key "a" and b have no colon between them',
        'write ":" before the second',
    ),
    ('{"a" = 1}', (1, 6, 7), '"=" after a key', 'write ":"'),
    ('{"a" => 1}', (1, 6, 8), '"=>" after a key', 'write ":"'),
    (
        '{"a":= 1}',
        (1, 6, 7),
        'JSON has no "="',
        'write ":" between a key and its value, else nothing',
    ),
    ("{= 1}", (1, 2, 3), 'JSON has no "="', 'write ":" between a key and its value, else nothing'),
    ('{"a"}', (1, 2, 5), 'key "a" has no value', 'write ":" and a value after it'),
    ('{"a", "b"}', (1, 2, 5), 'key "a" has no value', 'write ":" and a value after it'),
    ('{"a":}', (1, 5, 6), "no value after this colon", "write one, or delete the key"),
    ('{"a": , "b": 1}', (1, 5, 6), "no value after this colon", "write one, or delete the key"),
    ('{"a": ]', (1, 5, 6), "no value after this colon", "write one, or delete the key"),
    ('{"a":: 1}', (1, 6, 7), "two colons in a row", "delete one"),
    (
        '{"a":\n "b": 2}',
        (2, 2, 5),
        '"b" is the value of the key before it, and no key',
        "write that value before it, or put it and the rest between { and }",
    ),
    ('["a": 1]', (1, 5, 6), "a key in an array", "put the key and its value between { and }"),
    ("{: 1}", (1, 2, 3), "a colon without a key", 'write a key such as "key" before it'),
    (
        '"a": 1',
        (1, 4, 5),
        "a key outside an object",
        "write { before the first key and } at the end, or name the file .yaml",
    ),
    (
        "true: 1",
        (1, 5, 6),
        "a key outside an object",
        "write { before the first key and } at the end, or name the file .yaml",
    ),
    # brackets
    ('{"a": 1', (1, 1, 2), "this { is never closed", "add } at the end"),
    ("[1, [2", (1, 5, 6), "this [ is never closed", "add ]] at the end"),
    ('{"a": [1, 2', (1, 7, 8), "this [ is never closed", "add ]} at the end"),
    (
        '{"a": 1,',
        (1, 1, 2),
        "this { is never closed",
        'write what is missing after the last ",", and add } at the end',
    ),
    (
        '{"a":',
        (1, 1, 2),
        "this { is never closed",
        'write what is missing after the last ":", and add } at the end',
    ),
    ('{"a"', (1, 1, 2), "this { is never closed", "add } at the end"),
    ("", (1, 1, 1), "there is no text", "write a request between { and }"),
    ("  \n", (2, 1, 1), "there is no text", "write a request between { and }"),
    (
        '{"a": [1}',
        (1, 9, 10),
        "this } cannot close the array that is open",
        "write ] in its place, or add the missing ] before it",
    ),
    (
        '{"a": {"b": 1]}',
        (1, 14, 15),
        "this ] cannot close the object that is open",
        "write } in its place, or add the missing } before it",
    ),
    (
        "{]",
        (1, 2, 3),
        "this ] cannot close the object that is open",
        "write } in its place, or add the missing } before it",
    ),
    (
        '{"a": 1, ]',
        (1, 10, 11),
        "this ] cannot close the object that is open",
        "write } in its place, or add the missing } before it",
    ),
    ("{}}", (1, 3, 4), "this } closes nothing", "delete it, or add the bracket that it closes"),
    ("[]]", (1, 3, 4), "this ] closes nothing", "delete it, or add the bracket that it closes"),
    ("}", (1, 1, 2), "this } closes nothing", "delete it, or add the bracket that it closes"),
    (
        "{}{}",
        (1, 3, 4),
        "a second document begins with this {",
        "write each into a file of its own, or each in a row of a file that ends in .jsonl",
    ),
    (
        '{}\n{"a": 1}\n',
        (2, 1, 2),
        "a second document begins with this {",
        "if each row is a document, give the file the ending .jsonl",
    ),
    (
        "[1]\r\n[2]",
        (2, 1, 2),
        "a second document begins with this [",
        "if each row is a document, give the file the ending .jsonl",
    ),
    ("{} x", (1, 4, 5), "x follows the end of the document", "delete it and all after it"),
    ("1 2", (1, 3, 4), "2 follows the end of the document", "delete it and all after it"),
    (
        '{{"a": 1}}',
        (1, 2, 3),
        "this { stands where a key is wanted",
        'write a key such as "key" and a colon before it',
    ),
    (
        "{[1]: 2}",
        (1, 2, 3),
        "this [ stands where a key is wanted",
        'write a key such as "key" and a colon before it',
    ),
    ('{"a": (1, 2)}', (1, 7, 8), 'JSON has no "("', "write a list between [ and ]"),
    # comments
    (
        '{"a": 1} // x',
        (1, 10, 14),
        "JSON has no comments",
        "delete it, or write the request as YAML",
    ),
    ("// hi\n{}", (1, 1, 6), "JSON has no comments", "delete it, or write the request as YAML"),
    (
        '{"a": 1, /* b\nc */ "b": 2}',
        (1, 10, 14),
        "JSON has no comments",
        "delete it, or write the request as YAML",
    ),
    (
        '{"a": 1 # why\n}',
        (1, 9, 14),
        "JSON has no comments",
        "delete it, or write the request as YAML",
    ),
    ("# top\n{}", (1, 1, 6), "JSON has no comments", "delete it, or write the request as YAML"),
    ('{"a": FIXED // c\n}', (1, 7, 12), "FIXED is not in quotes", 'write "FIXED"'),
    # quotes
    ("{a: 1}", (1, 2, 3), "keys need double quotes, and a has none", 'write "a"'),
    ("{1: 2}", (1, 2, 3), "keys need double quotes, and 1 has none", 'write "1"'),
    ('{"b": 1, C:\\x: 1}', (1, 10, 11), "keys need double quotes, and C has none", 'write "C"'),
    ("{'a': 1}", (1, 2, 5), "keys need double quotes, and 'a' has single quotes", 'write "a"'),
    ("{'a': True}", (1, 2, 5), "this is a Python dict, not JSON", "write it with json.dumps"),
    ("[{'a': None}]", (1, 3, 6), "this is a Python dict, not JSON", "write it with json.dumps"),
    (
        "{\u201ca\u201d: 1}",
        (1, 2, 5),
        "keys need double quotes, and “a” has typographic quotes",
        'write "a"',
    ),
    (
        '{\xaba": 1}',
        (1, 2, 5),
        'keys need double quotes, and «a" has typographic quotes',
        'write "a"',
    ),
    (
        "{\"a\": 'b'}",
        (1, 7, 10),
        "strings need double quotes, and 'b' has single quotes",
        'write "b"',
    ),
    (
        "{\"a\": 'it\\''}",
        (1, 7, 13),
        "strings need double quotes, and 'it\\'' has single quotes",
        'write "it\'"',
    ),
    (
        '{"a": \'say "x"\'}',
        (1, 7, 16),
        "strings need double quotes, and 'say \"x\"' has single quotes",
        'write "say \\"x\\""',
    ),
    (
        '{"a": \u2018b\u2019}',
        (1, 7, 10),
        "strings need double quotes, and ‘b’ has typographic quotes",  # noqa: RUF001 - the quotes of a word processor
        'write "b"',
    ),
    ('{"a": `b`}', (1, 7, 10), "strings need double quotes, and `b` has backquotes", 'write "b"'),
    (
        "'{\"a\": 1}'",
        (1, 1, 11),
        "strings need double quotes, and '{\"a\": 1}' has single quotes",
        "delete the quotes around it",
    ),
    ('{"a": \'}', (1, 7, 8), "' begins no string in JSON", 'write " in its place'),
    ('{"a": FIXED}', (1, 7, 12), "FIXED is not in quotes", 'write "FIXED"'),
    ('{"a": it\'s me}', (1, 7, 14), "it's me is not in quotes", 'write "it\'s me"'),
    ('{"a": 2024-01-01}', (1, 7, 17), "2024-01-01 is not in quotes", 'write "2024-01-01"'),
    (
        '{"a": 2024-01-01 10:00:00, "b": 1}',
        (1, 7, 26),
        "2024-01-01 10:00:00 is not in quotes",
        'write "2024-01-01 10:00:00"',
    ),
    ('{"a": 10:00}', (1, 7, 12), "10:00 is not in quotes", 'write "10:00"'),
    ('{"a": 1.2.3}', (1, 7, 12), "1.2.3 is not in quotes", 'write "1.2.3"'),
    ('{"a": trues}', (1, 7, 12), "trues is not in quotes", 'write "trues"'),
    ('{"a": *x}', (1, 7, 9), "*x is not in quotes", 'write "*x"'),
    ('{"a": a\\b}', (1, 7, 10), "a\\b is not in quotes", 'write "a\\\\b"'),
    ("hello", (1, 1, 6), "hello is not in quotes", 'write "hello"'),
    (
        '["kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk" x]',
        (1, 55, 56),
        "a comma is missing before this value",
        'write "," before it',
    ),
    (
        '["a", kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk]',
        (1, 7, 57),
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\u2026 is not in quotes",
        'write "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\u2026"',
    ),
    ('{"a\tb": 1}', (1, 4, 5), "a raw tab in a string", "write it as \\t"),
    (
        '{"a" a\x7fb}',
        (1, 6, 9),
        'key "a" and a\\u007fb have no colon between them',
        'write ":" before the second',
    ),
    # strings
    (
        '{"a": "b}',
        (1, 7, 10),
        "this string is not closed",
        'add the closing ", and write a line break inside a string as \\n',
    ),
    (
        '{"a": "b,\n "c": 1}',
        (1, 7, 10),
        "this string is not closed",
        'add the closing ", and write a line break inside a string as \\n',
    ),
    (
        '{"a": "b\r\n"}',
        (1, 7, 9),
        "this string is not closed",
        'add the closing ", and write a line break inside a string as \\n',
    ),
    ('{"a": "x\ty"}', (1, 9, 10), "a raw tab in a string", "write it as \\t"),
    (
        '{"a": "x\x01y"}',
        (1, 9, 10),
        "a raw U+0001 control character in a string",
        "write it as \\u0001",
    ),
    ('{"a": "\\x41"}', (1, 8, 12), "\\x41 is no escape in JSON", "write \\u0041"),
    ('{"a": "\\x"}', (1, 8, 10), "\\x is no escape in JSON", "write \\\\ for a backslash"),
    (
        '{"a": "\\u12"}',
        (1, 8, 12),
        "\\u12 is no escape in JSON",
        "write four hexadecimal digits after \\u, or \\\\ for a backslash",
    ),
    (
        '{"a": "\\n\\u00e9\\u"}',
        (1, 16, 18),
        "\\u is no escape in JSON",
        "write four hexadecimal digits after \\u, or \\\\ for a backslash",
    ),
    (
        '{"a": "C:\\Users\\x"}',
        (1, 10, 12),
        "\\U is no escape in JSON",
        "write the path with / or \\\\",
    ),
    (
        '{"a": "\\\\host\\share"}',
        (1, 14, 16),
        "\\s is no escape in JSON",
        "write the path with / or \\\\",
    ),
    ('{"a": "\\\'"}', (1, 8, 10), "\\' is no escape in JSON", "write ' alone"),
    (
        '{"a": "a\\\nb"}',
        (1, 9, 10),
        "\\ is no escape in JSON",
        "keep the string on one row, and write a line break in it as \\n",
    ),
    (
        '{"a": "a\\',
        (1, 9, 10),
        "\\ is no escape in JSON",
        "keep the string on one row, and write a line break in it as \\n",
    ),
    ('{"a": "\\q"}', (1, 8, 10), "\\q is no escape in JSON", "write \\\\ for a backslash"),
    (
        '{"a": "he said "hi" there"}',
        (1, 17, 19),
        'hi follows the end of the string "he said "',
        'add the quote that is missing, or write one in a string as \\"',
    ),
    (
        '{"a: 1, "b": 2}',
        (1, 10, 11),
        'b follows the end of the string "a: 1, "',
        'add the quote that is missing, or write one in a string as \\"',
    ),
    (
        '{\\"a\\": 1}',
        (1, 2, 4),
        '\\" is a quote from inside another string',
        "take the backslashes out of the whole text",
    ),
    # words
    ('{"a": True}', (1, 7, 11), "True is not how JSON spells it", "write true"),
    ('{"a": FALSE}', (1, 7, 12), "FALSE is not how JSON spells it", "write false"),
    ('{"a": None}', (1, 7, 11), "None is not how JSON spells it", "write null"),
    ('{"a": NULL}', (1, 7, 11), "NULL is not how JSON spells it", "write null"),
    ('{"a": ~}', (1, 7, 8), "~ is not how JSON spells it", "write null"),
    (
        '{"a": undefined}',
        (1, 7, 16),
        "undefined is no value in JSON",
        "write null, or delete the key",
    ),
    ('{"a": yes}', (1, 7, 10), "yes is no value in JSON", 'write true, or "yes" if it is a word'),
    ('{"a": no}', (1, 7, 9), "no is no value in JSON", 'write false, or "no" if it is a word'),
    ('{"a": NaN}', (1, 7, 10), "NaN is no number in JSON", "write a number, or delete the key"),
    (
        '{"a": -Infinity}',
        (1, 7, 16),
        "-Infinity is no number in JSON",
        "write a number, or delete the key",
    ),
    (
        '{"a": ISODate("2024")}',
        (1, 7, 15),
        "ISODate( is a function call",
        "write the value that it gives",
    ),
    (
        '{"a": new Date(1)}',
        (1, 7, 18),
        "new Date(1) is a function call",
        "write the value that it gives",
    ),
    # numbers
    ("[+1]", (1, 2, 4), "+1 begins with a plus", "write 1"),
    ("[--1]", (1, 2, 5), "--1 begins with two minus signs", "write -1"),
    ("[-]", (1, 2, 3), "- has no digits after it", "write a number, or a string in quotes"),
    ("[01]", (1, 2, 4), "01 begins with a zero", 'write 1, or "01" if it is no number'),
    ("[-01.5]", (1, 2, 7), "-01.5 begins with a zero", 'write -1.5, or "-01.5" if it is no number'),
    ("[.5]", (1, 2, 4), ".5 has no digit before its point", "write 0.5"),
    ("[-.5]", (1, 2, 5), "-.5 has no digit before its point", "write -0.5"),
    ("[1.]", (1, 2, 4), "1. has no digit after its point", "write 1 or 1.0"),
    ("[1.e5]", (1, 2, 6), "1.e5 has no digit after its point", "write 1e5 or 1.0e5"),
    ("[1e]", (1, 2, 4), "1e has no digits in its exponent", "write 1, or the digits after the e"),
    (
        "[1.5e+]",
        (1, 2, 7),
        "1.5e+ has no digits in its exponent",
        "write 1.5, or the digits after the e",
    ),
    ("[0x1F]", (1, 2, 6), "0x1F is hexadecimal", "write it as a decimal number"),
    ("[0b1]", (1, 2, 5), "0b1 is not decimal", "write it as a decimal number"),
    ("[1_000]", (1, 2, 7), "1_000 has an underscore in the number", "write 1000"),
    (
        "[1_000_000]",
        (1, 2, 11),
        "1_000_000 has underscores in the number",
        "write the digits alone",
    ),
    ("[50%]", (1, 2, 5), "50% is a number with a unit", 'write 50, or "50%" for a string'),
    ("[10 px]", (1, 5, 7), "a comma is missing before this value", 'write "," before it'),
    ("[10px]", (1, 2, 6), "10px is a number with a unit", 'write 10, or "10px" for a string'),
    ('{"a": 1,5}', (1, 7, 10), "1,5 has a comma inside", "write 1.5"),
    ('{"a": 1,000, "b": 2}', (1, 7, 12), "1,000 has a comma inside", "write 1000"),
    ('{"a": -1,000,000}', (1, 7, 17), "-1,000,000 has a comma inside", "write -1000000"),
    ('{"a": 1,5: 3}', (1, 9, 10), "keys need double quotes, and 5 has none", 'write "5"'),
    ('{"a": "b",5}', (1, 11, 12), "keys need double quotes, and 5 has none", 'write "5"'),
    ("[\u0663]", (1, 2, 3), "\u0663 is not in quotes", 'write "\u0663"'),
    # placeholders
    (
        '{"a": {{ x }}}',
        (1, 7, 14),
        "{{ x }} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        "{{ x }}",
        (1, 1, 8),
        "{{ x }} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        "{ {{ x }}: 1}",
        (1, 3, 10),
        "{{ x }} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        '{"a": {% if x %}}',
        (1, 7, 17),
        "{% if x %} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        '{"a": ${X}}',
        (1, 7, 11),
        "${X} is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        '{"a": $X}',
        (1, 7, 9),
        "$X is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        '{"a": <value>}',
        (1, 7, 14),
        "<value> is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        "{<name>: 1}",
        (1, 2, 8),
        "<name> is a placeholder that nothing has filled in",
        "write the value, or check the text that the template becomes",
    ),
    (
        "{...}",
        (1, 2, 5),
        "... stands for something that was left out",
        "write it out, or delete the dots",
    ),
    (
        '{"a": 1, ...}',
        (1, 10, 13),
        "... stands for something that was left out",
        "write it out, or delete the dots",
    ),
    (
        "[1, \u2026]",
        (1, 5, 6),
        "\u2026 stands for something that was left out",
        "write it out, or delete the dots",
    ),
    # invisible
    (
        '{"a":\xa01}',
        (1, 6, 7),
        "a U+00A0 no-break space outside a string",
        "write a normal space, or nothing",
    ),
    (
        '{"a"\xa0: 1}',
        (1, 5, 6),
        "a U+00A0 no-break space outside a string",
        "write a normal space, or nothing",
    ),
    ('{\ufeff"a": 1}', (1, 2, 3), "a U+FEFF byte order mark outside a string", "delete it"),
    ('{"a": 1\u200b}', (1, 8, 9), "a U+200B zero width space outside a string", "delete it"),
    (
        '{"a": 1,\u3000"b": 2}',
        (1, 9, 10),
        "a U+3000 ideographic space outside a string",
        "write a normal space, or nothing",
    ),
    (
        '{"a": 1\u2028}',
        (1, 8, 9),
        "a U+2028 line separator outside a string",
        "write a normal space, or nothing",
    ),
    (
        '{"a": 1\x0b}',
        (1, 8, 9),
        "a U+000B control character outside a string",
        "write a normal space, or nothing",
    ),
    ('{"a": 1\x00}', (1, 8, 9), "a U+0000 control character outside a string", "delete it"),
    ('{"a": \ue000}', (1, 7, 8), "a U+E000 character outside a string", "delete it"),
    ('{"a"\uff1a1}', (1, 5, 6), '"\uff1a" only looks like ":"', 'write ":"'),
    ('{"a": 1\uff0c"b": 2}', (1, 8, 9), '"\uff0c" only looks like ","', 'write ","'),
    ('\uff5b"a": 1}', (1, 1, 2), '"\uff5b" only looks like "{"', 'write "{"'),
    ('{"a": \ud800}', (1, 7, 8), "a U+D800 character outside a string", "delete it"),
    # formats
    (
        "a: 1\nb: 2\n",
        (1, 1, 5),
        "this is YAML, not JSON",
        "give the file the ending .yaml, or use --input-format yaml",
    ),
    (
        "---\na: 1",
        (1, 1, 4),
        "this is YAML, not JSON",
        "give the file the ending .yaml, or use --input-format yaml",
    ),
    (
        "\n# c\na: 1\r\n",
        (3, 1, 5),
        "this is YAML, not JSON",
        "give the file the ending .yaml, or use --input-format yaml",
    ),
    (
        "- a\n- b",
        (1, 1, 4),
        "this is YAML, not JSON",
        "give the file the ending .yaml, or use --input-format yaml",
    ),
    (
        "%YAML 1.2\n---\n{}",
        (1, 1, 10),
        "this is YAML, not JSON",
        "give the file the ending .yaml, or use --input-format yaml",
    ),
    (
        "<!DOCTYPE html>\n<html>",
        (1, 1, 16),
        "this is HTML, not JSON",
        "save the JSON itself, since a page in its place is often a login or an error",
    ),
    (
        '<html\nlang="en">',
        (1, 1, 6),
        "this is HTML, not JSON",
        "save the JSON itself, since a page in its place is often a login or an error",
    ),
    (
        '<?xml version="1.0"?>',
        (1, 1, 22),
        "this is XML, not JSON",
        "write the request as JSON or YAML",
    ),
    (
        "curl -X POST x \\\n -d 1",
        (1, 1, 17),
        "this is a curl command, not JSON",
        "keep only the JSON that it sends, without the quotes around it",
    ),
    (
        "```json\n{}\n```",
        (1, 1, 8),
        "```json is Markdown, not JSON",
        "delete this row and the other one like it",
    ),
    (
        "{}\n```",
        (2, 1, 4),
        "``` is Markdown, not JSON",
        "delete this row and the other one like it",
    ),
]


@pytest.mark.parametrize(("content", "place", "cause", "remedy"), MISTAKES)
def test_a_syntax_error_is_explained_in_its_place(content, place, cause, remedy):
    document = read_json(Text(content))
    (problem,) = document.problems
    row, column, end_column = place
    assert document.root is None
    assert (problem.name, problem.pointer) == ("syntax", ())
    assert (problem.cause, problem.remedy) == (cause, remedy)
    assert document.text.location(problem.span.start) == Location(row, column)
    assert document.text.location(problem.span.end) == Location(row, end_column)


def test_a_wrong_bracket_is_shown_with_the_one_that_it_should_close():
    (problem,) = read_json(Text('{"a": [1}')).problems
    assert problem.related == (((), Span(6, 7), "opened here"),)


def test_a_long_number_is_not_examined():
    (problem,) = read_json(Text("[0" + "1" * 200 + "]")).problems
    assert problem.cause == f"0{'1' * 38}… is not in quotes"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("a\tb", r"a\u0009b"),
        ("\u202e\ud800\U000e0001", r"\u202e\ud800\ue0001"),
        ("é😀 ", "é😀 "),
        ("x" * 40, "x" * 40),
        ("x" * 41, "x" * 39 + "…"),
    ],
)
def test_what_is_quoted_is_short_and_visible(source, message):
    assert shown(source) == message
