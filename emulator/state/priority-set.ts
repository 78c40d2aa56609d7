import type { Journal } from "./journal.ts";
import { Pool } from "./pool.ts";

/** Node: word 0 = which of its 32 children are not empty; words 1..32 = children (at the lowest level: bitmaps of 32 keys). */
const NODE_WORDS = 33;
const FAN_BITS = 5;
/** INTIDs that can be presented to a PE have 24 bits at most (ICC_CTLR_EL1.IDbits). */
export const INTID_BITS = 24;
/** Enough for every priority and INTID that there is room for elsewhere. */
const MAX_NODES = 1 << 21;
/** Keys have 8 priority bits above the INTID; shifts of the levels from the root down to the bitmap words. */
const ROOT_SHIFT = 30;

/**
 * Pending and enabled interrupts of one PE, ordered by priority (0 first) and then INTID (lowest first).
 * Adding, removing and finding the first cost a fixed number of word accesses: nothing is ever scanned.
 */
export class PrioritySet {
  private readonly nodes: Pool;
  private readonly root: number;

  constructor(journal: Journal) {
    this.nodes = new Pool(journal, NODE_WORDS, MAX_NODES);
    this.root = this.nodes.alloc();
  }

  /** Adds an interrupt. @param priority 0..255 @param intid 0..2^24-1; larger ones can't be presented and are left out */
  add(priority: number, intid: number): void {
    if (intid >>> INTID_BITS !== 0) return;
    const key = ((priority << INTID_BITS) | intid) >>> 0;
    let node = this.root;
    for (let shift = ROOT_SHIFT; shift > FAN_BITS; shift -= FAN_BITS) {
      const slot = (key >>> shift) & 31;
      this.setBit(node, slot);
      let child = this.nodes.bank.words[node + 1 + slot];
      if (child === 0) {
        child = this.nodes.alloc();
        this.nodes.bank.set(node + 1 + slot, child);
      }
      node = child;
    }
    const slot = (key >>> FAN_BITS) & 31;
    this.setBit(node, slot);
    this.nodes.bank.set(node + 1 + slot, this.nodes.bank.words[node + 1 + slot] | (1 << (key & 31)));
  }

  /** Removes an interrupt that was added with this priority; others are left alone. */
  remove(priority: number, intid: number): void {
    if (intid >>> INTID_BITS !== 0) return;
    const key = ((priority << INTID_BITS) | intid) >>> 0;
    this.removeBelow(this.root, ROOT_SHIFT, key);
  }

  /** @returns whether the node is now empty */
  private removeBelow(node: number, shift: number, key: number): boolean {
    const { bank } = this.nodes;
    const slot = (key >>> shift) & 31;
    const at = node + 1 + slot;
    let empty: boolean;
    if (shift === FAN_BITS) {
      bank.set(at, bank.words[at] & ~(1 << (key & 31)));
      empty = bank.words[at] === 0;
    } else {
      const child = bank.words[at];
      if (child === 0) return bank.words[node] === 0;
      empty = this.removeBelow(child, shift - FAN_BITS, key);
    }
    if (empty) bank.set(node, bank.words[node] & ~(1 << slot));
    return bank.words[node] === 0;
  }

  /** Most urgent interrupt as `priority * 2^24 + INTID`, or -1 when there is none. */
  first(): number {
    const { words } = this.nodes.bank;
    let node = this.root;
    if (words[node] === 0) return -1;
    let key = 0;
    for (let shift = ROOT_SHIFT; shift > FAN_BITS; shift -= FAN_BITS) {
      const slot = lowestBit(words[node]);
      key |= slot << shift;
      node = words[node + 1 + slot];
    }
    const slot = lowestBit(words[node]);
    key |= slot << FAN_BITS;
    return (key | lowestBit(words[node + 1 + slot])) >>> 0;
  }

  private setBit(node: number, slot: number): void {
    const { bank } = this.nodes;
    bank.set(node, bank.words[node] | (1 << slot));
  }
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
