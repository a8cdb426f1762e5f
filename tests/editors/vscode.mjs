// Drives VS Code in a browser: node vscode.mjs MODULES ADDRESS FOLDER SCREENSHOTS. Prints what it saw.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [modules, address, folder, shots] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)("playwright-core");

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
page.setDefaultTimeout(30_000);
const saw = {};
let shown = 0;

async function shot(name) {
  shown += 1;
  await page.screenshot({ path: `${shots}/${shown}-${name}.png` });
}

// Types into the input at the top, and picks a row of its list if there is to be one; something that
// starts late may close it again.
async function type(key, text, row) {
  const input = page.locator(".quick-input-widget input.input");
  const rows = page.locator(`.quick-input-list .monaco-list-row${row}`);
  for (let tries = 0; ; tries += 1) {
    await page.keyboard.press(key);
    try {
      await input.fill(text, { timeout: 3000 });
      if (row) await rows.first().click({ timeout: 5000 });
      return;
    } catch (error) {
      if (tries === 9) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

async function run(command) {
  await type("F1", `>${command}`, `[aria-label^="${command}"]`);
}

async function open(name) {
  await type("Control+P", name, `[aria-label*="${name}"]`);
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
}

async function focus(place) {
  await type("Control+G", `:${place}`);
  await page.keyboard.press("Enter");
  await page.locator(".editor-instance .monaco-editor.focused").first().waitFor();
}

// Goes into the first line, behind a text.
async function goTo(text) {
  const body = readFileSync(`${folder}/vendor-example.sampling.json`, "utf8");
  const column = body.indexOf(text) + text.length + 1;
  await focus(`1:${column}`);
}

// Errors and warnings, once the count stays the same.
async function problems(wanted) {
  const item = page.locator("#status\\.problems a");
  let text = "";
  for (let tries = 0; tries < 120; tries += 1) {
    await page.waitForTimeout(500);
    text = (await item.getAttribute("aria-label")) ?? "";
    const numbers = (text.match(/\d+/g) ?? []).map(Number);
    const total = numbers.reduce((sum, each) => sum + each, 0);
    if (total === wanted) {
      await page.waitForTimeout(3000);
      if (text === (await item.getAttribute("aria-label"))) return total;
    }
  }
  return text;
}

async function main() {
  await page.goto(`${address}/?folder=${folder}`);
  await page.locator("#status\\.problems").waitFor();

  await open("vendor-example.sampling.json");
  saw.problems = await problems(12);
  await run("Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row").first().waitFor();
  await shot("problems");

  await open("vendor-example.sampling.json");
  await goTo('"sampleType":"');
  await page.keyboard.press("Control+.");
  const action = page.locator(".action-widget .monaco-list-row").filter({ hasText: "remove" });
  await action.first().waitFor();
  saw.actions = await page.locator(".action-widget .monaco-list-row").allInnerTexts();
  await shot("actions");
  await page.keyboard.press("Enter");
  saw.afterFix = await problems(11);

  await goTo('"poolN');
  await run("Show or Focus Hover");
  const hover = page.locator(".monaco-hover:not(.hidden) .hover-contents");
  // That of a tab may be shown too.
  await hover.filter({ hasText: "The Rosetta pool" }).first().waitFor();
  saw.hover = (await hover.allInnerTexts()).join("\n");
  await shot("hover");
  await page.keyboard.press("Escape");

  await open("new.sampling.yaml");
  await focus("3:1");
  await page.keyboard.type("sampleType: ");
  const suggestion = page.locator(".suggest-widget.visible .monaco-list-row");
  await page.waitForTimeout(2000);
  if (!(await suggestion.count())) await page.keyboard.press("Control+Space");
  await suggestion.first().waitFor();
  saw.completions = await suggestion.allInnerTexts();
  await shot("completion");
  await page.keyboard.press("Enter");
  await page.waitForTimeout(500);
  saw.completed = await page.locator(".editor-instance .view-lines").first().innerText();

  await open("vendor-example.sampling.json");
  await run("Rosetta: Restart the Server");
  await page.waitForTimeout(2000);
  saw.afterRestart = await problems(saw.afterFix);

  await goTo('"sampleCount":"');
  await page.keyboard.press("Control+.");
  const explain = page.locator(".action-widget .monaco-list-row").filter({ hasText: "explain" });
  await explain.first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator('.tab.active[data-resource-name^="RS"]').waitFor();
  const group = page.locator(".editor-group-container.active .view-lines");
  saw.explained = await group.innerText();
  await shot("explain");

  await run("File: New Untitled Text File");
  await run("Change Language Mode");
  await page.keyboard.type("yaml");
  await page.keyboard.press("Enter");
  await page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  await page.keyboard.type("annotationRequestId: a\npoolName: p\nsamplingRatio: 20\n");
  saw.withUnsaved = await problems(saw.afterFix + 1);
  await shot("unsaved");
}

try {
  await main();
} catch (error) {
  saw.error = String(error);
  await shot("error");
} finally {
  await browser.close();
}
console.log(JSON.stringify(saw));
