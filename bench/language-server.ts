// A language server as editors use it, on a long text:  node bench/language-server.ts [lines] [--json] [--alone]
// Speaks the protocol with a process of the built server over pipes, so what is measured is what an editor waits for. The same is asked of
// clangd, where it is installed, about a C file of as many lines; not with --alone. Medians and p95 of 21 in milliseconds, memory of the process in MiB (resident).
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import {
  createProtocolConnection,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  type SemanticTokens,
  type SemanticTokensDelta,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serverBounds } from "../client/node/server-process.ts";
import { brokenLines, mappingLines } from "./event-lines.ts";

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean" }, alone: { type: "boolean" } },
  allowPositionals: true,
});
const count = Number(positionals[0] ?? 100_000);
const RUNS = 21;

const product = path.resolve(import.meta.dirname, "../dist/server.cjs");
if (!existsSync(product)) {
  console.error(`${product} is not there: npm run build makes it.`);
  process.exit(2);
}

interface Subject {
  readonly name: string;
  readonly command: readonly string[];
  readonly language: string;
  readonly suffix: string;
  readonly text: string;
  /** Where a character is typed, and where the other questions are asked. */
  readonly place: { readonly line: number; readonly character: number };
}

interface Figures {
  readonly name: string;
  readonly lines: number;
  readonly figures: Record<string, { readonly median: number; readonly p95: number }>;
  readonly memoryMiB: number;
}

function script(name: string, text: string): Subject {
  const lines = text.split("\n");
  const line = lines.findIndex((text, index) => index > count / 2 && text.startsWith("MAPTI"));
  return {
    name,
    // As the extension starts it.
    command: [process.execPath, ...serverBounds, product, "--stdio"],
    language: "itscmd",
    suffix: ".itscmd",
    text,
    place: { line, character: 15 },
  };
}

function program(): Subject | undefined {
  const clangd = ["clangd", "clangd-19", "clangd-16", "clangd-15", "clangd-14"].find(
    (name) => spawnSync(name, ["--version"]).error === undefined,
  );
  if (clangd === undefined) return undefined;
  const lines = ["static int map(int d, int e, int i, int c) { return d + e + i + c; }", "int base = 8192;"];
  for (let device = 0; lines.length < count; device++) {
    lines.push(`int f${device}(void) { int s = 0;`);
    for (let event = 0; event < 97 && lines.length < count - 1; event++)
      lines.push(`  s += map(${device}, ${event}, base + ${event}, 0);`);
    lines.push("  return s; }");
  }
  const line = lines.findIndex((text, index) => index > count / 2 && text.startsWith("  s += map"));
  return {
    name: clangd,
    command: [clangd, "--background-index=false", "--limit-results=100", "--folding-ranges", "--log=error"],
    language: "c",
    suffix: ".c",
    text: lines.join("\n"),
    place: { line, character: 8 },
  };
}

/** Resident memory of a process in MiB, 0 where the system does not tell. */
function memoryOf(server: ChildProcessWithoutNullStreams): number {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
    return Number(kib ?? 0) / 1024;
  } catch {
    return 0;
  }
}

async function measure(subject: Subject): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), "gicwb-bench-"));
  const file = path.join(folder, `bench${subject.suffix}`);
  writeFileSync(file, subject.text);
  const uri = pathToFileURL(file).href;
  const server = spawn(subject.command[0], subject.command.slice(1), { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  server.stderr.resume();
  const client = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const figures: Figures["figures"] = {};
  const note = (name: string, times: number[]) => {
    const sorted = times.sort((a, b) => a - b);
    figures[name] = { median: sorted[sorted.length >> 1], p95: sorted[Math.floor((sorted.length - 1) * 0.95)] };
  };
  let published: (params: PublishDiagnosticsParams) => void = () => {};
  client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => published(params));
  client.listen();
  const diagnostics = (version: number) =>
    new Promise<void>((resolve) => {
      published = (params) => {
        if ((params.version ?? version) >= version) resolve();
      };
    });
  await client.sendRequest("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      textDocument: {
        publishDiagnostics: { versionSupport: true },
        // As VS Code: it colours what a grammar can tell by itself.
        semanticTokens: { requests: { full: { delta: true } }, augmentsSyntaxTokens: true },
      },
    },
  });
  await client.sendNotification("initialized", {});
  const opened = performance.now();
  const first = diagnostics(1);
  const { language: languageId, text } = subject;
  await client.sendNotification("textDocument/didOpen", { textDocument: { uri, languageId, version: 1, text } });
  await first;
  note("open to first diagnostics", [performance.now() - opened]);
  await client.sendRequest("textDocument/documentSymbol", { textDocument: { uri } });
  note("open to document symbols", [performance.now() - opened]);

  const document = { textDocument: { uri } };
  const at = { ...document, position: subject.place };
  const timed = async (name: string, ask: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    note(name, times.slice(1));
  };
  let version = 1;
  await timed("keystroke to diagnostics", async () => {
    version++;
    const answer = diagnostics(version);
    await type(client, uri, version, subject.place);
    await answer;
  });
  await timed("completion", () => client.sendRequest("textDocument/completion", at));
  await timed("hover", () => client.sendRequest("textDocument/hover", at));
  await timed("definition", () => client.sendRequest("textDocument/definition", at));
  await timed("document symbols", () => client.sendRequest("textDocument/documentSymbol", document));
  let told: SemanticTokens | SemanticTokensDelta | null = null;
  await timed("full tokens", async () => {
    told = await client.sendRequest<SemanticTokens>("textDocument/semanticTokens/full", document);
  });
  await timed("keystroke and token delta", async () => {
    await type(client, uri, ++version, subject.place);
    const previousResultId: string | undefined = (told as SemanticTokens | null)?.resultId;
    told = await client.sendRequest("textDocument/semanticTokens/full/delta", { ...document, previousResultId });
  });
  await timed("folding", () => client.sendRequest("textDocument/foldingRange", document));
  const memoryMiB = memoryOf(server);
  await client.sendRequest("shutdown");
  await client.sendNotification("exit");
  client.dispose();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
  return { name: subject.name, lines: count, figures, memoryMiB };
}

/** Types a blank at a place, or takes it away again. */
function type(client: ProtocolConnection, uri: string, version: number, place: Subject["place"]): Promise<void> {
  const start = { line: place.line, character: 0 };
  const range = version % 2 === 0 ? { start, end: start } : { start, end: { ...start, character: 1 } };
  const contentChanges = [{ range, text: version % 2 === 0 ? " " : "" }];
  return client.sendNotification("textDocument/didChange", { textDocument: { uri, version }, contentChanges });
}

const results: Figures[] = [];
const subjects = [
  script("gicwb", mappingLines(count)),
  script("gicwb, most lines break a rule", brokenLines(count)),
  values.alone === true ? undefined : program(),
];
for (const subject of subjects) {
  if (subject === undefined) continue;
  const result = await measure(subject);
  results.push(result);
  if (values.json === true) continue;
  // As soon as it is there: the other one may take minutes.
  const { name, lines, figures, memoryMiB } = result;
  console.log(`${name}, ${lines} lines: ${memoryMiB.toFixed(0)} MiB after everything`);
  for (const [what, { median, p95 }] of Object.entries(figures))
    console.log(`  ${what.padEnd(28)} ${median.toFixed(1).padStart(9)} ms   p95 ${p95.toFixed(1)} ms`);
}
if (values.json === true) console.log(JSON.stringify(results, undefined, 1));
