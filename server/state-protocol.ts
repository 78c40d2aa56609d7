// What an editor and the server say to each other about saved machines. The editor's side imports this file: it has files, and no emulator.

/** The request for the tables of a saved machine as a dump. */
export const stateDumpRequest = "gic/stateDump";

export interface StateDumpParams {
  /** Text of the state file. */
  readonly text: string;
  /** Base64 of the memory beside it, once an answer has asked for that. */
  readonly raw?: string;
}

/**
 * `dump`: text of the language gicdump. `memoryFile`: plain name of a file beside the state file that is wanted as `raw`.
 * `refusal`: sentences for the user that say what is wrong with the file.
 */
export type StateDumpAnswer =
  | { readonly dump: string }
  | { readonly memoryFile: string }
  | { readonly refusal: string };
