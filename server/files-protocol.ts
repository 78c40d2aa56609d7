// What the server asks of an editor that has files where the server has none: in a browser, and in folders that are on no disk.
import type { Fetched } from "../runner/index.ts";

/** A file that a script names, or a script of the workspace that is not open. */
export const fileRequest = "gicWorkbench/file";
export interface FileParams {
  readonly uri: string;
}
/** As text: bytes would be JSON numbers. */
export type FileAnswer = Exclude<Fetched, { readonly bytes: unknown }> | { readonly base64: string };

/** The scripts of the workspace. */
export const scriptsRequest = "gicWorkbench/scripts";
export interface ScriptsAnswer {
  readonly files: readonly { readonly uri: string; readonly stamp: string }[];
  /** Whether those are all. */
  readonly isWhole: boolean;
}
