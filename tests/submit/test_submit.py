"""`submit` sends checked requests once, and reports the outcome and the next steps."""

import json
import os
import pty
import re
import shlex
import signal
import sqlite3
import subprocess
import sysconfig
import threading
import time
from pathlib import Path
from shutil import which
from unittest import mock

import pytest
from fake_api import KEY, MESSAGES, SECRET

from rosetta_spec.submit import sending
from rosetta_spec.submit.report import command_line
from rosetta_spec.version import install_command

FINE = "annotationRequestId: a3f8\npoolName: street-scenes\n"
BODY = b'{"annotationRequestId":"a3f8","poolName":"street-scenes"}'

COMMAND = [f"{sysconfig.get_path('scripts')}/rosetta-spec", "submit"]


def submissions(outcome):
    return json.loads(outcome.stdout)["submissions"]


def statuses(outcome):
    return [each["status"] for each in submissions(outcome)]


def test_a_valid_request_is_created_once(submit, api, request_file):
    path = request_file()
    first = submit(path)
    assert first == (
        0,
        "a.sampling.yaml:1: created package 234234123133374715904 with 3 scenes\n1 created.\n",
        "",
    )
    second = submit(path)
    assert second.status == 0
    assert "already created as package 234234123133374715904 by attempt 1 of " in second.stdout
    assert list(api.created.values()) == [BODY]


def test_the_json_report_has_the_documented_keys(submit, request_file):
    outcome = submit(request_file(), "--format", "json")
    assert json.loads(outcome.stdout) == {
        "version": 1,
        "submissions": [
            {
                "filename": "a.sampling.yaml",
                "document": 0,
                "status": "created",
                "code": 2000,
                "message": "the package was created (Success); nothing is left to do",
                "sampling_package_id": 234234123133374715904,
                "scene_count": 3,
                "request_id": "request-1",
            }
        ],
    }


def test_the_same_request_in_another_notation_is_the_same(submit, api, request_file):
    submit(request_file())
    text = '{"poolName": "street-scenes", "$schema": "x", "annotationRequestId": "a3f8"}'
    again = submit(request_file(text, "b.sampling.json"), "--format", "json")
    assert statuses(again) == ["already-created"]
    assert len(api.received) == 1


def test_a_request_given_twice_is_sent_once(submit, api, request_file):
    """Also with --again, which applies to earlier runs only."""
    paths = [request_file(name=f"{name}.sampling.yaml") for name in "abc"]
    for options in ([], ["--again"], ["--again", "--jobs", "3"]):
        before = len(api.created)
        outcome = submit(*paths, "--format", "json", *options)
        assert sorted(statuses(outcome)) == ["already-created", "already-created", "created"]
        assert len(api.created) == before + 1


def test_a_file_name_that_is_not_utf_8_is_no_obstacle(submit, api, folder):
    name = os.fsdecode(b"\xff.sampling.yaml")
    (folder / name).write_text(FINE, encoding="utf-8")
    api.failures.append("drop-after")
    for status in (4, 4):
        outcome = submit(name)
        assert outcome.status == status
    assert submit("--status").status == 0
    assert submit("--status", "--format", "json").status == 0
    assert submit(name, "--retry-unknown", "--format", "json").status == 0
    assert len(api.created) == 2


def test_one_error_in_any_file_prevents_sending(submit, api, request_file):
    good, bad = request_file(), request_file(f"{FINE}samplingRatio: 20\n", "b.sampling.yaml")
    outcome = submit(good, bad)
    assert (outcome.status, outcome.stderr) == (1, "")
    assert outcome.stdout.startswith("error[RS107] out-of-range: samplingRatio 20 is above 1")
    assert outcome.stdout.endswith("Found 1 error in 1 of 2 files.\n")
    assert api.received == []


def test_with_an_error_the_json_report_says_that_nothing_was_sent(submit, request_file):
    good, bad = request_file(), request_file(f"{FINE}---\nfalse\n", "b.sampling.yaml")
    outcome = submit(good, bad, "--format", "json")
    assert outcome.status == 1
    assert [(each["document"], each["status"]) for each in submissions(outcome)] == [
        (0, "not-sent"),
        (0, "not-sent"),
        (1, "not-sent"),
    ]
    assert submissions(outcome)[0]["message"] == "nothing is sent, because 1 error was found"
    assert "error[RS004]" in outcome.stderr


def test_an_unreadable_file_prevents_sending(submit, request_file):
    assert submit(request_file(), "there-is-none.yaml").status == 2


def test_a_warning_is_shown_and_does_not_prevent_sending(submit, api, request_file):
    outcome = submit(request_file(f"{FINE}sequenceLength: 3\n"))
    assert outcome.status == 0
    assert outcome.stderr.startswith("warning[RS401]")
    assert len(api.created) == 1


def test_a_suppressed_error_does_not_prevent_sending(submit, api, request_file):
    silent = "samplingRatio: 20  # rosetta-spec: ignore[RS107] we know better\n"
    assert submit(request_file(FINE + silent)).status == 0
    assert len(api.created) == 1


def test_a_disabled_rule_does_not_prevent_sending(submit, api, request_file, write):
    write(".rosetta-spec.toml", 'severity = { RS107 = "off" }\n')
    assert submit(request_file(f"{FINE}samplingRatio: 20\n")).status == 0
    assert submit(request_file(f"{FINE}samplingRatio: 20\n"), "--isolated").status == 1
    assert len(api.created) == 1


def test_a_value_that_json_cannot_represent_prevents_sending_whatever_the_configuration(
    submit, api, request_file, write
):
    write(".rosetta-spec.toml", 'severity = { RS006 = "warning", RS107 = "off" }\n')
    outcome = submit(request_file(f"{FINE}samplingRatio: .nan\n"))
    assert outcome.status == 1
    assert "error[submit] unsendable" in outcome.stdout
    assert api.received == []


def test_documents_of_every_format_are_sent_in_order(submit, api, request_file):
    lines = "".join(f'{{"annotationRequestId":"{n}","poolName":"p"}}\n\n' for n in range(3))
    request_file(lines, "a.sampling.jsonl")
    request_file(f"{FINE}---\n{FINE}samplingQuantity: 5\n", "b.sampling.yaml")
    outcome = submit(".")
    assert outcome.status == 0
    assert outcome.stdout.splitlines()[1].startswith("a.sampling.jsonl:3: created package")
    assert outcome.stdout.splitlines()[4].startswith("b.sampling.yaml:4: created package")
    assert [json.loads(each).get("annotationRequestId") for each in api.created.values()] == [
        "0",
        "1",
        "2",
        "a3f8",
        "a3f8",
    ]


def test_standard_input_can_be_sent(submit, api):
    outcome = submit("-", stdin=FINE.encode())
    assert (outcome.status, list(api.created.values())) == (0, [BODY])


def test_numbers_are_sent_exactly(submit, api, request_file):
    submit(request_file(f"{FINE}samplingQuantity: 234234123133374715904\n"))
    (body,) = api.created.values()
    assert body == BODY[:-1] + b',"samplingQuantity":234234123133374715904}'


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        (55005, "2 | poolName: street-scenes\n  |           ^^^^^^^^^^^^^\n"),
        (53003, "1 | annotationRequestId: a3f8\n  |                      ^^^^\n"),
        (57015, "3 | samplingQuantity: 5\n  |                   ^\n"),
        (5606, "2 | poolName: street-scenes\n  |           ^^^^^^^^^^^^^\n"),
        (57008, "1 | annotationRequestId: a3f8\n  | ^\n"),
        (53001, "ask the platform's support about this code"),
        (403, "correct this machine's clock"),
    ],
)
def test_a_refusal_is_shown_at_its_cause(submit, api, request_file, code, shown):
    api.failures.append(code)
    outcome = submit(request_file(f"{FINE}samplingQuantity: 5\n"))
    assert outcome.status == 1
    assert outcome.stdout.startswith(f"error[{code}] ")
    assert shown in outcome.stdout
    assert outcome.stdout.endswith("1 refused.\n")


def test_a_refused_request_is_sent_by_the_next_run(submit, api, request_file):
    api.failures.append(5606)
    assert submit(request_file()).status == 1
    assert submit(request_file()).status == 0


def test_an_unknown_outcome_comes_with_the_next_steps(submit, api, request_file, folder):
    api.failures.append("drop-after")
    path = request_file()
    outcome = submit(path)
    assert outcome.status == 4
    assert outcome.stdout.startswith(
        "error[unknown] no-answer: the request was sent, and its outcome"
    )
    steps = [line for line in outcome.stdout.splitlines() if "rosetta-spec submit" in line]
    called = f"rosetta-spec submit --journal {folder}/journal"
    assert steps == [
        f"  If it is there, record its id:  {called} --mark-created ID --attempt 1",
        f"  If it is not, send it again:    {called} --retry-unknown a.sampling.yaml",
    ]
    assert submit(path).status == 4
    assert len(api.received) == 1


@pytest.mark.parametrize("setting", [["--config", "a b.toml"], ["--isolated"]])
def test_a_request_that_is_sent_again_is_read_in_the_same_way(
    submit, api, request_file, write, setting
):
    write("a b.toml", "")
    api.failures.append("drop-after")
    options = [*setting, "--input-format", "yaml"]
    outcome = submit(request_file(name="a.txt"), *options)
    steps = [line for line in outcome.stdout.splitlines() if "rosetta-spec submit" in line]
    record, retry = map(shlex.split, steps)
    assert record[-4:] == ["--mark-created", "ID", "--attempt", "1"]
    assert not {*options} & {*record}
    assert {*options} <= {*retry}
    assert submit(*retry[retry.index("submit") + 1 :]).status == 0
    assert len(api.created) == 2


def test_standard_input_that_is_sent_again_has_the_same_name(submit, api):
    api.failures.append("drop-after")
    outcome = submit("-", "--stdin-filename", "./a.yaml", stdin=FINE.encode())
    assert " --stdin-filename ./a.yaml --retry-unknown -\n" in outcome.stdout
    assert "send the same input again:  rosetta-spec submit " in outcome.stdout


@pytest.mark.parametrize("name", ["a.yaml", "./-a.yaml", "it's $HOME/a b.yaml", "./-"])
def test_a_file_that_is_sent_again_is_read_from_its_path(submit, api, request_file, name):
    api.failures.append("drop-after")
    outcome = submit(request_file(name=name), "--stdin-filename", "a.yaml")
    called = shlex.split(outcome.stdout.rpartition("send it again:")[2].splitlines()[0])
    assert called[-2:] == ["--retry-unknown", name]
    assert "--stdin-filename" not in called
    assert submit(*called[called.index("--retry-unknown") :]).status == 0
    assert len(api.created) == 2


def test_on_windows_a_call_has_double_quotes():
    words = ["a.yaml", "--journal", r"C:\my files\j", "https://example.com"]
    quoted = r'a.yaml --journal "C:\my files\j" https://example.com'
    assert command_line(words, "win32") == quoted
    assert shlex.split(command_line(words, "linux")) == words


def test_next_steps_go_to_stderr_with_the_json_report(submit, api, request_file):
    api.failures.append(5000)
    outcome = submit(request_file(), "--format", "json")
    assert (outcome.status, statuses(outcome)) == (4, ["unknown"])
    assert "--mark-created ID --attempt 1" in outcome.stderr


def test_an_unknown_outcome_is_retried_only_if_asked(submit, api, request_file):
    api.failures.append("drop-before")
    path = request_file()
    submit(path)
    outcome = submit(path, "--retry-unknown")
    assert (outcome.status, len(api.created)) == (0, 1)
    assert submit(path).stdout.endswith("1 already created.\n")
    assert "sent again as attempt 2" in submit("--status").stdout


def test_a_marked_package_is_known(submit, api, request_file):
    api.failures.append("drop-after")
    path = request_file()
    submit(path)
    marked = submit("--mark-created", "5888")
    assert marked[:2] == (0, "Attempt 1 created package 5888.\n")
    assert "already created as package 5888" in submit(path).stdout


@pytest.fixture
def two_unknown(submit, api, request_file):
    paths = request_file(), request_file(f"{FINE}samplingQuantity: 5\n", "b.sampling.yaml")
    api.failures.extend(["drop-after", "drop-after"])
    submit(*paths)
    return paths


def test_which_attempt_is_marked_must_be_clear(submit, two_unknown):
    outcome = submit("--mark-created", "5888")
    assert outcome.status == 2
    assert outcome.stderr == (
        "error: the outcomes of several attempts are unknown: 1 (a.sampling.yaml),"
        " 2 (b.sampling.yaml); choose one with --attempt N\n"
    )
    assert submit("--mark-created", "5888", "--attempt", "2").status == 0
    assert submit("--mark-created", "5889", two_unknown[1]).stderr.startswith(
        "error: no such attempt has an unknown outcome"
    )
    assert submit("--mark-created", "5889", two_unknown[0]).status == 0


def test_the_journal_is_listed_as_text_and_json(submit, api, request_file):
    api.failures.extend([None, 55005, "drop-after"])
    for number in range(3):
        submit(request_file(f"{FINE}samplingQuantity: {number + 1}\n"))
    listed = submit("--status").stdout.splitlines()
    assert [line.split("  ")[2].strip() for line in map(str.lstrip, listed)] == [
        "created",
        "refused",
        "unknown",
    ]
    attempts = json.loads(submit("--status", "--format", "json").stdout)["attempts"]
    assert [each["state"] for each in attempts] == ["created", "refused", "unknown"]
    assert attempts[0]["sampling_package_id"] == 234234123133374715904
    assert attempts[0]["access_key"] == KEY


@pytest.mark.parametrize("output", [(), ("--format", "json")])
def test_before_the_first_run_nothing_is_listed(rosetta, folder, monkeypatch, output):
    monkeypatch.setenv("XDG_STATE_HOME", str(folder))
    listed = '{"version": 1, "attempts": []}\n' if output else "Nothing has been sent yet.\n"
    outcome = rosetta("submit", "--status", *output)
    assert (outcome.status, "".join(outcome.stdout.split())) == (0, "".join(listed.split()))
    assert list(folder.iterdir()) == []


def test_a_package_without_an_id_is_listed_without_one(submit, api, request_file, monkeypatch):
    monkeypatch.setattr(api, "_envelope", lambda *_: b'{"code": 2000}')
    assert submit(request_file()).stdout == "a.sampling.yaml:1: created package\n1 created.\n"
    assert submit("--status").stdout.endswith("  created   a.sampling.yaml (document 0)\n")


def test_the_journal_is_listed_in_a_folder_that_may_not_be_written(
    submit, request_file, folder, monkeypatch
):
    submit(request_file())
    listed = submit("--status").stdout
    before = {path: path.stat().st_mtime_ns for path in (folder, folder / "journal")}
    folder.chmod(0o555)
    # For some users, nothing is forbidden.
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
    outcome = submit("--status")
    folder.chmod(0o755)
    assert outcome == (0, listed, "")
    assert {path: path.stat().st_mtime_ns for path in before} == before


@pytest.mark.parametrize("name", [":memory:", "file:a?mode=memory"])
def test_a_journal_in_memory_is_a_file_by_that_name(submit, api, request_file, folder, name):
    for status in ("created", "already-created"):
        outcome = submit(request_file(), "--journal", name, "--format", "json")
        assert statuses(outcome) == [status]
    assert (folder / name).is_file()
    assert len(api.received) == 1


def test_only_a_request_that_never_left_is_retried(submit, api, request_file, monkeypatch):
    monkeypatch.setattr("rosetta_spec.submit.sending.RETRY_PAUSES", (0.01, 0.01))
    api.close()
    paths = request_file(), request_file(f"{FINE}samplingQuantity: 5\n", "b.sampling.yaml")
    outcome = submit(*paths)
    assert outcome.status == 2
    assert outcome.stdout.splitlines()[-1] == "2 not sent."
    assert outcome.stderr.startswith("error: nothing can be sent: 127.0.0.1:")
    assert submit("--status").stdout == "Nothing has been sent yet.\n"


def test_with_fail_fast_nothing_more_is_sent(submit, api, request_file):
    api.failures.append(55005)
    paths = [request_file(FINE + f"samplingQuantity: {n}\n", f"{n}.yaml") for n in range(1, 4)]
    outcome = submit(*paths, "--fail-fast", "--format", "json")
    assert (outcome.status, statuses(outcome)) == (1, ["refused", "not-sent", "not-sent"])
    assert submissions(outcome)[1]["message"] == "the run ended by --fail-fast"
    assert statuses(submit(*paths, "--format", "json")) == ["created"] * 3


def test_refused_keys_end_the_run(submit, api, request_file, monkeypatch):
    monkeypatch.setenv("ROSETTA_SECRET_KEY", "another")
    paths = [request_file(FINE + f"samplingQuantity: {n}\n", f"{n}.yaml") for n in range(1, 4)]
    outcome = submit(*paths, "--format", "json")
    assert (outcome.status, statuses(outcome)) == (1, ["refused", "not-sent", "not-sent"])
    assert len(api.received) == 1


@pytest.mark.parametrize("failure", ["too-many", 429])
def test_too_many_requests_end_the_run(submit, api, request_file, failure):
    api.failures.append(failure)
    paths = [request_file(FINE + f"samplingQuantity: {n}\n", f"{n}.yaml") for n in range(1, 4)]
    outcome = submit(*paths, "--format", "json")
    assert (outcome.status, statuses(outcome)) == (1, ["refused", "not-sent", "not-sent"])
    messages = [each["message"] for each in submissions(outcome)]
    assert submissions(outcome)[0]["code"] == 429
    assert all("the service accepts no more requests for now" in each for each in messages)
    assert all(("wait 7 seconds" in each) == (failure == "too-many") for each in messages)
    assert len(api.received) == 1
    assert statuses(submit(*paths, "--format", "json")) == ["created"] * 3


def test_all_names_of_this_machine_are_one_place(submit, api, request_file):
    path = request_file()
    assert submit(path).status == 0
    outcome = submit(path, "--base-url", f"http://LOCALHOST:{api.port}/", "--format", "json")
    assert statuses(outcome) == ["already-created"]
    assert len(api.received) == 1


def test_every_missing_variable_is_reported(submit, request_file, monkeypatch):
    for name in ("ROSETTA_BASE_URL", "ROSETTA_ACCESS_KEY", "ROSETTA_SECRET_KEY"):
        monkeypatch.delenv(name)
    outcome = submit(request_file())
    assert (outcome.status, outcome.stdout) == (2, "")
    assert [line.split(" is not set")[0] for line in outcome.stderr.splitlines()] == [
        "error: ROSETTA_BASE_URL",
        "error: ROSETTA_ACCESS_KEY",
        "error: ROSETTA_SECRET_KEY",
    ]


@pytest.mark.parametrize(
    "base_url",
    ["https://a..b", "https://.", "https://xn--", "https://999.1.1.1", "https://xn--ls8h.la"],
)
def test_a_host_that_cannot_be_is_a_wrong_call(submit, request_file, base_url):
    outcome = submit(request_file(), "--base-url", base_url)
    assert (outcome.status, outcome.stdout) == (2, "")
    assert re.search(r"host is not a valid name|is not a valid host name", outcome.stderr)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("poolName can't be empty", "2 | poolName: street-scenes\n  |           ^^^"),
        (
            "subCondition.taskId is empty",
            '3 | subCondition: {taskId: ["1"]}\n  |                        ^^',
        ),
        ("字段poolName不能为空", "2 | poolName: street-scenes\n  |           ^^^"),
        ("The field 'sampleType' can't be empty", "1 | annotationRequestId: a3f8\n  | ^\n"),
        ("myPoolNames can't be empty", "1 | annotationRequestId: a3f8\n  | ^\n"),
    ],
)
def test_an_empty_field_is_shown_where_the_message_names_it(
    submit, api, request_file, monkeypatch, message, shown
):
    monkeypatch.setitem(MESSAGES, 51000, message)
    api.failures.append(51000)
    outcome = submit(request_file(FINE + 'subCondition: {taskId: ["1"]}\n'))
    assert outcome.status == 1
    assert f"({message})" in outcome.stdout
    assert shown in outcome.stdout


def test_many_unknown_outcomes_end_the_run(submit, api, request_file):
    api.failures.extend([5000] * 9)
    lines = "".join(f'{{"annotationRequestId":"{n}","poolName":"p"}}\n' for n in range(9))
    outcome = submit(request_file(lines, "a.sampling.jsonl"), "--format", "json")
    assert (outcome.status, statuses(outcome)) == (4, ["unknown"] * 5 + ["not-sent"] * 4)


def test_a_dry_run_shows_the_request_without_its_secrets_and_sends_nothing(
    submit, api, request_file, folder
):
    outcome = submit(request_file(), "--dry-run")
    assert (outcome.status, api.received) == (0, [])
    head = outcome.stdout.splitlines()
    assert head[:3] == [
        "# a.sampling.yaml:1",
        '# Pool "street-scenes" of annotation request a3f8: inspect all of its tasks.',
        f"POST {api.base_url}/rosetta-open/sampling/create",
    ]
    assert f"X-STARDUST-KEY: {KEY}" in head
    assert "X-SIGN: [hidden]" in head
    assert BODY.decode() in head
    assert not (folder / "journal").exists()


def test_a_dry_run_needs_no_keys(submit, request_file, monkeypatch):
    monkeypatch.delenv("ROSETTA_ACCESS_KEY")
    monkeypatch.delenv("ROSETTA_SECRET_KEY")
    outcome = submit(request_file(), "--dry-run", "--format", "json")
    assert (outcome.status, statuses(outcome)) == (0, ["dry-run"])
    assert "(ROSETTA_ACCESS_KEY is not set)" in submit(request_file(), "--dry-run").stdout


@pytest.mark.skipif(
    not (which("curl") and which("openssl")), reason="curl or openssl is not on this machine"
)
def test_the_curl_command_sends_the_same_request(submit, api, request_file):
    quoted = FINE + 'samplingQuantity: 5\nsubCondition: {taskId: ["it\'s $HOME ä"]}\n'
    line = submit(request_file(quoted), "--dry-run").stdout.splitlines()[-2]
    ended = subprocess.run(["sh", "-c", line], capture_output=True, check=True)
    assert json.loads(ended.stdout)["code"] == 2000
    submit("a.sampling.yaml")
    first, second = api.received
    assert first.body == second.body


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ROSETTA_BASE_URL", "ROSETTA_BASE_URL is not set in the environment; set it, or give"),
        ("ROSETTA_ACCESS_KEY", "ROSETTA_ACCESS_KEY is not set in the environment"),
        ("ROSETTA_SECRET_KEY", "ROSETTA_SECRET_KEY is not set in the environment"),
    ],
)
def test_missing_keys_are_named(submit, request_file, monkeypatch, name, message):
    monkeypatch.delenv(name)
    outcome = submit(request_file())
    assert (outcome.status, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith(f"error: {message}")


def test_a_credentials_file_beats_the_environment(submit, api, request_file, write, monkeypatch):
    monkeypatch.setenv("ROSETTA_ACCESS_KEY", "another")
    file = write("keys", f"ROSETTA_ACCESS_KEY={KEY}\nROSETTA_SECRET_KEY={SECRET}\n")
    file.chmod(0o644)
    refused = submit(request_file(), "--credentials", file)
    assert (refused.status, "other users can read" in refused.stderr) == (2, True)
    file.chmod(0o600)
    assert submit(request_file(), "--credentials", file).status == 0
    assert len(api.created) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "nothing to send; name"),
        (["--status", "a"], "remove the paths"),
        (["--status", "--dry-run"], "cannot be used together"),
        (["--mark-created", "x"], "is not a package id"),
        (["a.sampling.yaml", "--mark-created", ""], "is not a package id"),
        (["--mark-created", "", "--attempt", "1"], "is not a package id"),
        (["--mark-created", "٣"], "is not a package id"),
        (["--mark-created", "9" * 5000], "is not a package id"),
        (["a", "--attempt", "1"], "--attempt selects the attempt for --mark-created"),
        (["a", "--jobs", "0"], "--jobs"),
        (["a", "--timeout", "nan"], "--timeout"),
        (["a", "--timeout", "0"], "--timeout"),
        (["a", "--config", "x", "--isolated"], "cannot be used together"),
    ],
)
def test_a_usage_error_is_reported(submit, api, request_file, arguments, message):
    request_file()
    outcome = submit(*arguments)
    assert (outcome.status, message in outcome.stderr, api.received) == (2, True, [])


def test_without_a_home_folder_a_journal_must_be_named(
    rosetta, submit, api, request_file, monkeypatch
):
    monkeypatch.setattr(Path, "home", mock.Mock(side_effect=RuntimeError))
    outcome = rosetta("submit", request_file())
    assert outcome[:2] == (2, "")
    assert outcome.stderr.endswith("name a journal with --journal\n")
    assert api.received == []
    assert submit("a.sampling.yaml").status == 0


def test_an_unusable_journal_prevents_sending(submit, api, request_file, write):
    write("journal", "no database, and long enough to be seen as none" * 30)
    outcome = submit(request_file())
    assert (outcome.status, api.received) == (2, [])
    assert outcome.stderr.startswith("error: the journal ")


def test_a_broken_journal_is_reported(submit, request_file, folder):
    submit(request_file())
    with sqlite3.connect(folder / "journal") as broken:
        broken.execute("ALTER TABLE attempt RENAME TO another")
    broken.close()
    for arguments in (["--status"], ["--mark-created", "1"], ["a.sampling.yaml"]):
        outcome = submit(*arguments)
        assert (outcome.status, "cannot be used: no such table" in outcome.stderr) == (2, True)


def test_a_folder_without_requests_sends_nothing(submit, folder):
    outcome = submit(folder)
    assert (outcome.status, outcome.stdout) == (0, "Nothing to send.\n")
    assert "warning: no sampling request" in outcome.stderr


def test_without_httpx_the_message_says_what_to_install(process, api, request_file, write):
    write("hidden/httpx.py", "raise ModuleNotFoundError('httpx', name='httpx')")
    path = filter(None, [os.environ.get("PYTHONPATH")])
    environment = {**api.environment, "PYTHONPATH": os.pathsep.join(["hidden", *path])}
    ended = process("submit", request_file(), env=environment)
    assert ended.returncode == 2
    message = f"error: sending needs httpx; install it with: {install_command('submit')}\n"
    assert ended.stderr == message.encode()
    assert process("submit", "a.sampling.yaml", "--dry-run", env=environment).returncode == 0


class Terminal:
    """A call of `submit` on a terminal."""

    def __init__(self, arguments, environment, **streams):
        self._ours, theirs = pty.openpty()
        streams = {"stdin": theirs, "stderr": theirs, "stdout": subprocess.PIPE, **streams}
        self.process = subprocess.Popen(
            [*COMMAND, *arguments], env={**os.environ, **environment}, **streams
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text):
        while text not in self.shown:
            self.shown += os.read(self._ours, 1000).decode()

    def write(self, text):
        os.write(self._ours, text.encode())

    def end(self):
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, (output or b"").decode()


@pytest.mark.parametrize(("answer", "expected"), [("y", (0, 1)), ("n", (130, 0)), ("", (130, 0))])
def test_the_user_is_asked_on_a_terminal(api, request_file, folder, answer, expected):
    path = request_file()
    terminal = Terminal([path, "--journal", str(folder / "j")], api.environment)
    terminal.wait_for("annotation request a3f8: inspect all of its tasks.")
    terminal.wait_for(f"Send 1 request to 127.0.0.1:{api.port}? [y/N]: ")
    terminal.write(f"{answer}\n")
    if not expected[1]:
        terminal.wait_for("Nothing is sent.")
    assert (terminal.end()[0], len(api.created)) == expected


def test_an_interrupt_instead_of_an_answer_sends_nothing(api, request_file, folder, interrupt):
    terminal = Terminal([request_file(), "--journal", str(folder / "j")], api.environment)
    terminal.wait_for("[y/N]: ")
    assert interrupt(terminal.process) == 130
    terminal.wait_for("[y/N]: \r\nNothing is sent.\r\n")
    assert (terminal.end()[0], api.received) == (130, [])


@pytest.mark.parametrize(
    ("option", "kind", "expected"),
    [
        ("--status", "warning", (0, "Nothing has been sent yet.\n")),
        ("--mark-created=5", "error", (2, "")),
    ],
)
def test_a_missing_journal_is_reported_and_not_created(submit, folder, option, kind, expected):
    outcome = submit(option, "--journal", str(folder / "none"))
    assert outcome[:2] == expected
    assert f"{kind}: there is no journal {folder / 'none'}; name the journal" in outcome.stderr
    assert not (folder / "none").exists()


@pytest.mark.parametrize("option", ["--status", "--mark-created=5"])
def test_a_journal_that_cannot_be_examined_is_reported(submit, option):
    name = "j" * 300
    outcome = submit(option, "--journal", name)
    assert outcome[:2] == (2, "")
    assert outcome.stderr.startswith(f"error: the journal {name} cannot be opened")


def test_with_yes_the_user_is_not_asked(api, request_file, folder):
    terminal = Terminal([request_file(), "-y", "--journal", str(folder / "j")], api.environment)
    assert terminal.end()[0] == 0
    assert len(api.created) == 1


def test_a_progress_bar_is_shown_on_a_terminal(api, request_file, folder):
    """Of a run that takes more than a second."""
    api.delay = 0.7
    lines = "".join(f'{{"annotationRequestId":"{n}","poolName":"p"}}\n' for n in range(3))
    path = request_file(lines, "a.sampling.jsonl")
    terminal = Terminal([path, "-y", "--journal", str(folder / "j")], api.environment)
    terminal.wait_for("]  67%  2 documents")
    assert terminal.end()[0] == 0


def test_without_a_terminal_for_answers_yes_is_needed(api, request_file, folder):
    terminal = Terminal(
        [request_file(), "--journal", str(folder / "j")],
        api.environment,
        stdin=subprocess.DEVNULL,
    )
    terminal.wait_for("error: there is no terminal to ask for confirmation; use --yes to send")
    assert terminal.end()[0] == 2


def wait_until(is_so):
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def background(api, request_file, folder):
    """Start `submit` with many requests."""
    lines = "".join(f'{{"annotationRequestId":"{n}","poolName":"p"}}\n' for n in range(6))
    path = request_file(lines, "a.sampling.jsonl")
    started = []

    def call(*arguments):
        command = [*COMMAND, path, "--journal", str(folder / "journal"), *arguments]
        started.append(
            subprocess.Popen(
                command,
                env={**os.environ, **api.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield call
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def held(api):
    """The service answers when this is set."""
    event = threading.Event()
    api.failure_for = lambda _body: event.wait() and None
    yield event
    event.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_finishes_requests_in_progress(background, api, held, number):
    process = background("--jobs", "2", "--format", "json")
    wait_until(lambda: len(api.received) == 2)
    process.send_signal(number)
    assert process.stderr.readline() == "\n"
    assert "interrupted: waiting for the requests in progress" in process.stderr.readline()
    held.set()
    stdout, _ = process.communicate(timeout=60)
    listed = [each["status"] for each in json.loads(stdout)["submissions"]]
    assert (process.returncode, listed) == (130, ["created"] * 2 + ["not-sent"] * 4)
    assert len(api.created) == 2


@pytest.mark.usefixtures("held")
def test_a_second_interruption_ends_the_run_immediately(background, api, submit):
    process = background()
    wait_until(lambda: api.received)
    process.send_signal(signal.SIGINT)
    assert "interrupted" in process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert ": the process that sent it ended before there was a response" in (
        submit("--status").stdout
    )


def test_a_second_interruption_waits_for_nothing_and_reports_what_was_created(background, api):
    api.failures.extend([None, "late"])
    process = background("--format", "json", "--timeout", "600")
    wait_until(lambda: len(api.received) == 2)
    process.send_signal(signal.SIGINT)
    assert "interrupted" in process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    listed = [each["status"] for each in json.loads(stdout)["submissions"]]
    assert listed == ["created", "unknown", *["not-sent"] * 4]
    assert "the run was interrupted before a response" in stderr
    assert "--mark-created ID --attempt 2" in stderr
    assert "Traceback" not in stderr


def test_a_second_interruption_reports_later_requests_too(background, api):
    api.failures.append("late")
    process = background("--jobs", "2", "--timeout", "600")
    wait_until(lambda: len(api.received) == 6)
    process.send_signal(signal.SIGINT)
    assert "interrupted" in process.stderr.readline() + process.stderr.readline()
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60)[0].count(": created package") >= 4


def test_a_bug_does_not_hide_what_was_created(api, submit, request_file, monkeypatch, capfdbinary):
    outcome_of = mock.Mock(side_effect=[sending.Outcome("created", 2000), AttributeError()])
    monkeypatch.setattr(sending, "outcome_of", outcome_of)
    paths = [request_file(FINE + f"samplingQuantity: {n}\n", f"{n}.yaml") for n in range(1, 4)]
    with pytest.raises(AttributeError):
        submit(*paths, "--format", "json")
    listed = [each["status"] for each in json.loads(capfdbinary.readouterr().out)["submissions"]]
    assert listed == ["created", "unknown", "not-sent"]


@pytest.mark.parametrize("redirection", ["2>&-", "2> /dev/full", "2> >(true)", "> >(true)", ">&-"])
def test_an_unknown_outcome_has_its_status_wherever_the_output_goes(
    api, request_file, folder, redirection
):
    api.failures.append("drop-after")
    line = shlex.join([*COMMAND, request_file(), "--journal", "j", "--format", "json"])
    ended = subprocess.run(
        ["bash", "-c", f"{line} {redirection}"],
        env={**os.environ, **api.environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (ended.returncode, len(api.created)) == (4, 1)


def test_two_processes_with_the_same_requests_send_each_once(background, api):
    api.delay = 0.2
    first, second = background("--format", "json"), background("--format", "json")
    outputs = [json.loads(process.communicate(timeout=60)[0]) for process in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(api.created) == 6
    pairs = zip(*(output["submissions"] for output in outputs), strict=True)
    assert [{each["status"] for each in pair} for pair in pairs] == [
        {"created", "already-created"}
    ] * 6


@pytest.mark.usefixtures("held")
def test_an_attempt_in_progress_is_listed_as_sending(background, api, submit):
    background()
    wait_until(lambda: api.received)
    assert "sending   a.sampling.jsonl (document 0)\n" in submit("--status").stdout


def test_an_empty_json_lines_file_prevents_sending(submit, api, request_file):
    outcome = submit(request_file("\n", "a.sampling.jsonl"), "--format", "json")
    assert (outcome.status, statuses(outcome)) == (1, ["not-sent"])
    assert api.received == []


def test_a_document_that_is_not_an_object_prevents_sending_whatever_the_configuration(
    submit, api, request_file, write
):
    write(".rosetta-spec.toml", 'severity = { RS004 = "warning" }\n')
    outcome = submit(request_file("[1]"))
    assert outcome.status == 1
    assert "error[submit] unsendable: this document is a list, not an object" in outcome.stdout
    assert api.received == []


def test_the_journal_is_in_the_users_state_folder(process, api, request_file, folder):
    environment = {**api.environment, "HOME": str(folder / "home")}
    assert process("submit", request_file(), env=environment).returncode == 0
    journals = [each for each in (folder / "home").rglob("*") if each.is_file()]
    assert [each.name for each in journals] == ["submissions.sqlite3"]
    assert Path("a.sampling.yaml").exists()
