import { CodeLens, type Command, Disposable, EventEmitter, languages, Range } from "vscode";
import { linesOf } from "../../../dumps/tables/sections.ts";
import { texts } from "../../texts.ts";
import type { DumpStore } from "../dump-store.ts";
import { withDump } from "./providers.ts";

/** Sections that have lenses: more are machine-made, and nobody reads through them. */
const MAX_SECTIONS = 1000;

/** Above each section of a dump: what can be done with it. */
export function registerSectionLenses(store: DumpStore): Disposable {
  const changes = new EventEmitter<void>();
  const stale = store.onStale(() => changes.fire());
  const registered = languages.registerCodeLensProvider("gicdump", {
    onDidChangeCodeLenses: changes.event,
    provideCodeLenses: (document, token) =>
      withDump(store, document, token, ({ plans }) =>
        plans.slice(0, MAX_SECTIONS).flatMap((plan) => {
          const { line } = linesOf(plan) ?? { line: 1 };
          const range = new Range(line - 1, 0, line - 1, 0);
          const { uri } = document;
          const offered: Command[] = [
            { title: texts.lensOpen(), command: "gicWorkbench.decode", arguments: [uri, plan.name] },
            { title: texts.lensDebug(), command: "gicWorkbench.debugDump", arguments: [uri] },
            { title: texts.lensCheck(), command: "gicWorkbench.checkDump", arguments: [uri] },
            { title: texts.lensCompare(), command: "gicWorkbench.compareDumps", arguments: [uri] },
          ];
          return offered.map((command) => new CodeLens(range, command));
        }),
      ),
  });
  return Disposable.from(registered, stale, changes);
}
