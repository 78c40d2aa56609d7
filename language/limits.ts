/**
 * Bounds on what is read, so that hostile or mistaken input costs bounded time and memory.
 * A document beyond `characters` or `lines` is refused as a whole; a longer line gives one diagnostic and is not looked into.
 */
export const limits = {
  /** UTF-16 units in one document: 16 Mi. */
  characters: 16 * 1024 * 1024,
  /** Lines in one document. */
  lines: 500_000,
  /** UTF-16 units in one line. */
  lineLength: 10_000,
  /** Nesting of parentheses, brackets and prefix operators in one expression. */
  expressionDepth: 64,
  /** Blocks in blocks. */
  blockDepth: 16,
  /** Files that include others, one in the other. */
  includeDepth: 8,
  /** Paths of included files in a script and all that it includes. */
  includedFiles: 128,
  /** Bytes of all files that a script includes: 16 MiB. */
  includedBytes: 16 * 1024 * 1024,
  /** Bytes of a file that `load` stores in memory: 256 MiB. */
  loadedBytes: 256 * 1024 * 1024,
  /** Turns of all loops and calls of all macros in one run. */
  turns: 1_000_000,
  /** Bytes of all RAM windows of a machine together: 4 GiB. */
  ramBytes: 4n * 1024n * 1024n * 1024n,
  /** PEs of a machine. */
  cpus: 512n,
  /** ITSs of a machine. */
  itss: 16n,
  /** Bits of a slot's number: a command queue has 256 pages of 4 KiB at most, and so 32,768 slots. */
  slotBits: 15,
  /** Machine blocks of a script. */
  machines: 16,
} as const;
