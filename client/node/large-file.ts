import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { Uri } from "vscode";
import { ChunkedStore } from "../../dumps/chunked-store.ts";
import { nameOf } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { texts } from "../texts.ts";

/** A file that is too large to be held: its bytes are read when they are asked for, and it is never written to. */
export class LargeFile extends ChunkedStore {
  readonly length: number;
  private readonly uri: Uri;
  private readonly changed: number;

  /** @param uri of scheme `file` @throws Error with a sentence when it cannot be opened; reading throws one, too, also when the file is another one by now */
  constructor(uri: Uri) {
    super();
    this.uri = uri;
    const { size, mtimeMs } = this.opened((handle) => fstatSync(handle));
    this.length = size;
    this.changed = mtimeMs;
  }

  protected override read(from: number, length: number): Uint8Array {
    return this.opened((handle) => {
      if (fstatSync(handle).mtimeMs !== this.changed) throw new Error(texts.largeFileChanged());
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(handle, bytes, done, length - done, from + done);
        if (count === 0) throw new Error(texts.largeFileChanged());
        done += count;
      }
      return bytes;
    });
  }

  /** The file is open for the moment only, so that nobody has to close it. */
  private opened<T>(use: (handle: number) => T): T {
    try {
      const handle = openSync(this.uri.fsPath, "r");
      try {
        return use(handle);
      } finally {
        closeSync(handle);
      }
    } catch (error) {
      throw new Error(texts.decodeUnreadable(nameOf(this.uri), reasonOf(error)));
    }
  }
}
