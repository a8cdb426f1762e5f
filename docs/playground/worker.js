// Runs rosetta-spec in Pyodide, outside of the page's thread. Python starts with the memory that
// .ci/snapshot.mjs saved, in which everything is imported.
import createPyodideModule from "./runtime/pyodide.asm.mjs";
import { loadPyodide } from "./runtime/pyodide.mjs";

const runtime = new URL("runtime/", import.meta.url);

async function start() {
  const { body } = await fetch(new URL("snapshot.bin", runtime));
  const unpacked = body.pipeThrough(new DecompressionStream("gzip"));
  const snapshot = await new Response(unpacked).arrayBuffer();
  return loadPyodide({
    indexURL: runtime.href,
    _loadSnapshot: snapshot,
    async createPyodideModule(settings) {
      const created = await createPyodideModule(settings);
      created.growMemory(snapshot.byteLength); // Pyodide restores a snapshot only where it fits
      return created;
    },
  });
}

// Files are no part of the memory. What is imported later finds its own here.
async function unpackPackages(pyodide) {
  const packages = await fetch(new URL("packages.zip", runtime));
  pyodide.unpackArchive(await packages.arrayBuffer(), "zip", { extractDir: "/packages" });
}

try {
  const pyodide = await start();
  const engine = pyodide.pyimport("playground");
  let isFirst = true;
  onmessage = ({ data }) => {
    const answer = data.fix ? engine.fix(...data.files, data.fix === "all") : engine.check(...data.files);
    postMessage(JSON.parse(answer));
    if (isFirst) unpackPackages(pyodide);
    isFirst = false;
  };
  postMessage({ isReady: true });
} catch (error) {
  postMessage({ error: String(error) });
}
