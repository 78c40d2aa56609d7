import { limits, type ScriptDocument, type ScriptPart } from "../../language/index.ts";

/** Reads every file that a `load` of a script, or of a file that it includes, names: where files are fetched, they are asked for by that. */
export function readLoads(document: ScriptDocument): void {
  const { place } = document;
  const parts: ScriptPart[] = [
    document,
    ...[...document.includedByAny()].flatMap((file) => document.included(file) ?? []),
  ];
  for (const { lines, identity } of parts) {
    for (const { kind, statement } of lines) {
      if (kind !== "load" || statement?.kind !== "load") continue;
      place.files.read(statement.file, identity || place.file, limits.loadedBytes);
    }
  }
}
