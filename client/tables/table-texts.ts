import type { Labels } from "../protocol.ts";
import { t } from "../texts.ts";

/** Sentences and labels of the table editor. */
export const tableTexts = {
  document: (name: string) => t("Tables of {0}", name),
  whichTable: () => t("This dump does not say which table it holds. Choose it in the list of tables."),
  binaryText: () =>
    t(
      "This text is too large for an editor of VS Code, so it is only shown. Cut the table out into a file of its own to change it.",
    ),
  readOnly: () => t("read-only"),
  largeReadOnly: () =>
    t(
      "The file is so large that it is read where it lies: nothing of it can be changed here. A part of it, cut out, can.",
    ),
  stateReadOnly: () => t("This dump is made from what another file holds and cannot be changed; change that."),
  changedMeanwhile: () => t("The text has changed meanwhile; nothing was changed. Try again."),
  fileChanged: (name: string) =>
    t(
      "Another program has changed {0} since it was read, and saving would undo that. Save your changes in another file by Save As, or take them back by Revert File.",
      name,
    ),
  replaced: (name: string) =>
    t(
      "Another program or window has written {0} since it was read, and saving has replaced that. Compare shows what it was, from where it can be taken back or saved. [GIC-FILE-REPLACED]",
      name,
    ),
  compareReplaced: () => t("Compare"),
  replacedTitle: (name: string) => t("{0}: what another program had written, and what was saved", name),
  notApplied: () => t("The editor did not take the change: the file may be read-only."),
  layoutWouldChange: () =>
    t("With this value the table would be decoded in another way. Choose its layout above the table, then try again."),
  changedField: (name: string, value: string) => t("{0} is {1} now. Save the file to keep it.", name, value),
  sameValue: (name: string, value: string) => t("{0} is {1} already.", name, value),
  cancelled: () => t("Cancelled."),
  cancelledRead: () => t("Cancelled before the table was decoded."),
  filtering: () => t("Looking through the rows…"),
  searching: (what: string) => t("Looking for {0}…", what),
  notFound: (what: string) => t("{0} is in none of the tables that this dump is known to hold.", what),
  noDevice: () => t("Select a device first: an EventID is one of a device."),
  ittNotHeld: (device: string) => t("The dump does not hold the ITT of DeviceID {0}.", device),
  filterCleared: () => t("The filter hid this row; it was cleared."),
  goToForms: (text: string) =>
    t(
      "“{0}” is nothing to go to: write an id of this table, DeviceID, EventID, INTID or ICID and a number, or @ and an address.",
      text,
    ),
  shownOf: (shown: string, all: string) => t("{0} of {1} entries shown", shown, all),
  heldEntries: (count: string, valid: string) => t("entries: {0}, valid: {1}", count, valid),
  ittOf: (device: string) => t("ITT of DeviceID {0}", device),
  moreDevices: (count: string) => t("{0} more devices: go to DeviceID and EventID", count),
  moreTables: (count: string) => t("{0} more tables: go to an address", count),
  problems: (count: string) => t("{0} lines of the dump could not be used; Problems has the first of them.", count),
  orderLittle: () => t("groups are numbers"),
  orderBytes: () => t("groups are bytes in memory order"),
  copyWhat: () => t("Copy as…"),
  copyRow: (format: string) => t("Row as {0}", format),
  copyTable: (format: string) => t("Table as {0}", format),
  copyTableDetail: (count: string) => t("{0} rows, as filtered and sorted", count),
  copiedRows: (count: string) => t("Rows copied: {0}", count),
  copyTooLong: (most: string) => t("More than {0} rows are not copied; export the table to a file.", most),
  exportWhat: () => t("Export as…"),
  exported: (name: string) => t("Exported to {0}", name),
  exporting: (name: string) => t("Exporting to {0}…", name),
  exportCut: (most: string) =>
    t("Only the first {0} rows were exported. All of them, in a terminal: npx gicwb decode FILE", most),
  noTableEditor: () => t("Open a dump with GIC: Decode Table… or “Open With… → GIC tables” first."),
  editWhich: () => t("Which field is to be changed?"),
  editValue: (name: string) => t("New value of {0}: decimal, 0x…, or a name", name),
  selectFirst: () => t("Select an entry first."),
};

/** The texts that the page shows. */
export function pageLabels(): Labels {
  return {
    tables: t("Tables"),
    goTo: t("Go to"),
    goToHint: t("go to id, INTID 8195, @0x…"),
    filter: t("Filter"),
    filterHint: t("filter by a text"),
    rows: t("Rows"),
    valid: t("valid entries"),
    all: t("all entries"),
    remarks: t("with remarks"),
    order: t("Order"),
    layout: t("Layout"),
    base: t("Table at"),
    start: t("First byte at"),
    asGuessed: t("as read"),
    reading: t("How it was read, and other ways to read it"),
    copy: t("Copy as…"),
    export: t("Export…"),
    openLine: t("Show in the text"),
    keys: t("Enter: its fields · Ctrl+Enter: its line · Ctrl+G: go to · Ctrl+F: filter · Ctrl+C: copy"),
    selectHint: t("Select an entry to see its bits."),
    noEntries: t("No valid entry. Show all entries to see what is there."),
    noneShown: t("No row has all that was asked for."),
    hasRemarks: t("has remarks"),
    notValid: t("not valid"),
    sortedUp: t("sorted ascending"),
    sortedDown: t("sorted descending"),
    hiddenColumns: t("columns that have no room here: the entry's fields below have them all"),
    edit: t("Change (F2)"),
    cancel: t("Cancel"),
    again: t("Decode"),
    bits: t("Bits"),
    field: t("Field"),
    value: t("Value"),
    meaning: t("Meaning"),
    pageFailed: t(
      "This window failed. Close it and open the dump again; please report it with the file. [GIC-WINDOW-FAILED]",
    ),
  };
}
