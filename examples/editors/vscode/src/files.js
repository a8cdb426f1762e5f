// Files that exist only in VS Code: the schema, empty while the server runs, and explanations.

const fs = require("fs");
const vscode = require("vscode");

const SCHEME = "rosetta-spec";
// As in package.json.
const SCHEMA = `${SCHEME}:/sampling-create.schema.json`;

class Files {
  constructor(schemaPath) {
    this.schemaPath = schemaPath;
    this.texts = new Map();
    this.changes = new vscode.EventEmitter();
    this.onDidChangeFile = this.changes.event;
    this.setServed(false);
  }

  // Uses the schema or the server, never both: they find the same.
  setServed(isServed) {
    this.isServed = isServed;
    this.put(SCHEMA, isServed ? "{}" : fs.readFileSync(this.schemaPath, "utf8"));
  }

  put(address, text) {
    const uri = vscode.Uri.parse(address);
    this.texts.set(uri.path, { data: Buffer.from(text), mtime: Date.now() });
    this.changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    return uri;
  }

  find(uri) {
    const found = this.texts.get(uri.path);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }

  stat(uri) {
    const { data, mtime } = this.find(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime, size: data.length };
  }

  readFile(uri) {
    return this.find(uri).data;
  }

  readDirectory() {
    return [];
  }

  watch() {
    return { dispose() {} };
  }
}

// VS Code asks for these also where nothing can be written.
for (const each of ["createDirectory", "writeFile", "delete", "rename"]) {
  Files.prototype[each] = (uri) => {
    throw vscode.FileSystemError.NoPermissions(uri);
  };
}

module.exports = { Files, SCHEMA, SCHEME };
