"""Generated pages are up to date, and the picture is that of a real run."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from pages import COMMANDS, REQUEST, pages

ROOT = Path(__file__).parents[2]
PAGES = dict(pages())


@pytest.mark.parametrize("path", PAGES)
def test_a_generated_file_is_up_to_date(path, refresh_or_compare):
    refresh_or_compare(ROOT / path, PAGES[path])


def test_the_picture_shows_the_report_of_its_request(rosetta, write):
    write("pool.sampling.yaml", REQUEST)
    report = rosetta("check", "--isolated").stdout
    picture = ET.fromstring(PAGES["docs/report.svg"])  # noqa: S314 - it is our own
    shown = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    words = "".join("".join(shown).split())
    assert words == "$rosetta-speccheck" + "".join(report.split())
    colors = {text.get("fill") for text in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert len(colors) > 4


def test_each_key_of_a_request_has_a_section():
    schema = json.loads((ROOT / "schema" / "sampling-create.schema.json").read_text("utf-8"))
    inner = schema["properties"]["subCondition"]["properties"]
    names = [*schema["properties"], *(f"subCondition.{name}" for name in inner)]
    for name in names:
        assert f"\n## {name}\n" in PAGES["docs/request.md"]


def test_the_help_shows_the_whole_summary_of_each_command(rosetta):
    assert "..." not in rosetta("--help").stdout.partition("Commands:")[2]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_option_of_a_command_is_listed(name, rosetta):
    section = PAGES["docs/command-line.md"].split(f"\n## {name}\n")[1].split("\n## ")[0]
    listed = {word for word in rosetta(name, "--help").stdout.split() if word.startswith("--")}
    for option in listed - {"--help"}:
        assert option.rstrip(",.;:") in section
