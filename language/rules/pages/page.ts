/** What the page of a rule, or of the code of a problem, says beside what its declaration says: prose, which no editor needs. */
export interface Page {
  /** What comes of it, or why it is so; whole sentences. */
  readonly why: string;
  readonly source: string;
  /** A script that breaks the rule, or has the problem. */
  readonly breaks: PageText;
  /** A script that does the same and does not. */
  readonly keeps: string;
  /** Files beside the two, by their names; absent: the scripts have no files. */
  readonly files?: Readonly<Record<string, PageText>>;
  /** What to do; absent where the rule's own declaration says it. */
  readonly fix?: string;
}

/** A text; one that is too long for a page, or cannot be shown, has words for it, too. */
export type PageText = string | { readonly words: string; readonly text: () => string };

/** Pages by rule or code. */
export type Pages = Readonly<Record<string, Page>>;
