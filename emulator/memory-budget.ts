/** A machine would hold more memory of its host than it may. What it was about to do has to be taken back. */
export class MemoryLimitError extends Error {
  /** Bytes that the machine's owner may hold. */
  readonly limit: number;

  constructor(limit: number) {
    super(`more than ${limit} bytes of memory are needed`);
    this.limit = limit;
  }
}

/**
 * Memory of the host that machines hold: pages of RAM that were written, growing state, undo logs. Counted in bytes, in stages: a
 * document's machines under a bound of their own, all documents under one of the server. Memory stays counted when a machine is taken
 * back, for it stays allocated; {@link release} gives back all that a stage holds.
 */
export class MemoryBudget {
  readonly limit: number;
  private readonly parent: MemoryBudget | undefined;
  private held = 0;

  /** @param limit in bytes @param parent counts what is taken here, too */
  constructor(limit: number, parent?: MemoryBudget) {
    this.limit = limit;
    this.parent = parent;
  }

  /** Bytes held. */
  get used(): number {
    return this.held;
  }

  /** Whether so many more bytes may be held. */
  allows(bytes: number): boolean {
    return this.held + bytes <= this.limit && (this.parent?.allows(bytes) ?? true);
  }

  /** Counts bytes. @throws MemoryLimitError when they are too many; nothing is counted then */
  take(bytes: number): void {
    if (this.held + bytes > this.limit) throw new MemoryLimitError(this.limit);
    this.parent?.take(bytes);
    this.held += bytes;
  }

  /** Gives everything back. */
  release(): void {
    this.parent?.give(this.held);
    this.held = 0;
  }

  private give(bytes: number): void {
    this.held -= bytes;
    this.parent?.give(bytes);
  }
}

/** Of a machine that nobody bounds. */
export const NO_LIMIT = new MemoryBudget(Number.POSITIVE_INFINITY);
