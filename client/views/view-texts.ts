import { t, texts } from "../texts.ts";

/** Labels that all live views have. */
const common = {
  noSession: () => t("This shows here while a command script or a saved machine is being debugged and stands still."),
  debugScript: () => t("Debug This Script"),
  openScript: () => t("Open a Script"),
  failed: (reason: string) => t("This could not be read: {0}", reason),
  pageFailed: () => t("This view failed. Close it and open it again; please report it. [GIC-VIEW-FAILED]"),
  filter: () => t("Filter"),
  changed: () => t("changed since the last stop"),
  changedOnly: () => t("Changed"),
  changesUnknown: () => t("What has changed is not known: nothing was read at the stop before."),
  countOf: (count: string, all: string) => t("{0} of {1}", count, all),
  noMatch: () => t("Nothing matches."),
  hiddenColumns: (names: string) => t("Not shown, because there is no room: {0}", names),
  watched: () => t("the session stops when it changes"),
  edit: (what: string) => t("New value of {0}; Enter sets it, Escape leaves it", what),
  asText: () => t("Alt+F2 shows all of it as text."),
  yes: () => t("yes"),
  no: () => t("no"),
};

/** Labels of the view "Interrupts". */
export const interruptLabels = {
  ...common,
  title: () => t("Interrupts"),
  filterHint: () => t("INTID, pe:1, device:0x10, lpi, pending…"),
  unknownWord: (word: string) =>
    t(
      "“{0}” means nothing here. Write a number, pending, active, enabled, disabled, sgi, ppi, spi, lpi, or pe:, device:, event:, icid:, intid:, priority:, group: and a number.",
      word,
    ),
  pendingOnly: () => t("Pending"),
  activeOnly: () => t("Active"),
  enabledOnly: () => t("Enabled"),
  pendingShort: () => t("P"),
  activeShort: () => t("A"),
  enabledShort: () => t("E"),
  priorityShort: () => t("Prio"),
  intid: () => t("INTID"),
  kind: () => t("Kind"),
  enabled: () => t("Enabled"),
  pending: () => t("Pending"),
  active: () => t("Active"),
  priority: () => t("Priority"),
  trigger: () => t("Config"),
  group: () => t("Group"),
  target: () => t("Target"),
  listRegister: () => t("List register"),
  device: () => t("DeviceID"),
  event: () => t("EventID"),
  icid: () => t("ICID"),
  pe: (pe: string) => t("PE {0}", pe),
  anyPe: () => t("any PE"),
  noPe: () => t("no PE"),
  nowhere: (affinity: string) => t("no PE (affinity {0})", affinity),
  vpe: (vpe: string) => t("vPEID {0}", vpe),
  edge: () => t("edge"),
  level: () => t("level"),
  noActive: () => t("LPIs have no active state."),
  keys: () =>
    t("↑ ↓ ← → move · Enter or F2 changes a value, else goes to the line that mapped it · Ctrl+C copies the line"),
  added: () => t("new since the last stop"),
};

/** Labels of the view "Registers". */
export const registerLabels = {
  ...common,
  title: () => t("Registers"),
  filterHint: () => t("Name, address or value"),
  differs: () => t("≠ Reset"),
  differsTitle: () => t("Only registers whose value is not the one after reset"),
  baseOnly: (what: string) => t("Not as in {0}", what),
  base: () => t("Compared"),
  baseLine: (line: string) => t("line {0}", line),
  baseBefore: () => t("the stop before"),
  baseHere: (line: string) => t("the stop at line {0}", line),
  unlike: (what: string, value: string) => t("{1} in {0}", what, value),
  name: () => t("Register"),
  value: () => t("Value"),
  access: () => t("Access"),
  reset: () => t("Reset"),
  address: () => t("Address"),
  readActs: (effect: string) => t("Not read, because reading acts: {0}", effect),
  afterReset: (value: string) => t("{0} after reset", value),
  before: (value: string) => t("{0} at the last stop", value),
  bitsWide: (bits: string) => t("{0} bits", bits),
  ofIntid: (field: string, intid: string) => t("{0}: INTID {1}", field, intid),
  otherForms: () => t("“Show as…” in its menu: digits without groups, decimal, binary"),
  pinned: () => t("Pinned"),
  others: () => t("Identification and others"),
  othersShort: () => t("Others"),
  notRead: () => t("not read"),
  registersCount: (count: string) => t("registers: {0}", count),
  leftOut: (count: string) => t("{0} more are left out", count),
  itsName: () => t("ITS"),
  lpisName: () => t("LPIs"),
  group1Name: () => t("Group 1"),
  interfaceName: () => t("CPU interface"),
  timerName: () => t("virtual timer"),
  isEnabled: (what: string) => t("{0} enabled", what),
  isDisabled: (what: string) => t("{0} disabled", what),
  enabled: () => t("enabled"),
  disabled: () => t("disabled"),
  stalled: () => t("queue stalled"),
  waiting: (count: string) => t("commands waiting: {0}", count),
  pendingLpis: (count: string) => t("{0} pending", count),
  listRegisters: (count: string) => t("list registers in use: {0}", count),
  inUse: (count: string) => t("in use: {0}", count),
  noListRegisters: () => t("list registers empty"),
  empty: () => t("empty"),
};

/** Labels of the view "Command Queue". */
export const queueLabels = {
  ...common,
  title: () => t("Command Queue"),
  its: () => t("ITS"),
  slot: () => t("Slot"),
  pointer: () => t("R/W"),
  command: () => t("Command"),
  state: () => t("State"),
  outcome: () => t("Outcome"),
  line: () => t("Line"),
  address: () => t("Address"),
  next: () => t("next"),
  waits: () => t("waits"),
  consumed: () => t("consumed"),
  stale: () => t("stale"),
  empty: () => t("empty"),
  enabled: () => t("ITS enabled"),
  disabled: () => t("ITS disabled"),
  pointers: (reader: string, writer: string, slots: string) =>
    t("GITS_CREADR: slot {0}, GITS_CWRITER: slot {1} of {2}", reader, writer, slots),
  stalled: () => t("stalled"),
  waiting: (count: string) => t("commands waiting: {0}", count),
  nothingWaits: () => t("no command waits"),
  noIts: () => t("This machine has no ITS."),
  noQueue: () => t("There is no queue: GITS_CBASER.Valid is 0, or its pointers are outside of it."),
};

/** Labels of the view "Timeline". */
export const timelineLabels = {
  ...common,
  title: () => t("Timeline"),
  filterHint: () => t("mapti, device:0x10, 8192, errors, stops…"),
  unknownWord: (word: string) =>
    t(
      "“{0}” means nothing here. Write a part of a statement, a number, errors, stalled, stops, or device:, event:, intid:, icid:, its:, line: and a number.",
      word,
    ),
  failedOnly: () => t("Errors"),
  mark: () => t("Mark"),
  line: () => t("Line"),
  what: () => t("Statement"),
  outcome: () => t("Outcome"),
  its: () => t("ITS"),
  next: () => t("runs next"),
  future: () => t("not yet, or taken back"),
  stopped: (reason: string) => t("stopped here: {0}", reason),
  breakpoint: () => t("breakpoint"),
  functionBreakpoint: () => t("breakpoint on a command"),
  dataBreakpoint: () => t("value changed"),
  instructionBreakpoint: () => t("breakpoint on a slot"),
  exception: () => t("problem"),
  pause: () => t("paused"),
  endStop: () => t("end of the script"),
  end: () => t("End of the script"),
  gap: (count: string) => t("{0} more commands, whose outcomes are not kept", count),
  sent: () => t("MSI delivered"),
  kept: () => t("kept"),
  oneCommand: () => t("1 command from the queue"),
  commands: (count: string) => t("{0} commands from the queue", count),
  machine: (title: string) => t("a new machine: {0}", title),
  linesCount: (count: string) => t("lines that have run: {0}", count),
  rowsCount: (count: string) => t("rows: {0}", count),
  searched: (count: string) => t("looked through: {0}", count),
  notCompared: (count: string) => t("not compared, because their numbers are not known: {0}", count),
  keys: () => t("A click or Enter goes to that moment, back or forwards · ↑ ↓ move · Ctrl+F filters"),
};

/** Labels of the view "Bits". */
export const bitsLabels = {
  ...common,
  title: () => t("Bits"),
  selectHint: () => t("Select a register, an interrupt, a command, or a line of the script."),
  bits: () => t("Bits"),
  field: () => t("Field"),
  value: () => t("Value"),
  access: () => t("Access"),
  meaning: () => t("Meaning"),
  before: (value: string) => t("{0} at the last stop", value),
  afterReset: (value: string) => t("{0} after reset", value),
  fixedSlot: () =>
    t(
      "The fields of a slot are not changed here: the ITS has taken the command, or takes it from memory. Change its line in the script, or the memory of the slot.",
    ),
  fixedRaw: () => t("The words of a raw statement are changed in the script's text."),
};

/** Labels of the live interrupt map: those of maps of captures, and what is of a session. */
export const liveMapLabels = {
  ...common,
  ...texts.map,
  title: () => t("Interrupt Map of the Session"),
  runAgain: texts.tables.runAgain,
  liveKeys: () => t("↑ ↓ move · → ← open and close · Enter goes to the line that mapped it · Ctrl+C copies the line"),
  noEvents: () => t("No event is mapped."),
};

/** What a page gets of labels: `{0}`, `{1}` stand where values come. */
export type LabelsOf<Texts> = { readonly [Name in keyof Texts]: string };

/** The labels of a view in the language of the editor. */
export function labelsOf<Texts extends Readonly<Record<string, (...places: string[]) => string>>>(
  all: Texts,
): LabelsOf<Texts> {
  return Object.fromEntries(
    Object.entries(all).map(([name, text]) => [name, text("{0}", "{1}", "{2}")]),
  ) as LabelsOf<Texts>;
}

export type QueueLabels = LabelsOf<typeof queueLabels>;
export type TimelineLabels = LabelsOf<typeof timelineLabels>;
export type BitsLabels = LabelsOf<typeof bitsLabels>;
export type LiveMapLabels = LabelsOf<typeof liveMapLabels>;
export type RegisterLabels = LabelsOf<typeof registerLabels>;
export type InterruptLabels = LabelsOf<typeof interruptLabels>;
/** Labels that parts of all pages use. */
export type CommonLabels = LabelsOf<typeof common> & { readonly title: string };

/** Sentences that the extension says about live views. */
export const viewTexts = {
  notStopped: () => t("The session runs; pause it first."),
  nothingWatched: () => t("This has no value that could be watched."),
  watching: (what: string) => t("The session stops when {0} changes.", what),
  notWatching: (what: string) => t("The session does not stop at {0} any more.", what),
  notWatchable: (what: string, reason: string) => t("{0} cannot be watched: {1}", what, reason),
  runBackTo: () =>
    t("Go back to before the line that wrote this last: a register, a table entry, memory, any expression of a script"),
  wentBack: (what: string, line: number) => t("Back at line {1}, which wrote {0} last.", what, line),
  noLine: () => t("No line of the script that has run did this."),
  field: () => t("Field of what the view Bits shows"),
  valueOf: (field: string) => t("New value of {0}", field),
  lineIsOther: (line: number) =>
    t("Line {0} of the script is another one in the editor than in the session; save it and take a step first.", line),
  lineEdited: (line: number) =>
    t(
      "Line {0} is changed. Save the script: the session takes it with the next step, or says that the line has run.",
      line,
    ),
  noScript: () => t("This session has no script."),
  didStatements: (statements: string) => t("Carried out: {0}", statements),
  showAs: (what: string) => t("Show {0} as…", what),
  radix: {
    hex: () => t("Hexadecimal, in groups of four digits"),
    plain: () => t("Hexadecimal without groups"),
    dec: () => t("Decimal"),
    bin: () => t("Binary"),
    default: () => t("As declared"),
  },
  copyAs: () => t("Copy as…"),
  recreatedOtherwise: (count: number) =>
    count === 1
      ? t("The comments on top say what is not recreated")
      : t("The comments on top say {0} things that are not recreated", count),
  compareRegisters: () => t("Compare the registers with…"),
  compareBefore: () => t("The stop before this one"),
  compareHere: () => t("This moment, from now on"),
  compareLine: () => t("The moment before a line that has run…"),
  compareFile: () => t("A saved machine, a saved guest, a dump or a capture…"),
  compareNothing: () => t("Nothing: do not compare any more"),
  lineNumber: (line: number) => t("line {0}", line),
  readingRegisters: (name: string) => t("Reading the registers of {0}", name),
  compared: (count: number) => t("Compared with {0} registers", count),
  notCompared: () => t("The registers are not compared any more"),
  form: {
    text: () => t("Text"),
    markdown: () => t("Markdown"),
    csv: () => t("CSV"),
    json: () => t("JSON"),
  },
  copiedTable: (lines: number) => t("Lines copied: {0}", lines),
  notShown: () => t("Open the view first."),
  wentAway: () => t("The view was hidden before it answered. Show it and try again."),
  noSession: () => t("No session of ours is active. Debug a script first."),
};
