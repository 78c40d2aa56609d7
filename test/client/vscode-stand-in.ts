import { registerHooks } from "node:module";

/** Calls listeners as VS Code's events do. */
class Emitter<T> {
  private readonly listeners = new Set<(value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  async fire(value: T): Promise<void> {
    for (const listener of this.listeners) await listener(value);
  }
}

/** A document of the stand-in's workspace. */
export interface StandInDocument {
  readonly uri: { toString(): string };
  readonly version: number;
  readonly isClosed: boolean;
  getText(): string;
}

const closed = new Emitter<StandInDocument>();
const changed = new Emitter<{ document: StandInDocument; contentChanges: readonly unknown[] }>();
const documents: StandInDocument[] = [];

class Uri {
  readonly scheme: string;
  readonly path: string;

  private constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }

  static parse(text: string): Uri {
    const colon = text.indexOf(":");
    return new Uri(text.slice(0, colon), text.slice(colon + 1));
  }

  toString(): string {
    return `${this.scheme}:${this.path}`;
  }
}

class Disposable {
  private readonly end: () => unknown;

  constructor(end: () => unknown) {
    this.end = end;
  }

  dispose(): void {
    this.end();
  }
}

/** The parts of the editor that reading and showing dumps needs, without an editor. */
export const standIn = {
  // What these tests do not use of the door for messages.
  commands: {},
  ProgressLocation: {},
  Uri,
  Disposable,
  Range: class {},
  WorkspaceEdit: class {},
  FileType: { Directory: 2 },
  window: { setStatusBarMessage: () => undefined, showInformationMessage: () => undefined },
  workspace: {
    textDocuments: documents,
    onDidChangeTextDocument: changed.event,
    onDidCloseTextDocument: closed.event,
    openTextDocument: async (uri: { toString(): string }) =>
      documents.find((document) => document.uri.toString() === uri.toString()),
    applyEdit: async () => false,
    // Nothing changes on the stand-in's disk.
    createFileSystemWatcher: () => ({
      onDidChange: new Emitter<unknown>().event,
      onDidCreate: new Emitter<unknown>().event,
      onDidDelete: new Emitter<unknown>().event,
      dispose: () => undefined,
    }),
    fs: { stat: async () => ({ size: 1, mtime: 1, type: 1 }) },
  },
};

/** Opens a document in the stand-in's workspace. */
export function openStandIn(uri: string, getText: () => string): StandInDocument {
  const document = { uri: Uri.parse(uri), version: 1, isClosed: false, getText };
  documents.push(document);
  return document;
}

/** A webview panel that keeps what it is sent. `receive` is a message from its page. */
export function panelStandIn() {
  const messages = new Emitter<unknown>();
  const sent: unknown[] = [];
  const panel = {
    webview: {
      onDidReceiveMessage: messages.event,
      postMessage: async (message: unknown) => sent.push(message),
    },
  };
  return { panel, sent, receive: (message: unknown) => messages.fire(message) };
}

const key = "gicWorkbench.vscodeStandIn";
Reflect.set(globalThis, key, standIn);
const names = Object.keys(standIn).join(", ");
const source = `export const { ${names} } = globalThis[${JSON.stringify(key)}];`;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "vscode"
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});
