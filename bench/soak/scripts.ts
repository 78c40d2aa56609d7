// 500 scripts that are open at once in `gicwb lsp`, each edited again and again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import {
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { reportFlat } from "./flat.ts";

const open = 500;
const rounds = 4;
const root = path.resolve(import.meta.dirname, "../..");
const text = `MAPC ICID=0, RDbase=0
MAPD DeviceID=1, ITT_addr=0x43f00000, Size=4
MAPTI DeviceID=1, EventID=0, pINTID=8192, ICID=0
msi DeviceID=1, EventID=0
`;
const server = spawn(process.execPath, [path.join(root, "cli", "main.ts"), "lsp", "--stdio"], {
  stdio: ["pipe", "pipe", "inherit"],
});
const client = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
let waiting = new Set<string>();
let done = () => {};
client.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }: PublishDiagnosticsParams) => {
  // The nonsense at the end of each text: all lines before it have run.
  if (diagnostics.length > 0) waiting.delete(uri);
  if (waiting.size === 0) done();
});
client.listen();
await client.sendRequest("initialize", { processId: null, rootUri: null, capabilities: {} });
await client.sendNotification("initialized", {});
const uris = Array.from({ length: open }, (_, number) => `file:///${number}.itscmd`);

/** Has each script checked once. */
async function all(send: (uri: string) => Promise<void>): Promise<number> {
  waiting = new Set(uris);
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const started = performance.now();
  for (const uri of uris) await send(uri);
  await finished;
  return performance.now() - started;
}

/** Memory of the server, in MiB. */
function memory(): number {
  return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1]) / 1024;
}

const first = await all((uri) =>
  client.sendNotification("textDocument/didOpen", {
    textDocument: { uri, languageId: "itscmd", version: 1, text: `${text}nonsense\n` },
  }),
);
const samples: number[] = [];
let slowest = 0;
for (let round = 2; round < rounds + 2; round++) {
  const took = await all((uri) =>
    client.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: round },
      contentChanges: [{ text: `${text}# ${round}\nnonsense ${round}\n` }],
    }),
  );
  slowest = Math.max(slowest, took);
  samples.push(memory());
}
const asked = performance.now();
await client.sendRequest("textDocument/hover", {
  textDocument: { uri: uris[0] },
  position: { line: 1, character: 1 },
});
const hover = performance.now() - asked;
await client.sendRequest("shutdown");
await client.sendNotification("exit");
await once(server, "exit");
client.dispose();
const times = `opened in ${(first / 1000).toFixed(1)} s, all edited in ${(slowest / 1000).toFixed(1)} s at most, a hover then ${hover.toFixed(0)} ms`;
reportFlat(`${open} open scripts, ${times}`, samples, 60);
