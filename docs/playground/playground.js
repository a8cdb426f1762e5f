// The page of the playground: an editor with marks, the findings, fixes, and links to share.

const EXAMPLES = {
  "a ratio of 20 %": `annotationRequestId: 0d6f2a1c-52c1-4b8e-9a0e-0c9f3a7b1e55
poolName: street-scenes-night
sampleType: "2"
sampleRatio: 0.2
samplingRatio: 20
`,
  "the vendor's curl body": `{
  "annotationRequestId": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e",
  "poolName": "a3f8b6e4-9c1d-4d8a-93b2-7f7e8f3a1d5e-SamplingPool",
  "sampleType": "1",
  "sampleCount": "1",
  "samplingRatio": "1.0",
  "samplingQuantity": "1",
  "interceptionMode": "1",
  "interceptionFrame": "1",
  "sequenceLength": "1",
  "interceptionBoundary": "1"
}
`,
  "filters and times": `annotationRequestId: 0d6f2a1c-52c1-4b8e-9a0e-0c9f3a7b1e55
poolName: street-scenes-review
samplingRatio: 0.1
haveIssue: true
subCondition:
  userNameFilter: [ana.kowalska, ana.kowalska]
  startTime: 2025-03-16T00:00
  endTime: 2025-03-01 00:00:00
`,
};

// What is in the editor if a tab is empty.
const HINTS = {
  request: "A request in YAML or JSON",
  ruleset: "rules:\n  - code: POL001\n    … rules of your own, in a file policy.rules.yaml",
  configuration: '… rosetta-spec.toml, for example\n\nignore = ["RS402"]\nrulesets = ["policy.rules.yaml"]',
};
let current = "request";

const element = (id) => document.getElementById(id);
const [marks, summary] = ["marks", "summary"].map(element);
const fields = Object.fromEntries(Object.keys(HINTS).map((name) => [name, field(name)]));
element("editor").append(...Object.values(fields));
const fixButtons = { fix: "safe", "fix-all": "all" };

// A worker from a blob obeys the policy of this page; one from a file would have none.
const start = `import ${JSON.stringify(new URL("worker.js", import.meta.url).href)};`;
const worker = new Worker(URL.createObjectURL(new Blob([start], { type: "text/javascript" })), {
  type: "module",
});
// The worker gets one question at a time. While it is busy, as when it starts, only the newest waits.
let isBusy = true;
let next;

function fail(reason) {
  summary.textContent = `Python could not be started: ${reason}`;
}

worker.onerror = ({ message }) => fail(message);
worker.onmessage = ({ data }) => {
  if (data.error) {
    fail(data.error);
    return;
  }
  isBusy = false;
  if (data.isReady) for (const id in fixButtons) element(id).disabled = false;
  if (next) send(); // the answer is about an older text
  else if (data.text !== undefined) replace(data.text);
  else if (data.problem) show({ problem: data.problem, findings: [], explanations: [] });
  else show(data);
};

function ask(fix) {
  next = { files: Object.values(fields).map((each) => each.value), fix };
  if (!isBusy) send();
}

function send() {
  worker.postMessage(next);
  next = undefined;
  isBusy = true;
}

// Each tab has its own field, and with it its own history for undo.
function field(name) {
  const made = make("textarea", {
    placeholder: HINTS[name],
    spellcheck: false,
    autocomplete: "off",
    autocapitalize: "off",
    wrap: "off",
    oninput: () => ask(),
    onscroll: follow,
  });
  made.setAttribute("aria-labelledby", name);
  return made;
}

// Replaces the request as typing does, so that it can be undone, and only the part that differs: to
// insert many lines takes long.
function replace(request) {
  const focused = document.activeElement;
  select("request");
  const { value, scrollLeft, scrollTop } = fields.request;
  if (request === value) return;
  const shorter = Math.min(value.length, request.length);
  let from = 0;
  while (from < shorter && value[from] === request[from]) from++;
  let same = 0;
  while (same < shorter - from && value.at(-1 - same) === request.at(-1 - same)) same++;
  const part = request.slice(from, request.length - same);
  fields.request.focus({ preventScroll: true });
  fields.request.setSelectionRange(from, value.length - same);
  document.execCommand(part ? "insertText" : "delete", false, part);
  fields.request.scrollTo(scrollLeft, scrollTop);
  focused.focus({ preventScroll: true });
}

function select(name) {
  current = name;
  for (const each in fields) {
    element(each).setAttribute("aria-selected", String(each === name));
    fields[each].hidden = each !== name;
  }
  marks.textContent = "";
  ask();
}

// Rows and columns count from 1, columns in code points; JavaScript counts UTF-16 units.
function offsets(content) {
  const rows = [0];
  for (const found of content.matchAll(/\r\n|\n|\r/g)) rows.push(found.index + found[0].length);
  return ({ row, column }) => {
    const from = rows[row - 1];
    const line = Array.from(content.slice(from, rows[row] ?? content.length));
    return from + line.slice(0, column - 1).join("").length;
  };
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function show({ summary: counts, findings, explanations, problem }) {
  const total = counts ? counts.errors + counts.warnings + counts.infos : 0;
  const found = total ? `${total} ${total === 1 ? "finding" : "findings"}` : "No findings";
  const rest = findings.length < total ? `, of which the first ${findings.length} are shown` : "";
  summary.textContent = problem ?? found + rest;
  const offset = offsets(fields.request.value);
  element("findings").replaceChildren(...findings.map((each) => item(each, offset)));
  element("explanation").replaceChildren(...explanations.map((each) => make("p", {}, each)));
  mark(current === "request" ? findings : [], offset);
}

function item(finding, offset) {
  const { row, column } = finding.location;
  const place = make("button", { className: "place", type: "button" }, `line ${row}`);
  place.onclick = () => {
    if (current !== "request") select("request");
    fields.request.focus();
    fields.request.setSelectionRange(offset(finding.location), offset(finding.end_location));
  };
  const rule = make("a", { href: finding.url, target: "_blank", rel: "noopener" }, `${finding.code} ${finding.name}`);
  const fixes = finding.fixes.map((fix) => {
    const button = make("button", { type: "button" }, fix.title);
    button.onclick = () => apply(fix, offset);
    return button;
  });
  return make(
    "li",
    { className: finding.severity },
    make("p", {}, `${finding.severity} `, rule, " ", place),
    make("p", {}, make("strong", {}, finding.cause)),
    make("p", {}, finding.remedy),
    ...fixes,
  );
}

function apply(fix, offset) {
  let content = fields.request.value;
  const edits = fix.edits.map((edit) => [offset(edit.location), offset(edit.end_location), edit.content]);
  for (const [from, to, by] of edits.sort((a, b) => b[0] - a[0])) {
    content = content.slice(0, from) + by + content.slice(to);
  }
  replace(content);
}

// The most severe finding of a character marks it.
function mark(findings, offset) {
  const kinds = ["", "info", "warning", "error"];
  const content = `${fields[current].value} `;
  const levels = new Uint8Array(content.length);
  for (const { severity, location, end_location: end } of findings) {
    const from = offset(location);
    const to = Math.max(offset(end), from + 1);
    const level = kinds.indexOf(severity);
    for (let at = from; at < to; at++) levels[at] = Math.max(levels[at], level);
  }
  const parts = [];
  for (let from = 0; from < content.length;) {
    let to = from + 1;
    while (to < content.length && levels[to] === levels[from]) to++;
    const part = content.slice(from, to);
    parts.push(levels[from] ? make("span", { className: kinds[levels[from]] }, part) : part);
    from = to;
  }
  marks.replaceChildren(...parts, "\n");
  follow();
}

function follow() {
  marks.scrollTop = fields[current].scrollTop;
  marks.scrollLeft = fields[current].scrollLeft;
}

async function packed(content) {
  const stream = new Blob([content]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function unpacked(code) {
  const binary = atob(code.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (each) => each.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

async function open() {
  const code = location.hash.slice(1);
  const shared = code ? JSON.parse(await unpacked(code).catch(() => "null")) : null;
  for (const name in fields) fields[name].value = String(shared?.[name] ?? "");
  fields.request.value ||= Object.values(EXAMPLES)[0];
  select("request");
}

for (const name in EXAMPLES) element("examples").append(make("option", {}, name));
element("examples").onchange = ({ target }) => replace(EXAMPLES[target.value]);
for (const [id, fix] of Object.entries(fixButtons)) element(id).onclick = () => ask(fix);
element("share").onclick = async ({ target }) => {
  const texts = Object.entries(fields).map(([name, { value }]) => [name, value]);
  const code = await packed(JSON.stringify(Object.fromEntries(texts)));
  history.replaceState(null, "", `#${code}`);
  const isCopied = await navigator.clipboard?.writeText(location.href).then(() => true, () => false);
  target.textContent = isCopied ? "Link copied" : "Link is in the address bar";
  setTimeout(() => { target.textContent = "Copy link"; }, 2000);
};
for (const name in fields) element(name).onclick = () => select(name);
addEventListener("hashchange", open);
open();
