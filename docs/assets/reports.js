// Colours the reports in blocks of code as a terminal does. Without it they are plain text.

const SEVERITY = /^(error|warning|info)\[([A-Z0-9]+|unknown)\] ([a-z0-9-]+)(: .*)$/;
const CONCISE = /^(\S+:\d+:\d+: )(error|warning|info)(\[[A-Z0-9]+\])(.*)$/;

function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

// Returns the parts of a line: strings, and elements in colour.
function parts(line, severity) {
  let found = SEVERITY.exec(line);
  if (found) return [span(found[1], `${found[1]}[${found[2]}]`), ` ${found[3]}`, span("strong", found[4])];
  found = CONCISE.exec(line);
  if (found) return [found[1], span(found[2], found[2] + found[3]), found[4]];
  found = /^( *(?:--> ))(.*)$/.exec(line);
  if (found) return [span("aside", found[1]), found[2]];
  found = /^( *)(= )(help|fix|or|note)(:.*)$/.exec(line);
  if (found) return [found[1], span("aside", found[2]), span("strong", found[3]), found[4]];
  found = /^( *\d* +\|)(.*)$/.exec(line);
  if (found) {
    const kind = /^ *\|/.test(line) ? (/\^/.test(found[2]) ? severity : "related") : "";
    return [span("aside", found[1]), kind ? span(kind, found[2]) : found[2]];
  }
  if (/^\+(?!\+\+ )/.test(line)) return [span("added", line)];
  if (/^-(?!-- )/.test(line)) return [span("removed", line)];
  if (/^\$ /.test(line)) return [span("strong", line)];
  return [line];
}

for (const code of document.querySelectorAll(".highlight code")) {
  const text = code.textContent.replace(/\n$/, "");
  if (!/^(\$ rosetta-spec|(error|warning|info)\[)/.test(text)) continue;
  code.closest(".highlight").classList.add("report");
  let severity = "error";
  let frame = null;
  code.replaceChildren();
  for (const line of text.split("\n")) {
    severity = SEVERITY.exec(line)?.[1] ?? severity;
    const isFrame = /^ *\d* +\|/.test(line);
    if (isFrame && !frame) code.append((frame = span("frame", "")));
    if (!isFrame) frame = null;
    (frame ?? code).append(...parts(line, severity), "\n");
  }
}

// A block that scrolls can be reached without a mouse.
addEventListener("load", () => {
  for (const code of document.querySelectorAll(".highlight code")) {
    if (code.scrollWidth > code.clientWidth) code.tabIndex = 0;
  }
});
