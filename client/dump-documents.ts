import type { TextDocument } from "vscode";
import type { DumpDocument } from "../dumps/document.ts";
import { readDump } from "../dumps/read-dump.ts";
import { decodeSections } from "../dumps/tables/section-tables.ts";
import type { SectionTable } from "../dumps/tables/sections.ts";

/** A dump with the tables that its own `# gic:` lines describe. */
export interface ReadDump {
  readonly dump: DumpDocument;
  readonly tables: readonly SectionTable[];
}

const read = new WeakMap<TextDocument, ReadDump & { readonly version: number }>();

/** Reads the text of an open document once a version: a hover a second must not read 50 MB a second. */
export function dumpOf(document: TextDocument): ReadDump {
  const known = read.get(document);
  if (known?.version === document.version) return known;
  const dump = readDump(document.getText());
  const fresh = { version: document.version, dump, tables: decodeSections(dump) };
  read.set(document, fresh);
  return fresh;
}
