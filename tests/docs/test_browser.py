"""The site in a real Chromium, on a desktop and on a phone: nothing is cut off, nothing fails."""

import json

import pytest
from browser import CHROMIUM, result_of

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

#: Shows each page in a frame of a width, and collects those that scroll sideways.
HARNESS = """<!DOCTYPE html><body><script type="module">
const found = [];
for (const width of [1280, 390]) {
  for (const page of PAGES) {
    const frame = document.createElement("iframe");
    frame.width = width;
    frame.height = 800;
    frame.src = page;
    document.body.append(frame);
    await new Promise((resolve) => { frame.onload = resolve; });
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    const root = frame.contentDocument.documentElement;
    if (root.scrollWidth > root.clientWidth) found.push(`${page} is too wide for ${width}`);
    const reports = frame.contentDocument.querySelectorAll(".report").length;
    if (/^rules\\/./.test(page) && !reports) found.push(`${page} has no report in colour`);
    frame.remove();
  }
}
await fetch("result", { method: "POST", body: JSON.stringify(found) });
</script>"""


def test_no_page_scrolls_sideways_and_reports_are_in_colour(site, tmp_path):
    pages = [page.relative_to(site).as_posix() for page in sorted(site.rglob("index.html"))]
    pages = [page.removesuffix("index.html") or "./" for page in pages]
    assert result_of(site, HARNESS.replace("PAGES", json.dumps(pages)), tmp_path) == []
