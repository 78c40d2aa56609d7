/** What the page of a rule, or of the code of a problem, says beside what its declaration says: prose, which no editor needs. */
export interface Page {
  /** What comes of it, or why it is so; whole sentences. */
  readonly why: string;
  readonly source: string;
  /** A script that breaks the rule, or has the problem; a text that is too long for a page has words for it, too. */
  readonly breaks: string | { readonly words: string; readonly text: () => string };
  /** A script that does the same and does not. */
  readonly keeps: string;
  /** What to do; absent where the rule's own declaration says it. */
  readonly fix?: string;
}

/** Pages by rule or code. */
export type Pages = Readonly<Record<string, Page>>;
