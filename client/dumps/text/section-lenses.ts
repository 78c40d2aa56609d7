import {
  CodeLens,
  type Command,
  type Disposable,
  type ExtensionContext,
  languages,
  Range,
  type TextDocument,
} from "vscode";
import { linesOf } from "../../../dumps/tables/sections.ts";
import { texts } from "../../texts.ts";
import type { DumpStore } from "../dump-store.ts";
import type { DumpChecks } from "./dump-checks.ts";
import { withDump } from "./providers.ts";

/** The command that compares a dump with another input; its lens is there when the extension has it. */
const COMPARE_COMMAND = "gicWorkbench.compareDumps";

/** Sections that have lenses: more are machine-made, and nobody reads through them. */
const MAX_SECTIONS = 1000;

/** Above each section of a dump: what can be done with it. */
export function registerSectionLenses(context: ExtensionContext, store: DumpStore, checks: DumpChecks): Disposable {
  const { commands = [] } = context.extension.packageJSON.contributes as {
    readonly commands?: readonly { readonly command: string }[];
  };
  const compares = commands.some(({ command }) => command === COMPARE_COMMAND);
  return languages.registerCodeLensProvider("gicdump", {
    onDidChangeCodeLenses: checks.onDidChange,
    provideCodeLenses: (document, token) =>
      withDump(store, document, token, ({ plans }) =>
        plans.slice(0, MAX_SECTIONS).flatMap((plan) => {
          const { line } = linesOf(plan) ?? { line: 1 };
          const range = new Range(line - 1, 0, line - 1, 0);
          const { uri } = document;
          const offered: Command[] = [
            { title: texts.lensOpen(), command: "gicWorkbench.decode", arguments: [uri, plan.name] },
            { title: checkTitle(document, checks), command: "gicWorkbench.checkDump", arguments: [uri] },
          ];
          if (compares) offered.push({ title: texts.lensCompare(), command: COMPARE_COMMAND, arguments: [uri] });
          return offered.map((command) => new CodeLens(range, command));
        }),
      ),
  });
}

function checkTitle(document: TextDocument, checks: DumpChecks): string {
  const state = checks.stateOf(document);
  if (state?.kind !== "checked") return texts.lensCheck();
  const { errors, warnings, isUnknown } = state;
  if (errors + warnings > 0) return texts.lensFound(errors, warnings);
  return isUnknown ? texts.lensUnknown() : texts.lensChecked();
}
