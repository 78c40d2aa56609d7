import { Disposable, languages, SemanticTokensBuilder, SemanticTokensLegend, window } from "vscode";
import { type DigitRun, digitRoles } from "../../../dumps/text/digit-roles.ts";
import type { DumpStore } from "../dump-store.ts";
import { withDump } from "./providers.ts";
import { overLines } from "./visible-lines.ts";

/** Types of tokens that package.json declares, by what a field is for. */
const types: Readonly<Record<DigitRun["role"], string>> = {
  valid: "gicValid",
  address: "gicAddress",
  size: "gicSize",
  next: "gicNext",
  intid: "gicIntid",
  collection: "gicCollection",
  target: "gicTarget",
  id: "gicId",
  opcode: "gicOpcode",
  other: "gicField",
  unused: "gicUnused",
};
const names = Object.values(types);

/** Colours of the digits by the field that they belong to, for what shows of a dump. */
export function registerFieldColours(store: DumpStore): Disposable {
  let registered = register(store);
  // The editor keeps the colours of the theme, and of the layout file, before; it asks again when there is another provider.
  const again = () => {
    registered.dispose();
    registered = register(store);
  };
  const causes = Disposable.from(window.onDidChangeActiveColorTheme(again), store.onStale(again));
  return new Disposable(() => {
    causes.dispose();
    registered.dispose();
  });
}

function register(store: DumpStore): Disposable {
  const legend = new SemanticTokensLegend(names);
  return languages.registerDocumentRangeSemanticTokensProvider(
    "gicdump",
    {
      provideDocumentRangeSemanticTokens(document, range, token) {
        return withDump(store, document, token, async (read) => {
          const builder = new SemanticTokensBuilder(legend);
          const isWanted = () => !token.isCancellationRequested;
          await overLines(read, document, range, isWanted, (line, { tables }) => {
            for (const { start, end, role } of digitRoles(read.dump, tables, line + 1)) {
              builder.push(line, start, end - start, names.indexOf(types[role]), 0);
            }
            return undefined;
          });
          return builder.build();
        });
      },
    },
    legend,
  );
}
