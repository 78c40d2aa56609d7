/** INTIDs of one bitmap. */
export const BITMAP_INTIDS = 65536;
/** Priority levels: bits [7:2] of a configuration byte. */
const LEVELS = 64;
const WORDS = BITMAP_INTIDS / 32;
/** Start of the words that tell which words of the bitmap are not zero, and of those that tell it of them. */
const SUMMARY = WORDS;
const TOP = SUMMARY + WORDS / 32;
const TOP_WORDS = WORDS / 1024;

/**
 * A set of INTIDs 0..65535, each with one of 64 priority levels, that knows its first: lowest level, then lowest INTID.
 * Adding, removing and asking cost a few word accesses each. It is derived from guest memory and not journaled.
 */
export class PriorityBitmap {
  /** By level: the bitmap of INTIDs, its summary, the summary's summary. Made when a level is first used. */
  private readonly levels: (Uint32Array | undefined)[] = new Array<Uint32Array | undefined>(LEVELS).fill(undefined);
  /** Levels that are not empty: 0..31 and 32..63. */
  private lowLevels = 0;
  private highLevels = 0;

  add(level: number, intid: number): void {
    let words = this.levels[level];
    if (words === undefined) {
      words = new Uint32Array(TOP + TOP_WORDS);
      this.levels[level] = words;
    }
    const word = intid >>> 5;
    words[word] |= 1 << (intid & 31);
    words[SUMMARY + (word >>> 5)] |= 1 << (word & 31);
    words[TOP + (word >>> 10)] |= 1 << ((word >>> 5) & 31);
    if (level < 32) this.lowLevels |= 1 << level;
    else this.highLevels |= 1 << (level & 31);
  }

  remove(level: number, intid: number): void {
    const words = this.levels[level];
    if (words === undefined) return;
    const word = intid >>> 5;
    words[word] &= ~(1 << (intid & 31));
    if (words[word] !== 0) return;
    words[SUMMARY + (word >>> 5)] &= ~(1 << (word & 31));
    if (words[SUMMARY + (word >>> 5)] !== 0) return;
    words[TOP + (word >>> 10)] &= ~(1 << ((word >>> 5) & 31));
    if ((words[TOP] | words[TOP + 1]) !== 0) return;
    if (level < 32) this.lowLevels &= ~(1 << level);
    else this.highLevels &= ~(1 << (level & 31));
  }

  /** `level * 65536 + INTID` of the first, or -1 when the set is empty. */
  first(): number {
    const level =
      this.lowLevels !== 0 ? lowestBit(this.lowLevels) : this.highLevels !== 0 ? 32 + lowestBit(this.highLevels) : -1;
    if (level < 0) return -1;
    const words = this.levels[level];
    if (words === undefined) return -1;
    const top = words[TOP] !== 0 ? lowestBit(words[TOP]) : 32 + lowestBit(words[TOP + 1]);
    const word = top * 32 + lowestBit(words[SUMMARY + top]);
    return level * BITMAP_INTIDS + word * 32 + lowestBit(words[word]);
  }

  clear(): void {
    for (const words of this.levels) words?.fill(0);
    this.lowLevels = 0;
    this.highLevels = 0;
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
