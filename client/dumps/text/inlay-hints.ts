import { type Disposable, EventEmitter, InlayHint, languages, Position, workspace } from "vscode";
import { lineHint } from "../../../dumps/text/line-entries.ts";
import { changesSetting, setting } from "../../settings.ts";
import type { DumpStore } from "../dump-store.ts";
import { withDump } from "./providers.ts";
import { overLines } from "./visible-lines.ts";

/** Between the text column and the hint. VS Code takes blanks at the start of a hint away, but not this one. */
const GAP = "\u00a0";

/** Behind each line of a dump: which entries it holds, in a few words. */
export function registerInlayHints(store: DumpStore): Disposable[] {
  const changes = new EventEmitter<void>();
  return [
    changes,
    store.onStale(() => changes.fire()),
    workspace.onDidChangeConfiguration((change) => {
      if (changesSetting(change, "dumps.inlayHints")) changes.fire();
    }),
    languages.registerInlayHintsProvider("gicdump", {
      onDidChangeInlayHints: changes.event,
      provideInlayHints(document, range, token) {
        if (!setting("dumps.inlayHints", document)) return [];
        return withDump(store, document, token, (read) =>
          overLines(
            read,
            document,
            range,
            () => !token.isCancellationRequested,
            (line, { tables }) => {
              const label = lineHint(read.dump, tables, line + 1);
              if (label === undefined) return undefined;
              const hint = new InlayHint(new Position(line, document.lineAt(line).text.length), `${GAP}${label}`);
              hint.paddingLeft = true;
              return hint;
            },
          ),
        );
      },
    }),
  ];
}
