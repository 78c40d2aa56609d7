import { Range, ViewColumn, window, workspace } from "vscode";
import { uriOfProgram } from "../debug/programs.ts";
import { showStatus } from "../messages.ts";
import type { Place } from "../shared/view-messages.ts";
import type { LiveSession } from "./live-session.ts";
import { viewTexts } from "./view-texts.ts";

/** Shows a place of the script that is debugged: a line, or the one that last did something. */
export async function showPlace(live: LiveSession, place: Place): Promise<void> {
  const session = live.stopped();
  const { program: configured } = session.configuration;
  const { line, program = configured } =
    "line" in place ? { line: place.line, program: undefined } : await live.ask("gic/changedBy", place);
  if (typeof program !== "string") return showStatus(viewTexts.noScript());
  if (line === undefined) return showStatus(viewTexts.noLine());
  const document = await workspace.openTextDocument(uriOfProgram(program));
  const range = document.lineAt(Math.min(line, document.lineCount) - 1).range;
  const shown = window.visibleTextEditors.find((editor) => editor.document === document);
  await window.showTextDocument(document, {
    viewColumn: shown?.viewColumn ?? ViewColumn.One,
    selection: new Range(range.start, range.start),
  });
}
