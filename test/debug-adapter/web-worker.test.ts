import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import { workerScript } from "../../client/web/worker-script.ts";
import { createDebugAdapter } from "../../debug-adapter/inline.ts";
import type { EditorFiles } from "../../debug-adapter/script-protocol.ts";
import type { FromAdapterWorker, ToAdapterWorker } from "../../debug-adapter/worker-protocol.ts";
import { buildProduct } from "../../scripts/bundle.ts";

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
  named: async () => ({ code: "ENOENT" }),
};

/** What a worker of a browser has, of what adapters may use: nothing of Node. */
const workerGlobals = { setTimeout, clearTimeout, queueMicrotask, MessageChannel, URL, TextEncoder, TextDecoder, atob };

/** An adapter, wherever it is. */
interface Adapter {
  onDidSendMessage(listener: (message: unknown) => void): unknown;
  handleMessage(message: never): void;
}

/** What a worker's global object has for who has started it. */
interface Port {
  onmessage?(event: { readonly data: ToAdapterWorker }): void;
  postMessage(message: FromAdapterWorker): void;
}

/** Runs the script of a worker in a context without anything of Node, and answers its questions. */
function startWorker(script: string, editor: EditorFiles): Adapter {
  const listeners: ((message: unknown) => void)[] = [];
  // What passes between workers is copied.
  const send = (message: ToAdapterWorker) => queueMicrotask(() => port.onmessage?.({ data: structuredClone(message) }));
  const port: Port & typeof workerGlobals = {
    ...workerGlobals,
    postMessage(message) {
      if (message.kind === "protocol") {
        for (const listener of listeners) listener(message.message);
        return;
      }
      const { id, question, args } = message;
      const asked = (editor[question] as (...args: readonly string[]) => Promise<unknown>)(...args);
      asked.then(
        (value) => send({ kind: "answer", id, value }),
        (error: Error) => send({ kind: "refusal", id, reason: error.message }),
      );
    },
  };
  runInContext(script, createContext(port));
  return {
    onDidSendMessage: (listener) => listeners.push(listener),
    handleMessage: (message) => send({ kind: "protocol", message }),
  };
}

interface Message {
  readonly type: string;
  readonly request_seq?: number;
  readonly event?: string;
}

/** All that an adapter says in a session that runs, steps, looks, changes, and goes back. */
async function transcript(session: Adapter): Promise<unknown[]> {
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
  const folder = mkdtempSync(path.join(tmpdir(), "gic-web-"));
  let script: string;

  before(async () => {
    await buildProduct({ minify: true, folder });
    const names = readdirSync(folder).filter((name) => /^(debug-web|shared-\d+|core)\.cjs$/.test(name));
    const packed = names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")] as const);
    script = workerScript("debug-web.cjs", packed).join("");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("says in a context without anything of Node what it says in the editor's own process", async () => {
    const here = await transcript(createDebugAdapter(undefined, files));
    assert.deepEqual(await transcript(startWorker(script, files)), here);
    const text = JSON.stringify(here);
    assert.match(text, /"reason":"breakpoint"/);
    assert.match(text, /first msi\.itscmd/);
    assert.ok(here.length > 25, `${here.length} messages`);
  });

  it("says which document is not there", async () => {
    const session = startWorker(script, {
      ...files,
      text: async () => {
        throw new Error("there is no such document");
      },
    });
    const said = await new Promise<string>((done) => {
      session.onDidSendMessage((message) => done(JSON.stringify(message)));
      session.handleMessage({ seq: 1, type: "request", command: "launch", arguments: { program: uri } } as never);
    });
    // What is left waiting for messages would keep this process.
    session.handleMessage({ seq: 2, type: "request", command: "disconnect" } as never);
    assert.match(said, /vscode-vfs:\/\/host\/first%20msi\.itscmd\\" cannot be read: there is no such document\./);
  });
});
