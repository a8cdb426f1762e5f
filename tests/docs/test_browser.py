"""The site in a real Chromium, on a desktop and on a phone: nothing is cut off, all can be read."""

import json
import shutil
from pathlib import Path

import pytest
from browser import CHROMIUM, NODE_MODULES, PYODIDE, result_of

BAD = Path(__file__).parents[2] / "examples" / "bad"
AXE = NODE_MODULES / "axe-core" / "axe.min.js"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

#: Shows each page in a frame of its width, and collects what a function finds there.
HARNESS = """<!DOCTYPE html><body><script type="module">
async function loaded(element, parent) {
  const end = new Promise((resolve, reject) => {
    element.onload = resolve;
    element.onerror = () => reject(Error(`${element.src} cannot be loaded`));
  });
  parent.append(element);
  await end;
}
LOOK
const found = [];
for (const [page, width] of VISITS) {
  const frame = document.createElement("iframe");
  Object.assign(frame, { width, height: 800, src: page });
  await loaded(frame, document.body);
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  const problems = await Promise.resolve(look(frame, page)).catch((error) => [String(error)]);
  for (const each of problems) found.push(`${page} at ${width}: ${each}`);
  frame.remove();
}
await fetch("result", { method: "POST", body: JSON.stringify(found) });
</script>"""

LAYOUT = r"""
function look(frame, page) {
  const found = [];
  const root = frame.contentDocument.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push("too wide");
  for (const { name } of frame.contentWindow.performance.getEntriesByType("resource")) {
    if (!name.startsWith(location.origin)) found.push(`loads ${name}`);
  }
  const reports = frame.contentDocument.querySelectorAll(".report").length;
  if (/^rules\/./.test(page) && !reports) found.push("no report in color");
  return found;
}
"""

#: Each kind of page: others have the same parts.
KINDS_OF_PAGES = [
    *("./", "get-started/", "command-line/", "request/", "changelog/", "playground/", "rules/"),
    *("rules/out-of-range/", "rules/missing-join-type/", "rules/competing-requests/"),
]

ACCESSIBILITY = """
async function look({ contentDocument, contentWindow }, page) {
  while (page === "playground/" && !contentDocument.querySelector("#findings li")) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  const script = contentDocument.createElement("script");
  script.src = new URL("axe.min.js", location.href);
  await loaded(script, contentDocument.head);
  const { violations } = await contentWindow.axe.run({
    runOnly: ["wcag2a", "wcag2aa"],
    rules: {
      "aria-hidden-focus": { enabled: false }, // the theme's switch of colors
      "scrollable-region-focusable": { enabled: false }, // browsers focus these without a tabindex
    },
  });
  return violations.flatMap(({ id, nodes }) => nodes.map(
    ({ html, any }) => `${id} ${html} ${any[0]?.message ?? ""}`
  ));
}
"""


@pytest.fixture
def look_at(site_with_playground, tmp_path):
    """Return what a function finds on pages, in a light or a dark theme.

    All are as wide as on a phone, and all but most pages of rules also as wide as on a desktop.
    """

    def call(look, pages, scheme="light"):
        visits = [(page, 390) for page in pages]
        others = [page for page in pages if page in KINDS_OF_PAGES or "rules/" not in page]
        visits += [(page, 1280) for page in others]
        harness = HARNESS.replace("LOOK", look).replace("VISITS", json.dumps(visits))
        return result_of(site_with_playground, harness, tmp_path / "profile", scheme)

    return call


FILTER = """
async function look({ contentDocument }) {
  const field = contentDocument.querySelector("[name=text]");
  const start = performance.now();
  field.value = "p99";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  const height = contentDocument.body.offsetHeight;
  const seconds = (performance.now() - start) / 1000;
  const shown = contentDocument.querySelector("output").value;
  const isRight = shown === "111 of 10000 shown" && seconds < 15;
  return isRight ? [] : [`${shown} after ${seconds} seconds`];
}
"""


@pytest.mark.no_cover
def test_a_report_of_ten_thousand_findings_is_filtered_quickly(
    site_with_playground, look_at, rosetta, write
):
    requests = [f'{{"annotationRequestId": "a", "poolName": "p{n}", "a": 1}}' for n in range(10000)]
    write("many.jsonl", "\n".join(requests))
    output = f"html={site_with_playground / 'many.html'}"
    assert rosetta("check", "many.jsonl", "--format", "json", "--output", output).status == 1
    policy = 'http-equiv="Content-Security-Policy"'
    assert policy in (site_with_playground / "many.html").read_text("utf-8")
    assert look_at(FILTER, ["many.html"]) == []


@pytest.fixture
def report(site_with_playground, rosetta):
    """A report for people, beside the pages."""
    text = rosetta("check", "--isolated", BAD, "--format", "html").stdout
    # Its policy forbids other scripts, and with them axe-core.
    text = text.replace('http-equiv="Content-Security-Policy"', "data-policy")
    (site_with_playground / "report.html").write_text(text, encoding="utf-8")
    return "report.html"


def pages_of(site):
    pages = [page.relative_to(site).as_posix() for page in sorted(site.rglob("index.html"))]
    return [page.removesuffix("index.html") or "./" for page in pages]


def test_a_page_fits_its_width_and_loads_nothing_from_elsewhere(site, report, look_at):
    assert look_at(LAYOUT, [*pages_of(site), report]) == []


@pytest.mark.skipif(not AXE.exists(), reason="needs axe-core, in NODE_MODULES_OF_TESTS")
@pytest.mark.skipif(not PYODIDE.exists(), reason="needs pyodide, in NODE_MODULES_OF_TESTS")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_can_be_read(site_with_playground, report, look_at, scheme):
    """Contrast is enough, and there is a name for all that has no text; by axe-core."""
    shutil.copy(AXE, site_with_playground)
    assert look_at(ACCESSIBILITY, [*KINDS_OF_PAGES, report], scheme) == []
