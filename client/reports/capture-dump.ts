import { CancellationTokenSource, type Uri } from "vscode";
import { dumpRequest } from "../../server/tables-protocol.ts";
import { reasonOf } from "../inert.ts";
import type { StateDumpResult } from "../saved-machines/state-files.ts";
import type { AskTables } from "./ask-tables.ts";
import { sourceOf } from "./input-source.ts";

/** The tables of a saved guest or a capture as a dump, or a sentence that says why there is none. */
export async function readCaptureDump(place: Uri, ask: AskTables): Promise<StateDumpResult> {
  try {
    const { input } = await sourceOf([place]).read();
    const answer = await ask(dumpRequest, { input }, new CancellationTokenSource().token);
    return "refusal" in answer ? { ok: false, message: answer.refusal } : { ok: true, text: answer.dump };
  } catch (error) {
    return { ok: false, message: reasonOf(error) };
  }
}
