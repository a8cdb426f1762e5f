// Validate requests with ajv, one line of output for each error that it reports.
//
//     node validate.js AJV SCHEMA FILE...
//
// AJV is the folder of that package. A file ending in .jsonl holds a request on each line. The exit
// status is 1 if there is an error.

"use strict";

const { createReadStream, readFileSync } = require("node:fs");
const { createInterface } = require("node:readline");

const [folder, schema, ...names] = process.argv.slice(2);
const Ajv = require(folder);
const ajv = new Ajv({ allErrors: true, strict: false });
const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));

let output = [];
let found = 0;

function check(place, text) {
  if (validate(JSON.parse(text))) return;
  for (const error of validate.errors) {
    found += 1;
    output.push(`${place}: ${error.instancePath} ${error.message}\n`);
  }
  if (output.length > 1000) flush();
}

function flush() {
  process.stdout.write(output.join(""));
  output = [];
}

async function main() {
  for (const name of names) {
    if (name.endsWith(".jsonl")) {
      let number = 0;
      const lines = createInterface({ input: createReadStream(name), crlfDelay: Infinity });
      for await (const line of lines) check(`${name}:${(number += 1)}`, line);
    } else {
      check(name, readFileSync(name, "utf8"));
    }
  }
  flush();
  process.exitCode = found > 0 ? 1 : 0;
}

main();
