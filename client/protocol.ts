// What the table editor's page and the extension say to each other. Addresses, ids and words are strings: a message is JSON.

/** One column of a table. */
export interface GridColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Shown when the pointer rests on the heading. */
  readonly summary: string;
  /** Text that is cut where the window ends, instead of a cell as wide as its text. */
  readonly fill?: boolean;
  /** Characters of the longest text that is to be expected: columns keep their width while rows come and go. */
  readonly width: number;
  /** Columns with the highest number are left out first where the window is narrow; 0 always shows. */
  readonly rank: number;
  readonly sortable: boolean;
}

/** One row, ready to show. */
export interface GridRow {
  readonly cells: readonly string[];
  /** The entry has remarks. */
  readonly remarkable: boolean;
  /** The entry is valid by its layout. */
  readonly valid: boolean;
}

/** A table without its rows. */
export interface GridTable {
  readonly title: string;
  readonly subtitle: string;
  readonly indexName: string;
  readonly columns: readonly GridColumn[];
  /** Rows that the view shows. */
  readonly rowCount: number;
  /** What is to be known about the table and how it was read: nothing is wrong. */
  readonly facts: readonly string[];
  /** What speaks against the table or its reading. */
  readonly warnings: readonly string[];
  /** The dump holds entries that are not valid, so that they can be shown too. */
  readonly hasInvalid: boolean;
}

/** One choice of a list. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One node of the tree of tables, in the order in which they show. */
export interface TreeNode {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** From 1. */
  readonly level: number;
}

/** Which rows show, in which order. */
export interface RowView {
  /** `all`: also entries that are not valid. */
  readonly show: "valid" | "all";
  /** Only rows with remarks. */
  readonly remarks: boolean;
  /** Only rows that have this somewhere, in capitals or not. */
  readonly text: string;
  /** Column by its place; -1: by id. */
  readonly sort: number;
  readonly descending: boolean;
}

/** How the dump is read. An empty text leaves it to the dump. */
export interface ReadingChoice {
  readonly order: string;
  readonly layout: string;
  /** Address of the table. */
  readonly base: string;
  /** Address of the first byte of a file without addresses. */
  readonly start: string;
}

/** The choices above the table. */
export interface ReadingOffer {
  readonly chosen: ReadingChoice;
  readonly orders: readonly Choice[];
  readonly layouts: readonly Choice[];
  /** Where the table is now. */
  readonly base: string;
  /** Where the first byte is, if the file does not say it. */
  readonly start?: string;
}

/** What is shown: one table, and the choices that lead to others. */
export interface Shown {
  /** Counts decodings and views: rows of an earlier one are thrown away. */
  readonly generation: number;
  /** Absent: the one that was sent before. */
  readonly tree: readonly TreeNode[] | undefined;
  readonly chosen: string;
  readonly reading: ReadingOffer;
  readonly view: RowView;
  readonly table: GridTable | undefined;
  /** Instead of a table: why there is none. */
  readonly failure?: string;
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

/** One field of an entry. */
export interface ExplainedField {
  readonly bits: string;
  readonly name: string;
  readonly text: string;
  readonly summary: string;
  /** Bits of the entry, all its words as one number. */
  readonly lsb: number;
  readonly msb: number;
  /** What is in the input when the value is changed. */
  readonly value: string;
}

/** The bits of one row. */
export interface Explained {
  readonly title: string;
  readonly summary: string;
  readonly address: string;
  readonly words: readonly string[];
  readonly fields: readonly ExplainedField[];
  readonly notes: readonly string[];
  readonly editable: boolean;
}

/** Texts of the page in the language of the editor. */
export interface Labels {
  readonly tables: string;
  readonly goTo: string;
  readonly goToHint: string;
  readonly filter: string;
  readonly filterHint: string;
  readonly rows: string;
  readonly valid: string;
  readonly all: string;
  readonly remarks: string;
  readonly order: string;
  readonly layout: string;
  readonly base: string;
  readonly start: string;
  readonly asGuessed: string;
  readonly reading: string;
  readonly copy: string;
  readonly export: string;
  readonly openLine: string;
  readonly keys: string;
  readonly selectHint: string;
  readonly noEntries: string;
  readonly noneShown: string;
  readonly hasRemarks: string;
  readonly notValid: string;
  readonly sortedUp: string;
  readonly sortedDown: string;
  readonly hiddenColumns: string;
  readonly edit: string;
  readonly cancel: string;
  readonly again: string;
  readonly bits: string;
  readonly field: string;
  readonly value: string;
  readonly meaning: string;
  /** What is said when the page itself fails. */
  readonly pageFailed: string;
}

/** From the page to the extension. */
export type ToExtension =
  | { readonly type: "ready"; readonly state?: unknown }
  | { readonly type: "rows"; readonly generation: number; readonly from: number; readonly count: number }
  /** A row is selected; `byUser`: and is to be shown in the text that is open beside. */
  | { readonly type: "explain"; readonly generation: number; readonly row: number; readonly byUser: boolean }
  | { readonly type: "reveal"; readonly generation: number; readonly row: number }
  | { readonly type: "goTo"; readonly generation: number; readonly text: string; readonly row: number }
  | { readonly type: "view"; readonly generation: number; readonly view: RowView }
  | { readonly type: "node"; readonly id: string }
  | { readonly type: "reading"; readonly reading: ReadingChoice }
  | {
      readonly type: "edit";
      readonly generation: number;
      readonly row: number;
      readonly field: number;
      readonly text: string;
    }
  | { readonly type: "copy"; readonly text: string }
  | { readonly type: "copyAs"; readonly generation: number; readonly row: number }
  | { readonly type: "export"; readonly generation: number }
  | { readonly type: "anyway" }
  | { readonly type: "again" }
  | { readonly type: "cancel" };

/** From the extension to the page. */
export type ToWindow =
  | { readonly type: "labels"; readonly labels: Labels }
  /** Work is under way: what is done. */
  | { readonly type: "busy"; readonly text: string }
  /** Work has ended and the table is the one that it was. */
  | { readonly type: "idle"; readonly text: string }
  | { readonly type: "error"; readonly generation: number; readonly failure: Failure }
  | { readonly type: "show"; readonly shown: Shown; readonly state: DecodedState; readonly row: number }
  | { readonly type: "rows"; readonly generation: number; readonly from: number; readonly rows: readonly GridRow[] }
  | { readonly type: "explained"; readonly generation: number; readonly row: number; readonly explained: Explained }
  /** A row to select; `focus`: and to go on from with the keyboard. */
  | { readonly type: "select"; readonly generation: number; readonly row: number; readonly focus: boolean }
  /** What came of something that was asked for. */
  | { readonly type: "said"; readonly text: string; readonly isRefusal: boolean }
  | { readonly type: "focus"; readonly what: "goTo" | "filter" };

/** What a window keeps to be the same one after a restart of the editor. */
export interface DecodedState {
  readonly uri: string;
  /** Table that the whole dump is taken for. */
  readonly table?: string;
  /** Node of the tree; empty: the first. */
  readonly node: string;
  readonly reading: ReadingChoice;
  readonly view: RowView;
}

export const AS_GUESSED: ReadingChoice = { order: "", layout: "", base: "", start: "" };
export const ALL_VALID: RowView = { show: "valid", remarks: false, text: "", sort: -1, descending: false };
