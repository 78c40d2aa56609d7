// Speed of the language server's answers in a long script:  node bench/server.ts [lines]
// Prints median and worst of each. "first answer" is what a keystroke costs until problems are published; the run of the lines below
// the edit goes on in slices after it, and "all lines" is when it has come to the end. The aim: 40 ms, and 5 ms for hover and completion.

import { completion } from "../server/completion/completion.ts";
import { formatting } from "../server/editing/formatting.ts";
import { Failures } from "../server/failures.ts";
import { hover } from "../server/hover/hover.ts";
import { definition } from "../server/navigation/definition.ts";
import { folding } from "../server/navigation/folding.ts";
import { highlight } from "../server/navigation/highlight.ts";
import { references } from "../server/navigation/references.ts";
import { semanticTokens } from "../server/navigation/semantic-tokens.ts";
import { symbols } from "../server/navigation/symbols.ts";
import { scriptDiagnostics } from "../server/scripts/diagnostics.ts";
import { OpenScripts } from "../server/scripts/documents.ts";
import type { Script } from "../server/scripts/script.ts";
import { mappingLines } from "./event-lines.ts";

const count = Number(process.argv[2] ?? 100_000);
const RUNS = 15;
/** As in server/scripts/publisher.ts: the work before a first answer. */
const SLICE = 12;
const now = () => performance.now();

const scripts = new OpenScripts(
  new Failures({ show: (text) => console.error(text), log: (text) => console.error(text) }),
  true,
  now,
);

function script(): Script {
  const found = scripts.get("bench");
  if (found === undefined) throw new Error("The script is not open.");
  return found;
}

function finish(): void {
  while (script().simulation?.advance(1000) === false);
}

const publish = () => scriptDiagnostics(script(), { maxProblems: 1000 });

/** Median and worst of some runs, each after `before`. */
function measure(name: string, action: () => unknown, before: () => void = () => {}): void {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    before();
    const start = now();
    action();
    times.push(now() - start);
  }
  const sorted = times.slice(2).sort((a, b) => a - b);
  const median = sorted[sorted.length >> 1].toFixed(1).padStart(8);
  console.log(`${name.padEnd(44)} ${median} ms   worst ${sorted[sorted.length - 1].toFixed(1)} ms`);
}

let version = 1;
/** Types a digit behind a line, or takes it away again. */
function keystroke(line: number): void {
  version++;
  const typed = version % 2 === 0;
  const end = script().document.lines[line].text.length;
  const range = typed
    ? { start: { line, character: end }, end: { line, character: end } }
    : { start: { line, character: end - 1 }, end: { line, character: end } };
  scripts.change("bench", version, [{ range, text: typed ? "0" : "" }]);
}

const text = mappingLines(count);
console.log(`${count} lines, ${(text.length / 1024 / 1024).toFixed(1)} MiB`);
const start = now();
scripts.open("bench", 1, text);
const read = now();
finish();
console.log(`open: read ${(read - start).toFixed(0)} ms, run ${(now() - read).toFixed(0)} ms`);

for (const [where, line] of [
  ["first lines", 10],
  ["middle", count >> 1],
  ["end", count - 10],
] as const) {
  measure(
    `keystroke, first answer, ${where}`,
    () => {
      keystroke(line);
      script().simulation?.advance(SLICE);
      publish();
    },
    finish,
  );
  measure(
    `keystroke, all lines, ${where}`,
    () => {
      keystroke(line);
      finish();
      publish();
    },
    finish,
  );
}
finish();

const middle = count >> 1;
const near = (begin: string, from: number) => {
  for (let line = from; line < script().document.lines.length; line++)
    if (script().document.lines[line].text.startsWith(begin)) return line;
  throw new Error(`No line begins with ${begin}.`);
};
const event = near("MAPTI", middle);
const at = (line: number, character: number) => ({ line, character });
measure("hover on a command, middle", () => hover(script(), at(event, 2)));
measure("hover on an argument, middle", () => hover(script(), at(event, 8)));
for (const [where, line] of [
  ["first lines", near("read", 3)],
  ["middle", near("read", middle)],
  ["end", near("read", count - 200)],
] as const)
  measure(`hover on a register, ${where}`, () => hover(script(), at(line, 7)), finish);
const options = { snippets: true };
measure("completion of a statement", () => completion(script(), at(middle, 0), options));
measure("completion of a DeviceID, middle", () => completion(script(), at(event, 15), options));
measure("completion of an expression, end", () => completion(script(), at(near("MAPTI", count - 200), 15), options));
measure("definition of a DeviceID", () => definition(script(), at(event, 8)));
measure("highlights", () => highlight(script(), at(event, 8)));
measure("references of an ICID, whole script", () => references(script(), at(0, 6), true));
measure("semantic tokens of 60 lines", () =>
  semanticTokens(script(), "all", { start: at(middle, 0), end: at(middle + 60, 0) }),
);
measure("semantic tokens, whole script", () => semanticTokens(script(), "all"));
measure("outline", () => symbols(script()));
measure("folding", () => folding(script()));
measure("formatting", () => formatting(script()));
console.log(`heap ${(process.memoryUsage().heapUsed / 1024 / 1024).toFixed(0)} MiB`);
