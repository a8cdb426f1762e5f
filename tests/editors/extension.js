// Runs the extension with stand-ins of VS Code and of its client; prints what happened.

const path = require("path");
const Module = require("module");

const { settings, steps, folder } = JSON.parse(process.argv[2]);
const calls = [];
const FULL = "full";
const files = settings.files ?? {};
const workspaceFolder = { uri: { fsPath: folder } };
const opened = [];
const commands = {};
let served, middleware, yaml;

class LanguageClient {
  constructor(id, name, server, client) {
    this.server = server;
    this.initializeResult = { serverInfo: { version: "1" } };
    middleware = client.middleware;
  }
  onDidChangeState(callback) {
    this.callback = callback;
  }
  async start() {
    if (settings.fails) throw new Error("ENOENT");
    calls.push(`started ${[this.server.command, ...this.server.args].join(" ")}`);
    this.callback({ newState: 2 });
  }
  async stop() {
    this.callback({ newState: 1 });
  }
}

class Uri {
  static parse(text) {
    return { path: decodeURIComponent(text.replace(/^[\w-]+:/, "")), text };
  }
}

const nothing = () => ({ dispose() {} });
const defaults = { server: true, command: "", args: [] };
const extensions = {
  "ms-python.python": settings.python && {
    activate: async () => ({
      environments: {
        getActiveEnvironmentPath: () => "",
        resolveEnvironment: async () => ({ executable: { uri: { fsPath: settings.python } } }),
      },
    }),
  },
  "redhat.vscode-yaml": settings.hasYaml && {
    activate: async () => ({ registerContributor: (...all) => (yaml = all) }),
  },
};
const glob = (pattern) => {
  const ours = pattern.endsWith("{.rosetta-spec,rosetta-spec}.toml") && /\/\.?rosetta-spec\.toml$/;
  return Object.keys(files).filter((each) => (ours || /\/pyproject\.toml$/).test(each));
};

const vscode = {
  EventEmitter: class {
    event = null;
    fire() {}
  },
  FileChangeType: {},
  FileType: {},
  FileSystemError: { FileNotFound: () => new Error("none"), NoPermissions: () => new Error("no") },
  LanguageStatusSeverity: {},
  ViewColumn: {},
  Uri,
  extensions: { getExtension: (id) => extensions[id] || undefined },
  languages: {
    createLanguageStatusItem: () => ({}),
    match: (selector, { languageId, isUntitled }) =>
      selector.some(
        ({ language, scheme }) =>
          language === languageId && scheme === (isUntitled ? "untitled" : "file"),
      ),
  },
  window: {
    createOutputChannel: () => ({ info() {}, error() {} }),
    async showWarningMessage(text, button) {
      calls.push(`warning ${text}`);
      return button;
    },
    async showTextDocument(uri) {
      calls.push(`shown ${uri.path} ${served.readFile(uri)}`);
    },
  },
  env: { openExternal: (uri) => calls.push(`opened ${uri.text}`) },
  commands: {
    registerCommand(name, call) {
      commands[name] = call;
      return nothing();
    },
  },
  workspace: {
    isTrusted: !settings.isUntrusted,
    workspaceFolders: [workspaceFolder],
    textDocuments: [],
    getConfiguration: () => ({ get: (key) => settings[key] ?? defaults[key] }),
    getWorkspaceFolder: () => workspaceFolder,
    findFiles: async (pattern) => glob(pattern).map((each) => ({ text: each })),
    fs: { readFile: async ({ text }) => Buffer.from(files[text]) },
    registerFileSystemProvider: (scheme, provider) => {
      served = provider;
      return nothing();
    },
    onDidOpenTextDocument: (call) => opened.push(call) && nothing(),
    onDidGrantWorkspaceTrust: nothing,
    onDidChangeConfiguration: nothing,
  },
};

const standIns = {
  vscode,
  "vscode-languageclient/node": { LanguageClient, TransportKind: { stdio: "stdio" } },
};
const load = Module._load;
Module._load = (name, ...rest) => standIns[name] ?? load(name, ...rest);

const kind = (text) => (text === undefined ? "" : text.length > 2 ? ` ${FULL}` : " empty");
const schema = Uri.parse("rosetta-spec:/sampling-create.schema.json");
const docs = path.join(process.argv[1], "../../../../../docs/sampling-create.schema.json");

async function main() {
  if (settings.onlyPath) process.env.PATH = "";
  const { activate, deactivate } = require(process.argv[1]);
  await activate({ subscriptions: [], asAbsolutePath: () => docs });
  for (const [step, ...given] of steps) {
    if (step === "open") {
      for (const call of opened) await call({ uri: given[0].fileName, ...given[0] });
    }
    if (step === "schema") calls.push(`schema${kind(served.readFile(schema).toString())}`);
    if (step === "restart") await commands["rosetta-spec.restart"]();
    if (step === "stop") await deactivate();
    if (step === "execute") {
      await middleware.executeCommand(given[0], given[1], async () => given[2]);
    }
    if (step === "yaml") {
      const uri = yaml[1](given[0]);
      calls.push(`yaml${kind(uri && yaml[2](uri))}`);
    }
  }
  console.log(JSON.stringify(calls));
}

main();
