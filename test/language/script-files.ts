import type { FileRefusal, ScriptFile, ScriptFiles } from "../../language/index.ts";

/** Files by name, in one folder, that count how often each is read. */
export class Files implements ScriptFiles {
  readonly texts: Map<string, string | Uint8Array>;
  readonly reads: string[] = [];

  constructor(texts: Readonly<Record<string, string | Uint8Array>>) {
    this.texts = new Map(Object.entries(texts));
  }

  read(path: string): ScriptFile | FileRefusal {
    this.reads.push(path);
    const text = this.texts.get(path);
    if (text === undefined) return { refused: "missing", beside: "script" };
    return { identity: path, bytes: typeof text === "string" ? new TextEncoder().encode(text) : text };
  }
}
