import { DumpMemory } from "../memory.ts";
import { ProblemList } from "../problem.ts";
import type { BinaryFormat } from "./format.ts";

/** How compressed kdumps begin. Source: crash's diskdump.h and makedumpfile.h. */
const SIGNATURES = ["KDUMP   ", "DISKDUMP", "makedumpfile"];
const WHY =
  "A compressed or flattened kdump is not read, an ELF core is: write it with makedumpfile -E, or with QEMU's dump-guest-memory without -z, -l, -s, -R.";

/** Compressed kdumps, which are recognised to say that they are not read. */
export const kdump: BinaryFormat = {
  kind: "binary",
  name: "kdump",
  title: "kdump (not read)",
  recognise: (head) => (SIGNATURES.some((signature) => beginsWith(head, signature)) ? 100 : 0),
  *read() {
    const problems = new ProblemList();
    problems.addAt("GIC-DUMP-CORE", 0, WHY);
    const { items, count, limits } = problems;
    yield;
    return { memory: new DumpMemory([]), problems: items, problemCount: count, limits, overlaps: [], sections: [] };
  },
};

function beginsWith(head: Uint8Array, text: string): boolean {
  return Array.from(text).every((character, at) => head[at] === character.charCodeAt(0));
}
