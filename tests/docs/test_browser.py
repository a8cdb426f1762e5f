"""The site in a real Chromium, on a desktop and on a phone: nothing is cut off, nothing fails."""

import functools
import http.server
import json
import queue
import shutil
import subprocess
import threading

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

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


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site, and takes the result of a page that tests it."""

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.server.results.put(json.loads(self.rfile.read(size)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def result_of(site, html, folder):
    """Return what a page that tests the site sends when it has ended."""
    (site / "harness.html").write_text(html, encoding="utf-8")
    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.results = queue.Queue()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        options = [f"--user-data-dir={folder}", "--remote-debugging-port=0"]
        address = f"http://127.0.0.1:{server.server_port}/harness.html"
        with subprocess.Popen(
            [*command, *options, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as browser:
            try:
                return server.results.get(timeout=150)
            finally:
                browser.terminate()
                browser.wait(10)
                server.shutdown()


def test_no_page_scrolls_sideways_and_reports_are_in_colour(site, tmp_path):
    pages = [page.relative_to(site).as_posix() for page in sorted(site.rglob("index.html"))]
    pages = [page.removesuffix("index.html") or "./" for page in pages]
    assert result_of(site, HARNESS.replace("PAGES", json.dumps(pages)), tmp_path) == []
