// Finds the command that starts the server: the setting, the selected Python, .venv, the path.

const fs = require("fs");
const os = require("os");
const path = require("path");
const vscode = require("vscode");

const IS_WINDOWS = process.platform === "win32";
const NAME = IS_WINDOWS ? "rosetta-spec.exe" : "rosetta-spec";

function expanded(text, folder) {
  return text
    .replace(/^~(?=$|[\\/])/, os.homedir())
    .replaceAll("${userHome}", os.homedir())
    .replaceAll("${workspaceFolder}", folder ? folder.uri.fsPath : "");
}

// The Python extension knows the environment of a folder.
async function besidePython(folder) {
  try {
    const { environments } = await vscode.extensions.getExtension("ms-python.python").activate();
    const active = environments.getActiveEnvironmentPath(folder?.uri);
    const found = await environments.resolveEnvironment(active);
    return path.join(path.dirname(found.executable.uri.fsPath), NAME);
  } catch {
    return undefined;
  }
}

function isExecutable(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

// Returns undefined if there is no such command; one that is set is not looked for.
async function findCommand(setting, folder) {
  if (setting) return expanded(setting, folder);
  const environment = folder && path.join(folder.uri.fsPath, ".venv");
  const candidates = [
    await besidePython(folder),
    environment && path.join(environment, IS_WINDOWS ? "Scripts" : "bin", NAME),
    ...(process.env.PATH ?? "").split(path.delimiter).map((each) => path.join(each, NAME)),
  ];
  return candidates.find((each) => each && isExecutable(each));
}

module.exports = { expanded, findCommand };
