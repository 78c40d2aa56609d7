import type { NumberStyle } from "./format-value.ts";

/**
 * One line of a display tree. Names are stable from one look to the next, so that a view can tell what has changed; values are
 * of the moment when the node was made.
 */
export interface DisplayNode {
  readonly name: string;
  readonly value: string;
  /** What it is, in a few words: "64-bit register at 0x8080080". */
  readonly type?: string;
  /** Address on the bus of what the node shows or points to. */
  readonly address?: number;
  /** The expression of the script language that gives this value. */
  readonly expression?: string;
  readonly children?: NodeChildren;
  /** False: it cannot be written. A writable node is written by assigning to its `expression`. */
  readonly writable?: boolean;
}

/** Children, fetched by range. They read the state of the moment when they are asked. */
export interface NodeChildren {
  /** Children with names of their own, all given at once. */
  named(style: NumberStyle): readonly DisplayNode[];
  /** Number of members of a long list, and a piece of it. */
  readonly indexed?: {
    count(): number;
    slice(start: number, count: number, style: NumberStyle): readonly DisplayNode[];
  };
}

/** Children that are few. */
export function children(named: (style: NumberStyle) => readonly DisplayNode[]): NodeChildren {
  return { named };
}

/** Children that may be a million. */
export function list(
  count: () => number,
  slice: (start: number, count: number, style: NumberStyle) => readonly DisplayNode[],
): NodeChildren {
  return { named: () => [], indexed: { count, slice } };
}
