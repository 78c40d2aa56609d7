// Writes the matrix of formats into docs/dumps.md, as the reader is now:  node test/dumps/matrix/write-docs.ts
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { matrixText } from "./outcomes.ts";

const file = path.resolve(import.meta.dirname, "../../../docs/dumps.md");
const docs = readFileSync(file, "utf8");
const matrix = `<!-- matrix -->\n\n${matrixText()}\n<!-- /matrix -->`;
writeFileSync(
  file,
  docs.replace(/<!-- matrix -->[\s\S]*<!-- \/matrix -->/, () => matrix),
);
