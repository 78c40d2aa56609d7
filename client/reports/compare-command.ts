import type { Disposable } from "vscode";
import { compareRequest } from "../../server/tables-protocol.ts";
import type { SessionTracker } from "../debug/session-tracker.ts";
import { registerCommand, showInformation } from "../messages.ts";
import { texts } from "../texts.ts";
import { type AskTables, askAbout } from "./ask-tables.ts";
import { type InputSource, sourceOf } from "./input-source.ts";
import { givenUris, pickSource, sourceFor, told } from "./pick-source.ts";
import type { Question, ReportPanels } from "./report-panel.ts";

/**
 * "Compare With…": on two selected files or folders they are A and B in their order; on one, or on the document that is open, the other one
 * is asked for.
 */
export function registerCompareCommand(ask: AskTables, panels: ReportPanels, tracker: SessionTracker): Disposable {
  return registerCommand("gicWorkbench.compareDumps", (resource?: unknown, selected?: unknown) =>
    told(async () => {
      const uris = givenUris(resource, selected);
      if (uris.length > 2) {
        showInformation(texts.tables.twoOnly());
        return;
      }
      const [a, b] = uris.length === 2 ? uris.map((uri) => sourceOf([uri])) : await askForSides(resource, tracker);
      if (a !== undefined && b !== undefined) await panels.show(comparison(ask, a, b));
    }),
  );
}

async function askForSides(resource: unknown, tracker: SessionTracker): Promise<(InputSource | undefined)[]> {
  const a = await sourceFor(texts.tables.compareWhat(), resource, undefined, tracker);
  if (a === undefined) return [];
  return [a, await pickSource(texts.tables.compareWith(a.name), tracker, a)];
}

export function comparison(ask: AskTables, a: InputSource, b: InputSource): Question {
  const title = texts.tables.compareTitle(short(a.name), short(b.name));
  return {
    key: `compare ${a.key} with ${b.key}`,
    title,
    kept: () => ({ kind: "compare", a: a.kept(), b: b.kept() }),
    async ask() {
      const asked = await askAbout(ask, texts.tables.comparing(a.name, b.name), compareRequest, [a, b], (inputs) => ({
        a: inputs[0],
        b: inputs[1],
      }));
      return asked && { report: asked.answer, sources: asked.sources };
    },
    swapped: () => comparison(ask, b, a),
  };
}

/** The last part of a path: a tab has little room. */
function short(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
