// Write the memory of Python as it is after rosetta-spec has checked and fixed a request, so that
// the playground starts with it and imports nothing.
//
//     node .ci/snapshot.mjs site/playground/runtime
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const pyodide = await loadPyodide({ _makeSnapshot: true });
const packages = new Uint8Array(readFileSync(`${folder}/packages.zip`));
pyodide.unpackArchive(packages, "zip", { extractDir: "/packages" });
pyodide.runPython(`
import gc
import sys

sys.path.append("/packages")

import playground

request = "sampleRatio: 0.2\\nsamplingRatio: '20'\\n"
for configuration in ("", "ignore = ['RS109']"):
    playground.check(request, "", configuration)
    playground.fix(request, "", configuration, True)
gc.collect()
`);
writeFileSync(`${folder}/snapshot.bin`, gzipSync(pyodide.makeMemorySnapshot(), { level: 9 }));
