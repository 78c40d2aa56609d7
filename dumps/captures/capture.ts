import type { TableLayouts } from "../../architecture/layout.ts";
import type { DumpDocument } from "../document.ts";
import type { SavedGuest } from "../guests/guest.ts";
import type { KnownMemory } from "../known-memory.ts";
import type { DumpMemory } from "../memory.ts";
import type { TableGuess } from "../tables/guess-table.ts";
import type { CaptureFacts } from "./facts.ts";
import type { FileRole } from "./file-roles.ts";
import type { Disagreement, ValueDisagreement } from "./report.ts";

/** Memory of a file, at its place. */
export interface PlacedMemory {
  readonly name: string;
  readonly memory: KnownMemory;
  /** What is added to the memory's own addresses to have physical ones. Absent: 0. */
  readonly shift?: number;
}

/** Memory of a file, of which its role alone tells the place. */
export interface FloatingMemory {
  readonly name: string;
  readonly memory: DumpMemory;
  readonly role: FileRole | undefined;
}

/** A file of a capture. */
export interface CaptureFile {
  readonly name: string;
  /** A text, with what was read of it as a dump; raw bytes; a core; or a guest that another program saved. */
  readonly content:
    | { readonly text: string; readonly dump: DumpDocument }
    | { readonly bytes: Uint8Array }
    | { readonly core: DumpDocument }
    | { readonly guest: SavedGuest };
}

/** What a capture's files hold, before any layout is tried. */
export interface Capture {
  readonly facts: CaptureFacts;
  readonly disagreements: readonly Disagreement[];
  readonly values: readonly ValueDisagreement[];
  /** Files of text, cores and saved guests that hold memory, in the order in which they are believed. */
  readonly dumps: readonly PlacedMemory[];
  /** What may be placed by the tables above it: by its level-1 entry, or by its DTE. */
  readonly floating: readonly FloatingMemory[];
  /** Saved guests among the files. */
  readonly guests: readonly { readonly name: string; readonly guest: SavedGuest }[];
  /** Layout that a list of addresses or a `# gic:` line names, that GITS_IIDR or a trace of QEMU tells, or that a saved guest has. */
  readonly layout: TableLayouts | undefined;
  /** Which table a dump was taken for, that is alone and does not say it. */
  readonly guess?: TableGuess;
  /** What is wrong in a file, a sentence each. */
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}
