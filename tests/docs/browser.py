"""A real Chromium, and pages that test the site in it."""

import functools
import http.server
import json
import os
import queue
import shutil
import subprocess
import threading
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
INSTALLED = Path(__file__).parents[2] / ".ci" / "npm" / "node_modules"
NODE_MODULES = Path(os.environ.get("NODE_MODULES_OF_TESTS", INSTALLED))
PYODIDE = NODE_MODULES / "pyodide"


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site, and takes the result of a page that tests it."""

    def do_POST(self):
        size = int(self.headers["Content-Length"])
        self.server.results.put(json.loads(self.rfile.read(size)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


def result_of(site, html, folder, scheme="light"):
    """Return what a page that tests the site sends when it has ended."""
    (site / "harness.html").write_text(html, encoding="utf-8")
    handler = functools.partial(Handler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.results = queue.Queue()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
        options = [f"--user-data-dir={folder}", "--remote-debugging-port=0"]
        options += [f"--blink-settings=preferredColorScheme={int(scheme == 'light')}"]
        address = f"http://127.0.0.1:{server.server_port}/harness.html"
        with subprocess.Popen(
            [*command, *options, address], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as browser:
            try:
                return server.results.get(timeout=300)
            finally:
                browser.terminate()
                browser.wait(60)
                server.shutdown()
