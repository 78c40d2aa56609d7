/** Replaces `{0}`, `{1}` … of a message. VS Code's `l10n.t` has this shape; without it the English text stands. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

let translate: Translate = (message, ...args) =>
  message.replace(/\{(\d+)\}/g, (_whole, place: string) => String(args[Number(place)] ?? ""));

/** Texts come in the language of the editor from here on. */
export function useTranslation(translation: Translate): void {
  translate = translation;
}

/** A sentence in the language of the editor; for texts that stand in a file of their own. */
export function t(message: string, ...args: (string | number)[]): string {
  return translate(message, ...args);
}

/** Every sentence and label that the client shows. The English text is the key of a translation. */
export const texts = {
  serverName: () => t("GIC Workbench"),
  serverFailed: (reason: string) =>
    t("The language server for command scripts does not start: {0}. Colours and debugging work without it.", reason),
  serverCrashed: () =>
    t(
      "The language server for command scripts has fallen over several times and is not started again. Its last words are in the output; GIC: Restart Language Server starts it.",
    ),
  restart: () => t("Restart"),
  showOutput: () => t("Show Output"),

  debugCurrentScript: () => t("Debug this script"),
  debugScript: (name: string) => t("Debug {0}", name),
  noScript: () => t("Open an ITS command script (*.itscmd) first, or name one as “program” in launch.json."),
  programNotText: (program: string) =>
    t("“program” in launch.json must be the path of a script, but it is {0}.", program),
  programMissing: (program: string) =>
    t("There is no script {0}. Correct “program” in launch.json, or save the script first.", program),
  programIsFolder: (program: string) =>
    t("{0} is a folder; “program” in launch.json must name a script (*.itscmd).", program),
  programNotLocal: (program: string) =>
    t(
      "{0} is on a file system without paths; the debugger reads files from disk. Save a copy to a local folder.",
      program,
    ),
  unsaved: (name: string) =>
    t("{0} was never saved; the debugger reads scripts from disk. Save it as *.itscmd first.", name),
  stateNotText: (state: string) =>
    t("“state” in launch.json must be the path of a saved machine, but it is {0}.", state),
  stateMissing: (state: string) =>
    t("There is no saved machine {0}. Correct “state” in launch.json, or make one: gicwb state save.", state),
  stateIsFolder: (state: string) => t("{0} is a folder; “state” in launch.json must name a saved machine.", state),
  noState: () =>
    t("Open a saved machine first (a file that gicwb state save has written), or select one in the Explorer."),
  openLaunchJson: () => t("Open launch.json"),
  adapterMissing: (reason: string) => t("The debug adapter does not load: {0}. Install the extension again.", reason),

  registerAddress: () => t("Address"),
  registerOffset: () => t("Offset"),
  registerReset: () => t("Reset"),
  registerValue: () => t("Value"),
  registerBits: () => t("Bits"),
  registerField: () => t("Field"),
  registerMeaning: () => t("Meaning"),
  bitsWide: (bits: number) => t("{0} bits", bits),
  changedFrom: (value: string) => t("changed at the last step; it was {0}", value),
  readActs: (effect: string) => t("Not read, because reading acts: {0}", effect),
  copied: (text: string) => t("Copied {0}", text),
  changed: () => t("changed at the last step"),
  running: () => t("running…"),
  registersFailed: (reason: string) => t("The registers could not be read: {0}", reason),
  noRegisters: () => t("This session offers no registers."),

  notValid: () => t("not valid"),
  valueAt: (address: string) => t("at {0}", address),

  decodeNoEditor: () => t("Open a text file with a hex dump, or a saved machine, first; then decode it."),
  decodeIsState: (name: string) => t("{0} is a saved machine. Decode it with the command GIC: Decode Table….", name),
  stateRefused: (name: string, reason: string) => t("{0} is refused. {1}", name, reason),
  stateNoMemory: () => t("Its memory could not be read."),
  stateNoDump: (name: string, reason: string) => t("There is no dump of {0} now: {1}", name, reason),
  stateNoServer: () =>
    t("The language server, which reads saved machines, does not run. Start it with GIC: Restart Language Server."),
  stateTooLarge: (name: string, limit: string) =>
    t("{0} is larger than {1}. Decode it in a terminal: npx gicwb decode FILE", name, limit),
  isFolder: () => t("it is a folder"),
  decodeNoDump: (name: string, reason: string) => t("{0} holds no hex dump that can be read. {1}", name, reason),
  decodeTooLarge: (name: string, limit: string) =>
    t("{0} is larger than {1}. Decode it in a terminal: npx gicwb decode FILE --as TABLE", name, limit),
  decodeUnreadable: (name: string, reason: string) => t("{0} cannot be read: {1}", name, reason),
  decodeWhichTable: (name: string) => t("Which table does {0} hold?", name),
  dumpHeld: (name: string) =>
    t(
      "The extension host ended the last time {0} was decoded, so it is not decoded by itself. Change the file, or decode it anyway: GIC: Decode Table….",
      name,
    ),
  decodeAnyway: () => t("Decode anyway"),
  dumpFailed: (name: string, reason: string) =>
    t(
      "{0} could not be decoded: something went wrong inside GIC Workbench ({1}). Please report this with the file; other dumps are not affected.",
      name,
      reason,
    ),
  hintNotUsed: (problem: string) => t("{0}; not used.", problem),
  dumpGone: (name: string) => t("{0} is no longer there.", name),

  tableKinds: {
    "device-table": () => t("Device table: DTE by DeviceID"),
    "device-table-l1": () => t("Level-1 table of a two-level device table"),
    itt: () => t("Interrupt translation table: ITE by EventID"),
    "collection-table": () => t("Collection table: CTE"),
    "vpe-table": () => t("vPE table: VTE by vPEID"),
    "lpi-config": () => t("LPI configuration table: a byte an INTID"),
    "lpi-pending": () => t("LPI pending table: a bit an INTID"),
    "command-queue": () => t("ITS command queue: 32 bytes a command"),
    "list-registers": () => t("Saved vCPU interface: list registers, VMCR, HCR"),
  },

  webview: {
    table: () => t("Table"),
    readAs: (reading: string) => t("How it was read: {0}", reading),
    unknownEntry: (id: string) =>
      t("The dump does not hold the entry of {0}: whether it is valid is unknown; the next one is selected", id),
    noEntry: (id: string) => t("No valid entry for {0}; the next one is selected", id),
    notNumber: (text: string) => t("{0} is no number", text),
    entries: (count: string) => t("{0} valid entries", count),
    oneEntry: () => t("1 valid entry"),
    noEntries: () => t("No valid entry."),
    decoding: (name: string) => t("Decoding {0}…", name),
    entryAt: () => t("entry at"),
    words: () => t("words"),
    command: () => t("command"),
    notes: () => t("notes"),
  },
};
