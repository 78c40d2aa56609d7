import { Range, Uri, WorkspaceEdit, workspace } from "vscode";
import { showStatus } from "../messages.ts";
import type { OfExtension } from "../shared/view-messages.ts";
import type { LiveSession } from "./live-session.ts";
import { viewTexts } from "./view-texts.ts";

/**
 * Replaces a part of a line of the script that is debugged, as an edit that can be undone.
 * @throws Error for the user when there is no script, or the line is another one in the editor
 */
export async function editLine(
  live: LiveSession,
  { line, was, start, length, text }: OfExtension["editLine"]["arguments"],
): Promise<void> {
  const { program } = live.stopped().configuration;
  if (typeof program !== "string") throw new Error(viewTexts.noScript());
  const document = await workspace.openTextDocument(Uri.file(program));
  if (line < 1 || line > document.lineCount || document.lineAt(line - 1).text !== was)
    throw new Error(viewTexts.lineIsOther(line));
  const edit = new WorkspaceEdit();
  edit.replace(document.uri, new Range(line - 1, start, line - 1, start + length), text);
  if (!(await workspace.applyEdit(edit))) throw new Error(viewTexts.lineIsOther(line));
  showStatus(viewTexts.lineEdited(line));
}
