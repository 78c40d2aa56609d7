import {
  type CancellationToken,
  type Disposable,
  Location,
  languages,
  type Position,
  Range,
  type TextDocument,
} from "vscode";
import type { DumpDocument } from "../../../dumps/document.ts";
import type { EntryIndex } from "../../../dumps/text/entry-index.ts";
import {
  definitionsOf,
  type EntryAt,
  entryUnder,
  type LinkTarget,
  referencesOf,
} from "../../../dumps/text/entry-links.ts";
import { placeOfBytes } from "../../../dumps/text/text-place.ts";
import type { DumpStore } from "../dump-store.ts";
import { withDump } from "./providers.ts";

/** From an entry of a dump to those that it names, and to those that name it. */
export function registerNavigation(store: DumpStore): Disposable[] {
  return [
    languages.registerDefinitionProvider("gicdump", {
      provideDefinition: (document, position, token) => places(store, document, position, token, definitionsOf),
    }),
    languages.registerReferenceProvider("gicdump", {
      provideReferences: (document, position, { includeDeclaration }, token) =>
        places(store, document, position, token, (dump, index, at) => {
          const own = { address: at.row.address, bytes: at.row.byteCount };
          return [...(includeDeclaration ? [own] : []), ...referencesOf(dump, index, at)];
        }),
    }),
  ];
}

function places(
  store: DumpStore,
  document: TextDocument,
  { line, character }: Position,
  token: CancellationToken,
  find: (dump: DumpDocument, index: EntryIndex, at: EntryAt) => readonly LinkTarget[],
): Promise<Location[] | undefined> {
  return withDump(store, document, token, async ({ dump, tableAt, index }) => {
    const table = await tableAt(line + 1);
    const at = table && entryUnder(dump, table.tables, line + 1, character);
    if (at === undefined) return undefined;
    const targets = find(dump, await index(), at);
    return targets.flatMap(({ address, bytes }) => {
      const place = placeOfBytes(dump, address, bytes);
      if (place === undefined) return [];
      return [new Location(document.uri, new Range(place.line - 1, place.start, place.line - 1, place.end))];
    });
  });
}
