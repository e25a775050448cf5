// Reads an AsyncAPI 3 document in JSON with the official parser and prints what it found, as JSON.
// Usage: node validate.mjs FILE. Exits 1 when the document has errors or cannot be read.
// Output: {"version", "channels", "operations", "messages": counts or null,
//          "diagnostics": [{"severity", "code", "path", "message"}]}, severity 0 being an error.
import { readFile } from "node:fs/promises";
import { Parser } from "@asyncapi/parser";

const ERROR = 0;

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node validate.mjs FILE");
  process.exit(1);
}
const { document, diagnostics } = await new Parser().parse(await readFile(file, "utf8"), {
  source: file,
});
const found = diagnostics.map(({ severity, code, path, message }) => ({
  severity,
  code,
  path: path.join("."),
  message,
}));
console.log(
  JSON.stringify({
    version: document?.version() ?? null,
    channels: document?.channels().length ?? null,
    operations: document?.operations().length ?? null,
    messages: document?.messages().length ?? null,
    diagnostics: found,
  }),
);
const failed = document === undefined || found.some(({ severity }) => severity === ERROR);
process.exitCode = failed ? 1 : 0;
