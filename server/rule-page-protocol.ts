// What an editor and the server say to each other about rules and problems. The editor's side imports this file.

/** The request for the page of a rule or of the code of a problem. */
export const rulePageRequest = "gic/rulePage";

export interface RulePageParams {
  /** L-11, ITS0305. */
  readonly code: string;
}

/** Markdown; null when there is no such rule or code. */
export type RulePageAnswer = { readonly text: string } | null;
