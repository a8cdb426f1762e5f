"""The playground in a real Chromium: it checks, fixes and shares, and nothing leaves the page."""

import json
from pathlib import Path

import pytest
from browser import CHROMIUM, PYODIDE, result_of

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium"),
    pytest.mark.skipif(not PYODIDE.exists(), reason="needs pyodide, in NODE_MODULES_OF_TESTS"),
]

#: Uses the playground as a person would, and collects what it shows.
HARNESS = r"""<!DOCTYPE html><body><script type="module">
const result = {};
async function until(what) {
  for (let tries = 0; tries < 12000; tries++) {
    if (what()) return;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  throw new Error(String(what));
}
async function opened(hash) {
  const frame = document.createElement("iframe");
  frame.width = 1280;
  frame.height = 800;
  frame.src = `playground/index.html${hash}`;
  document.body.append(frame);
  await new Promise((resolve) => { frame.onload = resolve; });
  const page = frame.contentDocument;
  await until(() => page.querySelector("#findings li"));
  return frame;
}
try {
  const frame = await opened("");
  const page = frame.contentDocument;
  const shown = (document) => document.querySelector("textarea:not([hidden])");
  const text = shown(page);
  const codes = () => [...page.querySelectorAll("#findings a")].map((each) => each.textContent);
  const examples = page.getElementById("examples");
  examples.selectedIndex = 1;
  examples.onchange({ target: examples });
  await until(() => codes().length > 5);
  result.vendor = codes();
  result.marks = page.querySelectorAll("#marks span").length;
  const { prototype } = frame.contentWindow.Worker;
  const { postMessage } = prototype;
  result.questions = 0;
  prototype.postMessage = function (question) {
    result.questions++;
    postMessage.call(this, question);
  };
  const before = page.querySelector("#findings li");
  for (let times = 0; times < 50; times++) {
    text.value += " ";
    text.oninput();
  }
  await until(() => page.querySelector("#findings li") !== before);
  prototype.postMessage = postMessage;
  // Pages without HTTPS have no clipboard.
  Object.defineProperty(frame.contentWindow.navigator, "clipboard", { value: undefined });
  page.getElementById("share").click();
  await until(() => frame.contentWindow.location.hash);
  result.share = page.getElementById("share").textContent;
  const shared = await opened(frame.contentWindow.location.hash);
  result.isShared = shown(shared.contentDocument).value === text.value;
  const original = text.value;
  page.querySelector("#findings li button:not(.place)").click();
  await until(() => codes().length < 11);
  result.afterOne = codes().length;
  text.focus();
  page.execCommand("undo");
  result.isUndone = text.value === original;
  page.execCommand("redo");
  page.getElementById("fix-all").click();
  await until(() => codes().length < result.afterOne);
  result.afterAll = codes();
  const fixed = text.value;
  const last = page.querySelector("#findings li");
  page.getElementById("fix-all").click();
  await until(() => page.querySelector("#findings li") !== last);
  result.isUnchanged = text.value === fixed;
  page.getElementById("ruleset").click();
  shown(page).value = POLICY;
  shown(page).oninput();
  await until(() => codes().includes("POL001 large-ratio"));
  page.getElementById("configuration").click();
  shown(page).value = "x";
  shown(page).oninput();
  await until(() => page.getElementById("summary").textContent.includes("toml"));
  result.problem = page.getElementById("summary").textContent;
  shown(page).value = "";
  shown(page).oninput();
  await until(() => codes().length);
  result.explanation = page.getElementById("explanation").textContent;
  page.getElementById("request").click();
  text.value = Array.from({ length: 201 }, (_, number) => `key${number}: 1\n`).join("");
  text.oninput();
  await until(() => codes().length === 200);
  result.many = page.getElementById("summary").textContent;
  const own = new RegExp(`^(blob:)?${location.origin}/`);
  const loaded = frame.contentWindow.performance.getEntriesByType("resource");
  result.elsewhere = loaded.map((each) => each.name).filter((name) => !own.test(name));
} catch (error) {
  const status = document.querySelector("iframe").contentDocument.getElementById("summary");
  result.error = `${error} ${status.textContent}`;
}
await fetch("result", { method: "POST", body: JSON.stringify(result) });
</script>"""


def test_it_checks_fixes_and_shares(site_with_playground, tmp_path):
    policy = Path(__file__).parents[2] / "examples" / "policy" / "policy.rules.yaml"
    harness = HARNESS.replace("POLICY", json.dumps(policy.read_text(encoding="utf-8")))
    result = result_of(site_with_playground, harness, tmp_path / "profile")
    assert result.get("error") is None
    assert len(result["vendor"]) == 11
    assert result["marks"] > 8
    # Quick typing does not make the worker check each state of the text.
    assert result["questions"] == 2
    assert result["isShared"]
    assert result["share"] == "Link is in the address bar"
    assert result["afterOne"] == 10
    assert result["isUndone"]
    assert result["isUnchanged"]
    assert result["afterAll"] == ["RS201 ratio-with-quantity"]
    assert result["problem"].startswith("rosetta-spec.toml:1:2: this is not valid TOML: ")
    assert "inspect" in result["explanation"]
    assert result["many"] == "203 findings, of which the first 200 are shown"
    assert result["elsewhere"] == []
