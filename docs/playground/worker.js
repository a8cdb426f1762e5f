// Runs rosetta-spec in Pyodide, outside of the page's thread.
import { loadPyodide } from "./runtime/pyodide.mjs";

async function start() {
  const runtime = new URL("runtime/", import.meta.url);
  const [pyodide, packages] = await Promise.all([
    loadPyodide({ indexURL: runtime.href }),
    fetch(new URL("packages.zip", runtime)).then((answer) => answer.arrayBuffer()),
  ]);
  pyodide.unpackArchive(packages, "zip", { extractDir: "/packages" });
  return pyodide.runPython("import sys; sys.path.append('/packages'); import playground; playground");
}

try {
  const engine = await start();
  onmessage = ({ data }) => {
    const answer = data.fix ? engine.fix(...data.files, data.fix === "all") : engine.check(...data.files);
    postMessage({ number: data.number, ...JSON.parse(answer) });
  };
  postMessage({ isReady: true });
} catch (error) {
  postMessage({ error: String(error) });
}
