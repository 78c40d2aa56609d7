import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";
import { createDebugAdapter } from "../../debug-adapter/inline.ts";
import type { EditorFiles } from "../../debug-adapter/script-protocol.ts";
import type { GicDebugSession } from "../../debug-adapter/session.ts";
import { webAdapterBundle } from "../../scripts/bundle.ts";

const root = path.join(import.meta.dirname, "..", "..");
const example = readFileSync(path.join(root, "examples", "first-msi.itscmd"), "utf8");
const uri = "vscode-vfs://host/first%20msi.itscmd";

const files: EditorFiles = {
  text: async (asked) => {
    if (asked !== uri) throw new Error("there is no such document");
    return example;
  },
  version: async (asked) => (asked === uri ? "1" : undefined),
  bytes: async () => {
    throw new Error("there is no such file");
  },
};

/** What a worker of a browser has, of what adapters may use: nothing of Node. */
const workerGlobals = { setTimeout, clearTimeout, queueMicrotask, MessageChannel, URL, TextEncoder, TextDecoder, atob };

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly event?: string;
}

/** All that an adapter says in a session that runs, steps, looks, changes, and goes back. */
async function transcript(session: GicDebugSession): Promise<unknown[]> {
  const said: unknown[] = [];
  const waiting: { wanted: (message: Message) => boolean; done: () => void }[] = [];
  session.onDidSendMessage((message) => {
    // Objects of another context have other prototypes.
    const plain = JSON.parse(JSON.stringify(message)) as Message;
    said.push(plain);
    for (const { wanted, done } of waiting) if (wanted(plain)) done();
  });
  const next = (wanted: (message: Message) => boolean) =>
    new Promise<void>((done) => {
      waiting.push({ wanted, done });
    });
  let seq = 0;
  const ask = (command: string, args: object = {}, event?: string) => {
    const id = ++seq;
    const answered = next(({ type, request_seq }) => type === "response" && request_seq === id);
    const told = event === undefined ? undefined : next((message) => message.event === event);
    session.handleMessage({ seq: id, type: "request", command, arguments: args } as never);
    return Promise.all([answered, told]);
  };
  await ask("initialize", { adapterID: "gic", pathFormat: "path", supportsVariableType: true });
  await ask("launch", { program: uri, stopAtEnd: true }, "initialized");
  await ask("setBreakpoints", { source: { path: uri }, breakpoints: [{ line: 20 }, { line: 30 }] });
  await ask("configurationDone", {}, "stopped");
  for (const [command, event] of [
    ["next", "stopped"],
    ["stepIn", "stopped"],
    ["stepBack", "stopped"],
    ["continue", "stopped"],
    ["reverseContinue", "stopped"],
    ["stackTrace", undefined],
    ["scopes", undefined],
    ["continue", "stopped"],
  ] as const) {
    await ask(command, { threadId: 1, frameId: 1 }, event);
  }
  for (const expression of ["GITS_CREADR", "dte[nic]", "mem64[0x40000000]", "who GITS_CWRITER"]) {
    await ask("evaluate", { expression, context: "repl" });
  }
  await ask("gic/noSuchRequest");
  await ask("disconnect");
  return said;
}

describe("the adapter in a web worker", () => {
  let inWorker: (editor: EditorFiles) => GicDebugSession;

  before(async () => {
    const { outputFiles } = await build({ ...webAdapterBundle(), sourcemap: false, write: false, outdir: root });
    const context = createContext({ ...workerGlobals });
    runInContext(outputFiles[0].text, context);
    inWorker = runInContext("gicDebugAdapter.createDebugAdapter", context);
  });

  it("says in a context without anything of Node what it says in the editor's own process", async () => {
    const here = await transcript(createDebugAdapter(undefined, files));
    assert.deepEqual(await transcript(inWorker(files)), here);
    const text = JSON.stringify(here);
    assert.match(text, /"reason":"breakpoint"/);
    assert.match(text, /first msi\.itscmd/);
    assert.ok(here.length > 25, `${here.length} messages`);
  });

  it("says which document is not there", async () => {
    const session = inWorker({
      ...files,
      text: async () => {
        throw new Error("there is no such document");
      },
    });
    const said = await new Promise<string>((done) => {
      session.onDidSendMessage((message) => done(JSON.stringify(message)));
      session.handleMessage({ seq: 1, type: "request", command: "launch", arguments: { program: uri } } as never);
    });
    session.shutdown();
    assert.match(said, /vscode-vfs:\/\/host\/first%20msi\.itscmd\\" cannot be read: there is no such document\./);
  });
});
