import type { GuestMemory } from "../memory/guest-memory.ts";
import type { RamWindow } from "../memory/ram-window.ts";

/**
 * A table in RAM whose place was looked up once, when a register said where it is: its words are then read and written by index.
 * Windows of RAM never move, so this is no copy of anything. A table that is not wholly in one window has no place here, and is
 * reached by address.
 */
export class TableRange {
  /** Undefined while there is no place. */
  window: RamWindow | undefined = undefined;
  words: Uint32Array = new Uint32Array(0);
  view: Uint8Array = new Uint8Array(0);
  /** Index of the table's first word and first byte in them. */
  firstWord = 0;
  firstByte = 0;
  /** Words and bytes of the table; 0 while there is no place. */
  wordCount = 0;
  byteCount = 0;

  /** @param address multiple of 4 @param bytes multiple of 4 */
  place(memory: GuestMemory, address: number, bytes: number): void {
    const window = bytes > 0 ? memory.lastingWindow(address, bytes) : undefined;
    this.window = window;
    this.wordCount = window === undefined ? 0 : bytes / 4;
    this.byteCount = window === undefined ? 0 : bytes;
    if (window === undefined) return;
    this.words = window.bank.words;
    this.view = window.view;
    this.firstByte = address - window.base;
    this.firstWord = this.firstByte / 4;
  }
}
