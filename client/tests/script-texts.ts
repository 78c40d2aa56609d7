import { type CancellationToken, FileType, type TextDocument, type Uri, workspace } from "vscode";
import { openDocument } from "../file-names.ts";
import { reasonOf } from "../inert.ts";
import { testTexts } from "./test-texts.ts";

/** Scripts of a workspace that are listed. */
export const MOST_SCRIPTS = 5000;

/** Bytes of a file that is read: a script may have 16 Mi characters. */
const MOST_BYTES = 32 * 2 ** 20;

/** The files that scripts are. */
export const scriptGlob = "**/*.itscmd";

/** Whether a document is a script that has a place of its own: not the old text of one beside it, as source control shows it. */
export function isScript({ languageId, uri }: Pick<TextDocument, "languageId" | "uri">): boolean {
  if (languageId !== "itscmd") return false;
  return uri.scheme === "untitled" || workspace.fs.isWritableFileSystem(uri.scheme) !== undefined;
}

/** The scripts of the workspace, {@link MOST_SCRIPTS} at most, and of the editor. @returns `more`: there are others */
export async function listScripts(
  token: CancellationToken | undefined,
): Promise<{ readonly uris: readonly Uri[]; readonly more: boolean }> {
  const files = await workspace.findFiles(scriptGlob, undefined, MOST_SCRIPTS + 1, token);
  const byUri = new Map(files.slice(0, MOST_SCRIPTS).map((uri) => [uri.toString(), uri]));
  for (const document of workspace.textDocuments)
    if (isScript(document)) byUri.set(document.uri.toString(), document.uri);
  return { uris: [...byUri.values()], more: files.length > MOST_SCRIPTS };
}

/** The text of a script, as it stands in the editor or on disk; or why it cannot be read. */
export async function textOf(uri: Uri): Promise<{ readonly text: string } | { readonly failure: string }> {
  const open = openDocument(uri);
  if (open !== undefined) return { text: open.getText() };
  try {
    const { size, type } = await workspace.fs.stat(uri);
    if (size > MOST_BYTES) return { failure: testTexts.tooLarge("32 MiB") };
    if ((type & FileType.File) === 0) return { failure: testTexts.unreadable(uri.path) };
    return { text: new TextDecoder().decode(await workspace.fs.readFile(uri)) };
  } catch (error) {
    return { failure: testTexts.unreadable(reasonOf(error)) };
  }
}

/** Whether a text may have a test, by its words alone: most scripts without one need not be asked about. */
export function mayHaveTests(text: string): boolean {
  return /\b(?:test|expect)\b|=>/.test(text);
}

/** Whether the workspace has a script, or the editor. */
export async function hasScript(): Promise<boolean> {
  if (workspace.textDocuments.some(isScript)) return true;
  const [folder] = workspace.workspaceFolders ?? [];
  return folder !== undefined && (await workspace.findFiles(scriptGlob, undefined, 1)).length > 0;
}
