// Packages the extension; the same files are the same package, whenever it is built.

import { createVSIX } from "@vscode/vsce";

process.env.SOURCE_DATE_EPOCH ??= "1700000000";
await createVSIX({ dependencies: false });
