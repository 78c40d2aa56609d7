/** What a dump is, so that a changed one is told from it. */
export interface DumpIdentity {
  readonly uri: string;
  /** Characters of an open document, bytes of a file. */
  readonly size: number;
  /** When the file was written last, in ms; 0 where there is no file. */
  readonly mtime: number;
  /** Version of the open document; counts from anew in every session. */
  readonly version: number;
}

/** The part of VS Code's Memento that is needed. */
export interface Storage {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const KEY = "gicWorkbench.decodingUnderWay";

/** A dump is not decoded by itself, as the extension host ended the last time. */
export class HeldBack extends Error {}

/**
 * Notes which dumps are being decoded, beyond the life of the extension host. A note that is there when the host starts means that the host
 * ended while it decoded that dump: nothing is decoded of it by itself until it is changed, or the user says so.
 */
export class DecodingGuard {
  private readonly storage: Storage;
  /** Left behind by a host that has ended; with the version that the dump has in this session, once it was asked for. */
  private readonly held = new Map<string, { readonly identity: DumpIdentity; version?: number }>();
  private readonly underWay = new Map<string, { identity: DumpIdentity; works: number }>();
  private readonly listeners = new Set<(uri: string) => void>();

  constructor(storage: Storage) {
    this.storage = storage;
    const left = storage.get(KEY);
    for (const identity of Array.isArray(left) ? left : []) {
      if (isIdentity(identity)) this.held.set(identity.uri, { identity });
    }
  }

  /** Whether work on a dump waits for the user's word. */
  isHeld(dump: DumpIdentity): boolean {
    const held = this.held.get(dump.uri);
    if (held === undefined) return false;
    held.version ??= dump.version;
    const { size, mtime } = held.identity;
    return held.version === dump.version && size === dump.size && mtime === dump.mtime;
  }

  /** The user wants a dump decoded, whatever happened. */
  release(uri: string): void {
    if (!this.held.delete(uri)) return;
    for (const listener of this.listeners) listener(uri);
  }

  /** @returns what ends the listening */
  onRelease(listener: (uri: string) => void): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** Does work on a dump under a note. Rejects with {@link HeldBack} when the dump is held back. */
  async run<T>(dump: DumpIdentity, work: () => Promise<T>): Promise<T> {
    if (this.isHeld(dump)) throw new HeldBack();
    this.held.delete(dump.uri);
    const noted = this.underWay.get(dump.uri) ?? { identity: dump, works: 0 };
    noted.works++;
    noted.identity = dump;
    this.underWay.set(dump.uri, noted);
    try {
      await this.write();
      return await work();
    } finally {
      if (--noted.works === 0) {
        this.underWay.delete(dump.uri);
        await this.write();
      }
    }
  }

  /** The host ends as it should: what is under way now is not to blame. */
  async close(): Promise<void> {
    this.underWay.clear();
    await this.write();
  }

  private async write(): Promise<void> {
    const notes = [...this.held.values(), ...this.underWay.values()].map(({ identity }) => identity);
    await this.storage.update(KEY, notes.length === 0 ? undefined : notes);
  }
}

function isIdentity(value: unknown): value is DumpIdentity {
  const { uri, size, mtime, version } = (value ?? {}) as Partial<DumpIdentity>;
  return [size, mtime, version].every((number) => typeof number === "number") && typeof uri === "string";
}
