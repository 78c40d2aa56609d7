import { type Position, ResponseError, type TextEdit } from "vscode-languageserver";
import type { LanguageContext } from "../language-requests.ts";
import { definedAt, targetAt } from "../navigation/target-at.ts";
import type { AboutScript } from "../protocol/answering.ts";
import { cancelled, invalid } from "../protocol/connection-options.ts";
import { toClient } from "../protocol/position-encoding.ts";
import { cursorAt, type Script } from "../scripts/script.ts";
import { tellPartialRename } from "../workspace/partial-workspace.ts";
import { rename } from "./rename.ts";

type Naming = AboutScript & { readonly position: Position; readonly newName: string };

/** Answers requests for new names: in the script, in those that include what the name is defined in, and in that file, open or not. */
export function answerRename({ connection, answering, closed }: LanguageContext): void {
  const needs = { needs: ["position", "newName"] };
  const definingFile = answering.about<Naming, string | null>("a rename", null, fileDefining, needs);
  connection.onRenameRequest(async (params, token) => {
    const file = await definingFile(params, token);
    if (file instanceof ResponseError) return file;
    const isOpen = (uri: string): boolean => answering.open().some((one) => one.uri === uri);
    const around = file === null ? { scripts: [], isWhole: true } : await closed.around(file, isOpen, token);
    if (around === undefined) return cancelled();
    const others = around.scripts;
    const find = (script: Script, { position, newName }: Naming) => {
      const open = answering.open().filter((one) => one !== script);
      const result = rename(script, position, newName, [...open, ...others]);
      if ("refusal" in result) return result;
      const changes: Record<string, TextEdit[]> = { ...result.changes };
      // Columns of what is open are counted on the way out.
      for (const { uri, document } of others)
        if (changes[uri] !== undefined)
          changes[uri] = toClient(changes[uri], uri, answering.encoding, () => (line) => document.lines[line]?.text);
      return { changes };
    };
    const result = await answering.about<Naming, ReturnType<typeof find> | null>(
      "a rename",
      null,
      find,
      needs,
    )(params, token);
    if (result === null || result instanceof ResponseError) return result;
    if ("refusal" in result) return invalid(result.refusal);
    if (!around.isWhole) tellPartialRename(connection, "the old name");
    return result;
  });
}

/** Identity of the file that the name or macro at a position is defined in; null where nothing is, or where that is on no disk. */
function fileDefining(script: Script, { position }: Naming): string | null {
  const cursor = cursorAt(script, position);
  const target = cursor && targetAt(cursor, script.document);
  if (target === undefined || target.kind === "subject") return null;
  return definedAt(script.document, target)?.part.identity || null;
}
