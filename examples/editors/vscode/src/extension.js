// Starts `rosetta-spec lsp` at the first document of ours; until then, and without it, there is the
// schema.

const path = require("path");
const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");
const { Files, SCHEMA, SCHEME } = require("./files");
const { expanded, findCommand } = require("./find");

const HOW = "https://rosetta-spec.github.io/rosetta-spec/editors/#the-language-server";
const REQUEST = /\.sampling\.(json|jsonl|ndjson|ya?ml)$/i;
const LANGUAGES = ["json", "jsonl", "yaml"];
const CONFIGURATION = "**/{.rosetta-spec,rosetta-spec}.toml";

// Which of these documents are requests, the server knows: by name, configuration or keys.
const SELECTOR = [
  ...["file", "untitled"].flatMap((scheme) =>
    LANGUAGES.map((language) => ({ scheme, language })),
  ),
  { scheme: "file", pattern: CONFIGURATION },
];

class Extension {
  constructor(context) {
    this.files = new Files(context.asAbsolutePath("sampling-create.schema.json"));
    this.output = vscode.window.createOutputChannel("Rosetta sampling requests", { log: true });
    this.status = vscode.languages.createLanguageStatusItem("rosetta-spec", SELECTOR);
    this.status.name = "Rosetta sampling requests";
    this.status.command = { command: "rosetta-spec.restart", title: "Restart" };
    this.hasTold = false;
    this.show("not started");
  }

  get settings() {
    return vscode.workspace.getConfiguration("rosetta-spec");
  }

  show(text, isWrong = false) {
    const { Error, Information } = vscode.LanguageStatusSeverity;
    this.status.text = `rosetta-spec ${text}`;
    this.status.severity = isWrong ? Error : Information;
  }

  // A name of ours, an unsaved document, or one that a configuration may include.
  async isOurs(document) {
    if (!vscode.languages.match(SELECTOR, document)) return false;
    if (document.isUntitled || !LANGUAGES.includes(document.languageId)) return true;
    if (REQUEST.test(document.fileName)) return true;
    return vscode.workspace.getWorkspaceFolder(document.uri) ? this.isConfigured() : false;
  }

  async isConfigured() {
    const { workspace } = vscode;
    if ((await workspace.findFiles(CONFIGURATION, undefined, 1)).length) return true;
    for (const uri of await workspace.findFiles("**/pyproject.toml", undefined, 20)) {
      const text = Buffer.from(await workspace.fs.readFile(uri)).toString();
      if (text.includes("[tool.rosetta-spec")) return true;
    }
    return false;
  }

  async startFor(document) {
    if (!this.starting && (await this.isOurs(document))) {
      await this.start(vscode.workspace.getWorkspaceFolder(document.uri));
    }
  }

  start(folder = vscode.workspace.workspaceFolders?.[0]) {
    this.starting ??= this.startOnce(folder);
    return this.starting;
  }

  async startOnce(folder) {
    if (!this.settings.get("server") || !vscode.workspace.isTrusted) return;
    const command = await findCommand(this.settings.get("command"), folder);
    if (!command) {
      await this.fail("rosetta-spec was not found, so requests are only checked with the JSON Schema.");
      return;
    }
    const args = ["lsp", ...this.settings.get("args").map((each) => expanded(each, folder))];
    this.output.info(`Starting ${command} ${args.join(" ")}`);
    const options = { cwd: folder?.uri.fsPath };
    const client = new LanguageClient(
      "rosetta-spec",
      "Rosetta sampling requests",
      { command, args, options, transport: TransportKind.stdio },
      {
        documentSelector: SELECTOR,
        outputChannel: this.output,
        initializationOptions: { showsExplanations: true },
        middleware: { executeCommand: (...call) => this.execute(...call) },
      },
    );
    client.onDidChangeState(({ newState }) => this.files.setServed(newState === 2));
    try {
      await client.start();
      this.client = client;
      this.show(client.initializeResult?.serverInfo?.version ?? "");
    } catch (error) {
      this.output.error(String(error));
      this.files.setServed(false);
      await this.fail(`"${command} lsp" does not start, so requests are only checked with the JSON Schema.`);
    }
  }

  async fail(text) {
    this.show("is not running", true);
    if (this.hasTold) return;
    this.hasTold = true;
    const button = "How to install";
    // Nobody may ever answer.
    void Promise.resolve(vscode.window.showWarningMessage(text, button)).then((answer) => {
      if (answer === button) return vscode.env.openExternal(vscode.Uri.parse(HOW));
    });
  }

  async stop() {
    await this.starting;
    const { client } = this;
    this.client = this.starting = undefined;
    await client?.stop();
    this.show("stopped");
  }

  async restart() {
    await this.stop();
    await this.start();
  }

  // Shows what the server explains as a document.
  async execute(command, args, next) {
    const text = await next(command, args);
    if (typeof text !== "string") return text;
    const [what, number] = args;
    const name = number === undefined ? what : `${path.posix.basename(what)} ${number + 1}`;
    const uri = this.files.put(`${SCHEME}:/${encodeURIComponent(name)}.explanation`, text);
    const options = { preview: true, viewColumn: vscode.ViewColumn.Beside };
    await vscode.window.showTextDocument(uri, options);
    return text;
  }

  // The extension for YAML asks for the schema of each document.
  async offerToYaml() {
    const yaml = vscode.extensions.getExtension("redhat.vscode-yaml");
    const api = await yaml?.activate();
    const isNeeded = (uri) => !this.files.isServed && REQUEST.test(uri);
    const { texts } = this.files;
    api?.registerContributor(
      SCHEME,
      (uri) => (isNeeded(uri) ? SCHEMA : undefined),
      (uri) => texts.get(vscode.Uri.parse(uri).path)?.data.toString(),
    );
  }
}

let extension;

async function activate(context) {
  const { commands, workspace } = vscode;
  extension = new Extension(context);
  context.subscriptions.push(
    extension.output,
    extension.status,
    workspace.registerFileSystemProvider(SCHEME, extension.files, { isReadonly: true }),
    commands.registerCommand("rosetta-spec.restart", () => extension.restart()),
    commands.registerCommand("rosetta-spec.showOutput", () => extension.output.show()),
    workspace.onDidOpenTextDocument((document) => extension.startFor(document)),
    workspace.onDidGrantWorkspaceTrust(() => extension.restart()),
    workspace.onDidChangeConfiguration((event) => {
      const names = ["server", "command", "args"].map((each) => `rosetta-spec.${each}`);
      if (names.some((each) => event.affectsConfiguration(each))) return extension.restart();
    }),
  );
  await extension.offerToYaml();
  for (const document of workspace.textDocuments) await extension.startFor(document);
}

async function deactivate() {
  await extension?.stop();
}

module.exports = { activate, deactivate };
