import type { TextEdit } from "vscode-languageserver";

/** What a quick fix does. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one that is most likely meant. */
  readonly preferred?: boolean;
}
