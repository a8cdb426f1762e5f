// Starts `rosetta-spec lsp` for sampling requests, or says how to install it.

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

// With the address: others could publish a package under the bare name.
const INSTALL =
  "pip install 'rosetta-spec[lsp] @ git+https://github.com/rosetta-spec/rosetta-spec@v0.1.0'";
const FILES = "**/*.sampling.{json,jsonl,ndjson,yaml,yml}";

let client;

async function activate(context) {
  const settings = vscode.workspace.getConfiguration("rosetta-spec");
  if (!settings.get("server")) return;
  const command = settings.get("command");
  client = new LanguageClient(
    "rosetta-spec",
    "rosetta-spec",
    { command, args: ["lsp"], transport: TransportKind.stdio },
    { documentSelector: [{ scheme: "file", pattern: FILES }] },
  );
  context.subscriptions.push({ dispose: deactivate });
  try {
    await client.start();
  } catch {
    client = undefined;
    await explain(command);
  }
}

// The schema still finds much, so that this is no error.
async function explain(command) {
  const copy = "Copy the command";
  const answer = await vscode.window.showInformationMessage(
    `"${command} lsp" does not start. Install it with: ${INSTALL}`,
    copy,
  );
  if (answer === copy) await vscode.env.clipboard.writeText(INSTALL);
}

async function deactivate() {
  const running = client;
  client = undefined;
  await running?.stop();
}

module.exports = { activate, deactivate };
