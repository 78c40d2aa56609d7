// What the window with a decoded table and the extension say to each other. Addresses and words are strings: a message is JSON.

/** One column of a decoded table. */
export interface GridColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Shown when the pointer rests on the heading. */
  readonly summary: string;
  /** Text that is cut where the window ends, instead of a cell as wide as its text. */
  readonly fill?: boolean;
  /** Characters of the longest text that is to be expected: columns keep their width while rows come and go. */
  readonly width: number;
}

/** One row, ready to show. */
export interface GridRow {
  readonly cells: readonly string[];
  /** The entry has remarks. */
  readonly remarkable: boolean;
}

/** A table without its rows. */
export interface GridTable {
  readonly title: string;
  readonly subtitle: string;
  /** How a dump's text was read, where nothing speaks against it; else it is among the notes. */
  readonly reading: string | undefined;
  readonly indexName: string;
  readonly columns: readonly GridColumn[];
  readonly rowCount: number;
  readonly notes: readonly string[];
  /** Layout that its entries are read with, as in {@link Shown.layouts}; undefined where only one exists. */
  readonly layout?: string;
}

/** One choice of a list. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What is shown: one table, and the choices that lead to others. */
export interface Shown {
  /** Counts decodings: rows of an earlier one are thrown away. */
  readonly generation: number;
  readonly tables: readonly Choice[];
  readonly chosenTable: string;
  readonly layouts: readonly Choice[];
  readonly chosenLayout: string;
  readonly table: GridTable | undefined;
  /** Instead of a table: why there is none. */
  readonly failure?: string;
  readonly problems?: string;
}

/** Why a window shows no table: something failed, or waits for the user's word. */
export interface Failure {
  /** Stable: users search for it. */
  readonly code: string;
  /** What happened and what to do. */
  readonly message: string;
  /** Label of a button that goes on nevertheless; absent where that is no way. */
  readonly anyway?: string;
}

/** The bits of one row. */
export interface Explained {
  readonly title: string;
  readonly summary: string;
  readonly address: string;
  readonly words: readonly string[];
  readonly fields: readonly {
    readonly bits: string;
    readonly name: string;
    readonly text: string;
    readonly summary: string;
  }[];
  readonly notes: readonly string[];
}

/** Labels of the window in the language of the editor. */
export interface Labels {
  readonly table: string;
  readonly layout: string;
  readonly goToHint: string;
  readonly openLine: string;
  readonly keys: string;
  readonly selectHint: string;
  readonly noEntries: string;
  /** What is said when the page itself fails. */
  readonly pageFailed: string;
}

/** From the window to the extension. */
export type ToExtension =
  | { readonly type: "ready" }
  | { readonly type: "rows"; readonly generation: number; readonly from: number; readonly count: number }
  | { readonly type: "explain"; readonly generation: number; readonly row: number }
  | { readonly type: "reveal"; readonly generation: number; readonly row: number }
  | { readonly type: "find"; readonly generation: number; readonly text: string }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "anyway" }
  | { readonly type: "table"; readonly value: string }
  | { readonly type: "layout"; readonly value: string };

/** From the extension to the window. */
export type ToWindow =
  | { readonly type: "labels"; readonly labels: Labels }
  /** Work is under way: what is done. */
  | { readonly type: "busy"; readonly text: string }
  | { readonly type: "error"; readonly generation: number; readonly failure: Failure }
  | { readonly type: "show"; readonly shown: Shown; readonly goTo: string; readonly state: DecodedState }
  | { readonly type: "rows"; readonly generation: number; readonly from: number; readonly rows: readonly GridRow[] }
  | { readonly type: "explained"; readonly generation: number; readonly row: number; readonly explained: Explained }
  | { readonly type: "found"; readonly generation: number; readonly row: number; readonly remark?: string };

/** What a window keeps to be the same one after a restart of the editor. */
export interface DecodedState {
  readonly uri: string;
  readonly table?: string;
  readonly layout?: string;
  /** Place in the list of tables. */
  readonly chosen: number;
}
