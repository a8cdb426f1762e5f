// Bundles the extension and copies what it ships; fails if the schema is not the one of the docs.

import { copyFileSync, readFileSync } from "node:fs";
import { build } from "esbuild";

const DOCS = new URL("../../../docs/sampling-create.schema.json", import.meta.url);

const schema = JSON.parse(readFileSync(DOCS, "utf8"));
if (!schema.properties || !schema.allOf) throw new Error(`${DOCS} is not our schema`);
copyFileSync(DOCS, new URL("sampling-create.schema.json", import.meta.url));
copyFileSync(new URL("../../../LICENSE", import.meta.url), new URL("LICENSE", import.meta.url));

await build({
  entryPoints: ["src/extension.js"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  external: ["vscode"],
});
