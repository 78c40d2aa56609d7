// What an editor asks the server about the machine of a script. The editor's side imports this file.
import type { ModelName } from "../architecture/models.ts";

/** The request for the machine that an open script begins on. */
export const scriptMachineRequest = "gic/scriptMachine";

export interface ScriptMachineParams {
  readonly textDocument: { readonly uri: string };
}

/** The default machine where the script says nothing; null when it is not open. */
export type ScriptMachineAnswer = { readonly model: ModelName; readonly cpus: number } | null;
