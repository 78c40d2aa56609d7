import type { Journal } from "./journal.ts";
import { Pool } from "./pool.ts";

const NODE_WORDS = 64;
/** A leaf holds 32 entries of two words, an inner node 64 children. */
const LEAF_BITS = 5;
const INNER_BITS = 6;

/** Words of one entry. */
export const ENTRY_WORDS = 2;

/**
 * Many sparse arrays of two-word entries in one pool of nodes: each array (one a device) is a radix tree named by its root.
 * An entry whose first word is 0 does not exist. Looking up costs one load a level: one level for 5 key bits, two for 11, three for 17.
 */
export class RadixForest {
  readonly nodes: Pool;

  constructor(journal: Journal, capacity: number) {
    this.nodes = new Pool(journal, NODE_WORDS, capacity);
  }

  /** Index of an entry's first word in `nodes.bank`, or 0 when its leaf does not exist. `key` must be below 2^keyBits. */
  find(root: number, keyBits: number, key: number): number {
    if (root === 0) return 0;
    const { words } = this.nodes.bank;
    let node = root;
    for (let shift = innerShift(keyBits); shift >= LEAF_BITS; shift -= INNER_BITS) {
      node = words[node + ((key >>> shift) & 63)];
      if (node === 0) return 0;
    }
    return node + (key & 31) * ENTRY_WORDS;
  }

  /** As {@link find}, making the leaf and the nodes above it; 0 when there is no room for them. */
  make(root: number, keyBits: number, key: number): number {
    let node = root;
    for (let shift = innerShift(keyBits); shift >= LEAF_BITS; shift -= INNER_BITS) {
      const at = node + ((key >>> shift) & 63);
      let child = this.nodes.bank.words[at];
      if (child === 0) {
        child = this.nodes.alloc();
        if (child === 0) return 0;
        this.nodes.bank.set(at, child);
      }
      node = child;
    }
    return node + (key & 31) * ENTRY_WORDS;
  }

  /**
   * Calls `visit(key, entryIndex)` for each existing entry in ascending key order, until it returns false.
   * @param from the first key that is looked at @returns false when stopped.
   */
  walk(root: number, keyBits: number, visit: (key: number, entry: number) => boolean | undefined, from = 0): boolean {
    return root === 0 || this.descend(root, innerShift(keyBits), 0, from, visit);
  }

  private descend(
    node: number,
    shift: number,
    prefix: number,
    from: number,
    visit: (key: number, entry: number) => boolean | undefined,
  ): boolean {
    const before = from - (prefix >>> 0);
    if (shift < LEAF_BITS) return this.walkLeaf(node, prefix, Math.max(before, 0), visit);
    for (let slot = Math.max(Math.floor(before / 2 ** shift), 0); slot < 64; slot++) {
      const child = this.nodes.bank.words[node + slot];
      if (child !== 0 && !this.descend(child, shift - INNER_BITS, prefix | (slot << shift), from, visit)) return false;
    }
    return true;
  }

  private walkLeaf(
    leaf: number,
    prefix: number,
    first: number,
    visit: (key: number, entry: number) => boolean | undefined,
  ): boolean {
    for (let slot = this.occupied(leaf, first); slot < 32; slot = this.occupied(leaf, slot + 1)) {
      if (visit((prefix | slot) >>> 0, leaf + slot * ENTRY_WORDS) === false) return false;
    }
    return true;
  }

  /** The first entry of a leaf from a slot on that is there, or 32. */
  private occupied(leaf: number, from: number): number {
    const { words } = this.nodes.bank;
    const end = leaf + 32 * ENTRY_WORDS;
    let at = leaf + from * ENTRY_WORDS;
    while (at < end && words[at] === 0) at += ENTRY_WORDS;
    return (at - leaf) / ENTRY_WORDS;
  }

  /** Frees a tree's nodes. */
  free(root: number, keyBits: number): void {
    if (root !== 0) this.freeNode(root, innerShift(keyBits));
  }

  private freeNode(node: number, shift: number): void {
    if (shift >= LEAF_BITS) {
      for (let slot = 0; slot < 64; slot++) {
        const child = this.nodes.bank.words[node + slot];
        if (child !== 0) this.freeNode(child, shift - INNER_BITS);
      }
    }
    this.nodes.free(node);
  }
}

/** Shift of the key bits that index the root when it is an inner node; below LEAF_BITS when the root is a leaf. */
function innerShift(keyBits: number): number {
  const inner = Math.max(0, Math.ceil((keyBits - LEAF_BITS) / INNER_BITS));
  return LEAF_BITS + (inner - 1) * INNER_BITS;
}
