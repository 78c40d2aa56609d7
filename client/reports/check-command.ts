import type { Disposable } from "vscode";
import { checkRequest } from "../../server/tables-protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand } from "../messages.ts";
import { texts } from "../texts.ts";
import { type AskTables, askAbout } from "./ask-tables.ts";
import type { InputSource } from "./input-source.ts";
import { sourceFor, told } from "./pick-source.ts";
import type { Question, ReportPanels } from "./report-panel.ts";

/** "Check Tables…": what each kernel's RESTORE_TABLES would answer, and which rules are broken. */
export function registerCheckCommand(ask: AskTables, panels: ReportPanels, tracker: SessionTracker): Disposable {
  return registerCommand("gicWorkbench.checkTables", (resource?: unknown, selected?: unknown) =>
    told(async () => {
      const source = await sourceFor(texts.tables.checkWhat(), resource, selected, tracker);
      if (source !== undefined) await panels.show(checkQuestion(ask, source));
    }),
  );
}

export function checkQuestion(ask: AskTables, source: InputSource): Question {
  return {
    key: `check ${source.key}`,
    title: texts.tables.checkTitle(source.name),
    kept: () => ({ kind: "check", source: source.kept() }),
    async ask() {
      const asked = await askAbout(ask, texts.tables.checking(source.name), checkRequest, [source], ([input]) => ({
        input,
      }));
      return asked && { report: asked.answer, sources: asked.sources };
    },
  };
}
