import { PassThrough } from "node:stream";
import {
  createConnection,
  createProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { ScriptDocument } from "../../../language/index.ts";
import { serve } from "../../../server/connection.ts";
import type { Random } from "../random.ts";
import { damaged, parsed } from "./json.ts";
import { type Kind, unspoken } from "./kind.ts";
import { randomScript } from "./scripts.ts";
import { Statements } from "./statements.ts";

const URI = "file:///fuzz.itscmd";
const AGAIN = "file:///again.itscmd";
/** Slices of the server's work on a script, at most. */
const MOST_SLICES = 2000;
/** Turns of the event loop in which a request must be answered. */
const MOST_TURNS = 5000;
/** Requests that are answered once a script has run, and turns after which time goes on for them. */
const WAITS_FOR_THE_RUN = new Set(["textDocument/documentSymbol"]);
const PATIENT_TURNS = 20;

const REQUESTS = [
  "hover",
  "completion",
  "signatureHelp",
  "definition",
  "references",
  "documentHighlight",
  "documentSymbol",
  "foldingRange",
  "codeAction",
  "formatting",
  "rangeFormatting",
  "prepareRename",
  "rename",
  "semanticTokens/full",
  "semanticTokens/range",
] as const;

interface Position {
  readonly line: number;
  readonly character: number;
}

interface Change {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

interface Message {
  readonly method: string;
  readonly params: unknown;
  /** Its parameters are not what the protocol says. */
  readonly wrong?: boolean;
}

class Messages {
  private readonly random: Random;
  private version = 1;

  constructor(random: Random) {
    this.random = random;
  }

  open(): Message {
    const text = randomScript(this.random).join(this.random.pick(["\n", "\n", "\r\n"]));
    const textDocument = { uri: URI, languageId: "itscmd", version: this.version++, text };
    return { method: "textDocument/didOpen", params: { textDocument } };
  }

  any(): Message {
    const { random } = this;
    return random.weighted<() => Message>([
      [5, () => this.request()],
      [4, () => this.change()],
      [1, () => this.open()],
    ])();
  }

  private change(): Message {
    const { random } = this;
    const contentChanges = Array.from({ length: random.between(1, 3) }, (): Change => {
      const text = random.chance(50)
        ? random.pick(["", " ", "\n", "x", "0x", "machine {", "}", "\u0000"])
        : `${new Statements(random).any()}\n`;
      if (random.chance(10)) return { text: randomScript(random).join("\n") };
      const start = this.position();
      const end = random.chance(50)
        ? start
        : { line: start.line + random.below(3), character: start.character + random.below(6) };
      return { range: { start, end }, text };
    });
    return {
      method: "textDocument/didChange",
      params: { textDocument: { uri: URI, version: this.version++ }, contentChanges },
    };
  }

  private position(): Position {
    const { random } = this;
    if (random.chance(3)) return { line: 2 ** 31 - 1, character: 2 ** 31 - 1 };
    return { line: random.below(32), character: random.below(random.pick([1, 12, 60])) };
  }

  private request(): Message {
    const { random } = this;
    const [start, end] = [this.position(), this.position()];
    const params = {
      textDocument: { uri: URI },
      position: start,
      range: { start, end },
      context: { includeDeclaration: true, diagnostics: [], triggerKind: 1 },
      options: { tabSize: 2, insertSpaces: true },
      newName: random.pick(["other", "let", "", "1x"]),
    };
    return { method: `textDocument/${random.pick(REQUESTS)}`, params };
  }
}

/** Changes and requests in any order to a server with a hostile script. */
export const lsp: Kind = {
  name: "lsp",
  ending: ".jsonl",
  generate(random) {
    const messages = new Messages(random);
    const list = [messages.open(), ...Array.from({ length: random.between(2, 16) }, () => messages.any())];
    const isWrong = random.chance(15);
    return list.map((message) =>
      JSON.stringify(
        isWrong && random.chance(20) ? { ...message, params: damaged(random, message.params), wrong: true } : message,
      ),
    );
  },
  async check(parts) {
    const messages = parts
      .map((text) => parsed(text) as Message | undefined)
      .filter((message) => message !== undefined);
    const session = new Session();
    try {
      return await session.run(messages);
    } finally {
      session.close();
    }
  },
};

/** A server and a client that speaks with it over streams, with a clock that runs when it is told to. */
class Session {
  private readonly waiting = new Set<() => void>();
  private readonly streams = [new PassThrough(), new PassThrough()];
  private readonly client: ReturnType<typeof createProtocolConnection>;
  private readonly published = new Map<string, string[]>();
  private fault: string | undefined;
  /** A message broke the protocol: the server may say that something failed, and goes on. */
  private broken = false;

  constructor() {
    const [toServer, toClient] = this.streams;
    const turn = (callback: () => void) => {
      this.waiting.add(callback);
      return () => void this.waiting.delete(callback);
    };
    const clock = {
      now: () => 0,
      turn,
      later: (_milliseconds: number, callback: () => void) => turn(callback),
    };
    serve(createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient)), clock);
    this.client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
    this.client.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      const list = params.diagnostics.map(({ range: { start, end }, code, message }) => {
        this.fault ??= unspoken(String(message).replaceAll(/"[^"]*"|'[^']*'/g, ""));
        return `${start.line}:${start.character}-${end.line}:${end.character} ${code} ${message}`;
      });
      this.published.set(params.uri, list);
    });
    this.client.onNotification("window/showMessage", ({ message }: { readonly message: string }) => {
      this.failed(message);
    });
    this.client.onRequest("window/showMessageRequest", ({ message }: { readonly message: string }) => {
      this.failed(message);
      return null;
    });
    this.client.onNotification("window/logMessage", ({ message }: { readonly message: string }) => {
      if (/^GICS\d\d /.test(message)) this.failed(message);
    });
    this.client.listen();
  }

  async run(messages: readonly Message[]): Promise<string | undefined> {
    await this.ask({ method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    await this.client.sendNotification("initialized", {});
    let document: ScriptDocument | undefined;
    for (const message of messages) {
      this.broken ||= message.wrong === true;
      if (message.method.startsWith("textDocument/did")) {
        await this.client.sendNotification(message.method, message.params as object);
        if (message.wrong !== true) document = changed(document, message);
      } else await this.ask(message);
      if (this.fault !== undefined) return this.fault;
    }
    await this.work();
    if (this.fault !== undefined || document === undefined) return this.fault;
    const textDocument = { uri: AGAIN, languageId: "itscmd", version: 1, text: document.text };
    await this.client.sendNotification("textDocument/didOpen", { textDocument });
    await this.work();
    const [after, fresh] = [URI, AGAIN].map((uri) => this.published.get(uri)?.join("\n"));
    if (fresh === undefined) this.fault ??= "The server publishes no problems of another script any more.";
    // What a broken message did to a text nobody can say.
    if (!this.broken && after !== fresh) {
      this.fault ??= `After the changes the problems are not those of the text:\n${after}\nbut:\n${fresh}`;
    }
    return this.fault;
  }

  private failed(message: string): void {
    if (!this.broken) this.fault ??= `The server fails: ${message}`;
  }

  close(): void {
    this.client.dispose();
    for (const stream of this.streams) stream.destroy();
  }

  /** Lets the time come that something waits for. */
  private tick(): void {
    const [callback] = this.waiting;
    this.waiting.delete(callback);
    callback?.();
  }

  /** Lets the server work on what was sent until nothing is left. */
  private async work(): Promise<void> {
    await this.ask({ method: "textDocument/foldingRange", params: { textDocument: { uri: URI } } });
    for (let slices = 0; this.waiting.size > 0; slices++) {
      if (slices === MOST_SLICES) this.fault ??= "The server does not come to an end with a script.";
      if (slices <= MOST_SLICES) this.tick();
      else this.waiting.clear();
    }
    await this.ask({ method: "textDocument/foldingRange", params: { textDocument: { uri: URI } } });
  }

  private async ask({ method, params, wrong }: Message): Promise<void> {
    let answered = false;
    this.client
      .sendRequest(method, params)
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        // Who breaks the protocol is told what broke; who keeps it gets sentences.
        if (wrong !== true) this.fault ??= unspoken(message.replaceAll(/"[^"]*"|'[^']*'/g, ""));
      })
      .finally(() => {
        answered = true;
      });
    for (let turns = 0; !answered && turns < MOST_TURNS; turns++) {
      await new Promise(setImmediate);
      if (turns >= PATIENT_TURNS && WAITS_FOR_THE_RUN.has(method)) this.tick();
    }
    if (!answered) this.fault ??= `The request ${method} is not answered.`;
  }
}

/** The text after a message, as the language's own document has it. */
function changed(document: ScriptDocument | undefined, { method, params }: Message): ScriptDocument | undefined {
  if (method === "textDocument/didOpen")
    return new ScriptDocument(
      (params as { readonly textDocument?: { readonly text?: string } })?.textDocument?.text ?? "",
    );
  if (document === undefined || typeof params !== "object") return document;
  let current = document;
  for (const change of (params as { readonly contentChanges?: readonly Change[] } | null)?.contentChanges ?? []) {
    if (change.range === undefined) current = new ScriptDocument(change.text);
    else {
      const { start, end } = change.range;
      current.update([
        {
          start: { line: start.line, column: start.character },
          end: { line: end.line, column: end.character },
          text: change.text,
        },
      ]);
    }
  }
  return current;
}
