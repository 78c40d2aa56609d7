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
  sessionLost: (name: string) =>
    t(
      "The session “{0}” is over: the extension host, in which it ran, has fallen over, and the editor has started another one. Start the session again to go on. [GIC-SESSION-LOST]",
      name,
    ),
  adapterGone: (name: string, reason: string) =>
    t(
      "The session “{0}” is over: its debug adapter has ended without a word ({1}). Start the adapter, and then the session again. [GIC-ADAPTER-GONE]",
      name,
      reason,
    ),
  startAgain: () => t("Start Again"),
  notWritten: (path: string, reason: string) =>
    t(
      "“{0}” was not written: {1}. What stood there is as it was. Choose another place, or make room. [GIC-FILE-WRITE]",
      path,
      reason,
    ),
  halfWritten: (path: string, reason: string) =>
    t(
      "“{0}” was not written whole: {1}. What stood there before could not be put back. Choose another place, or make room. [GIC-FILE-HALF]",
      path,
      reason,
    ),
  showOutput: () => t("Show Output"),

  compareWithModel: () => t("Model to run the script on as well"),
  testOnModel: () => t("Model to run the test on"),
  debugCurrentScript: () => t("Debug this script"),
  debugScript: (name: string) => t("Debug {0}", name),
  noScript: () => t("Open an ITS command script (*.itscmd) first, or name one as “program” in launch.json."),
  programNotText: (program: string) =>
    t("“program” in launch.json must be the path of a script, but it is {0}.", program),
  programMissing: (program: string) =>
    t("There is no script {0}. Correct “program” in launch.json, or save the script first.", program),
  programIsFolder: (program: string) =>
    t("{0} is a folder; “program” in launch.json must name a script (*.itscmd).", program),
  stateNotText: (state: string) =>
    t("“state” in launch.json must be the path of a saved machine, but it is {0}.", state),
  stateMissing: (state: string) =>
    t("There is no saved machine {0}. Correct “state” in launch.json, or make one: gicwb state save.", state),
  stateIsFolder: (state: string) => t("{0} is a folder; “state” in launch.json must name a saved machine.", state),
  traceNotText: (trace: string) =>
    t("“trace” in launch.json must be the path of a log of ITS commands, but it is {0}.", trace),
  traceMissing: (trace: string) => t("There is no log {0}. Correct “trace” in launch.json.", trace),
  traceIsFolder: (trace: string) =>
    t("{0} is a folder; “trace” in launch.json must name a log of ITS commands.", trace),
  noState: () =>
    t("Open a saved machine first (a file that gicwb state save has written), or select one in the Explorer."),
  openLaunchJson: () => t("Open launch.json"),
  adapterMissing: (reason: string) => t("The debug adapter does not load: {0}. Install the extension again.", reason),

  registerValue: () => t("Value"),
  registerBits: () => t("Bits"),
  registerField: () => t("Field"),
  registerMeaning: () => t("Meaning"),
  copied: (text: string) => t("Copied {0}", text),

  notValid: () => t("not valid"),
  valueAt: (address: string) => t("at {0}", address),

  decodeNoEditor: () => t("Open a text file with a hex dump, or a saved machine, first; then decode it."),
  decodeIsState: (name: string) => t("{0} is a saved machine. Decode it with the command GIC: Decode Table….", name),
  stateRefused: (name: string, reason: string) => t("{0} is refused. {1}", name, reason),
  stateNoMemory: () => t("Its memory could not be read."),
  stateNoDump: (name: string, reason: string) => t("There is no dump of {0} now: {1}", name, reason),
  noRulePage: (code: string) => t("There is no rule {0}.", code),
  stateNoServer: () =>
    t(
      "The language server, which runs scripts and reads saved machines, does not run. Start it with GIC: Restart Language Server.",
    ),
  stateTooLarge: (name: string, limit: string) =>
    t("{0} is larger than {1}. Decode it in a terminal: npx gicwb decode FILE", name, limit),
  isFolder: () => t("it is a folder"),
  decodeNoDump: (name: string, reason: string) => t("{0} holds no hex dump that can be read. {1}", name, reason),
  decodeTooLarge: (name: string, limit: string) =>
    t("{0} is larger than {1}. Decode it in a terminal: npx gicwb decode FILE --as TABLE", name, limit),
  largeFileChanged: () => t("it has changed meanwhile"),
  decodeUnreadable: (name: string, reason: string) => t("{0} cannot be read: {1}", name, reason),
  layoutUnsaved: (word: string) =>
    t('The layout file "{0}" cannot be found from a dump that was never saved: save the dump beside it.', word),
  layoutUnreadable: (word: string, reason: string) => t('The layout file "{0}" cannot be read: {1}.', word, reason),
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
  checkChannel: () => t("GIC Check"),
  checkNoEditor: () => t("Open a dump (*.gicdump) first; then check it."),
  checkTooLarge: (name: string, limit: string) =>
    t(
      "{0} is not checked in the editor: it has more than {1} characters. In a terminal: npx gicwb check FILE",
      name,
      limit,
    ),
  checkNoTables: (name: string) =>
    t(
      "{0} was not checked: it holds no device table and no collection table. A check begins there; put the tables into one dump, each behind a # gic: line.",
      name,
    ),
  checkFailed: (name: string, reason: string) => t("{0} was not checked: {1}", name, reason),
  checkMore: (count: number) => t("{0} more problems of this dump are not shown (gicWorkbench.maxProblems).", count),
  fromTo: (name: string, first: string, last: string) => t("{0} {1} to {2}", name, first, last),
  lineOf: (ids: string) => t("This line is {0}.", ids),
  wordOf: (ids: string) => t("This is {0}.", ids),
  repeatOf: (ids: string) => t("It stands for {0}.", ids),
  offsetInTable: (offset: string) => t("offset {0} in the table", offset),
  wordBits: (bits: string, fields: string) => t("This word has bits {0} of the entry: {1}.", bits, fields),
  noField: () => t("no field"),
  noPending: () => t("None of them is pending."),
  pendingLpis: (lpis: string) => t("Pending: {0}", lpis),
  ittOfDevice: (device: string) => t("itt of DeviceID {0}", device),
  moreEntries: (count: string) => t("{0} more entries", count),
  moreTables: (count: string) => t("{0} more tables", count),
  lensOpen: () => t("Open table"),
  lensDebug: () => t("Debug from here"),
  lensCheck: () => t("Check"),
  lensCompare: () => t("Compare…"),
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
    pageFailed: () =>
      t("This window failed. Close it and ask again; please report it with the file. [GIC-WINDOW-FAILED]"),
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

  tables: {
    sessionName: (name: string) => t("paused session “{0}”", name),
    sessionAt: (name: string, line: number) => t("{0}, before line {1}", name, line),
    sessionDetail: () => t("its machine at this moment"),
    sessionGone: (name: string) => t("It was about {0}, which is over.", name),
    askingAgain: (title: string) => t("Asking again: {0}", title),
    notAskedAgain: (reason: string) => t("This window could not be filled again. {0}", reason),
    noAnswer: () => t("There was no answer."),
    openFile: () => t("open"),
    chooseFile: () => t("$(file) Choose files…"),
    chooseFolder: () => t("$(folder) Choose a folder…"),
    twoOnly: () => t("Two things are compared. Select one or two files or folders."),
    compareWhat: () => t("What is to be compared? (A)"),
    compareWith: (name: string) => t("Compare {0} (A) with … (B)", name),
    compareTitle: (a: string, b: string) => t("{0} ↔ {1}", a, b),
    comparing: (a: string, b: string) => t("Comparing {0} with {1}", a, b),
    checkWhat: () => t("Which tables are to be checked?"),
    checkTitle: (name: string) => t("Check: {0}", name),
    checking: (name: string) => t("Restoring {0} into every kernel", name),
    traceWhat: () => t("In what is the MSI to be traced?"),
    traceDevice: (name: string) => t("Trace an MSI in {0}: DeviceID", name),
    traceEvent: (device: string) => t("EventID of DeviceID {0}", device),
    deviceHint: () => t("A number, 0x… or decimal, or bus:device.function of a PCI device (01:00.0)"),
    eventHint: () => t("A number, 0x… or decimal: what the device writes to GITS_TRANSLATER"),
    notDevice: () => t("Neither a number up to 0xffffffff nor bus:device.function"),
    notEvent: () => t("No number up to 0xffffffff"),
    traceTitle: (device: string, event: string) => t("MSI: DeviceID {0}, EventID {1}", device, event),
    tracing: (name: string) => t("Tracing an MSI in {0}", name),
    debugWhat: () => t("On the tables of what is the session to stand?"),
    restoring: (name: string) => t("Making a machine of {0}", name),
    debugName: (name: string) => t("Tables of {0}", name),
    details: () => t("Show Details"),
    restoredWith: (name: string, model: string, count: number) =>
      count === 1
        ? t("The machine has the tables of {0}, restored into {1}. One thing of it is not from there.", name, model)
        : t(
            "The machine has the tables of {0}, restored into {1}. {2} things of it are not from there.",
            name,
            model,
            count,
          ),
    restoredHeading: (name: string, model: string) =>
      t(
        "The machine of the session is one of {1} with the tables of {0}. What of it is not from there is listed below.",
        name,
        model,
      ),
    whichBase: (name: string) => t("At which address does the table of {0} begin?", name),
    baseHint: () =>
      t("0x… or decimal; of raw bytes the address of the first one. Empty: the first address of the dump"),
    whichSize: (name: string) => t("How many bytes has the table of {0}?", name),
    sizeHint: () => t("0x… or decimal, as GITS_BASER<n> says. Empty: as far as the dump goes"),
    mapWhat: () => t("Whose interrupts are to be shown?"),
    mapTitle: (name: string) => t("Interrupts: {0}", name),
    mapping: (name: string) => t("Reading the tables of {0}", name),

    nowhere: (address: string, file: string) =>
      t("{0} is in the memory of a session ({1}), which is no file. Its memory view shows it.", address, file),
    inBinary: (address: string, name: string) => t("The entry is at address {0} of what {1} holds.", address, name),
    notInDump: (address: string, name: string) => t("No line of {1} has the address {0} any more.", address, name),
    copied: (title: string) => t("Copied: {0}", title),
    jsonTooLong: () => t("Its JSON is too long to be copied. gicwb prints it in a terminal, with --json."),
    filter: () => t("Filter rows"),
    copyText: () => t("Copy as Text"),
    copyMarkdown: () => t("Copy as Markdown"),
    copyJson: () => t("Copy as JSON"),
    runAgain: () => t("Run Again"),
    swap: () => t("Swap A and B"),
    rowsOf: (count: string, all: string) => t("{0} of {1}", count, all),
    showMore: () => t("Show more ({0} left)", "{0}"),
    noMatch: () => t("No row has this text."),
    reveal: () => t("Show the entry"),
    notes: () => t("Also worth knowing"),
    bad: () => t("ERROR"),
    warning: () => t("WARNING"),
    good: () => t("OK"),
  },

  map: {
    filter: () => t("Filter"),
    filterHint: () => t("DeviceID, EventID, LPI, ICID, PE, name"),
    devices: () => t("Devices"),
    collections: () => t("Collections"),
    pes: () => t("PEs"),
    noPe: () => t("no PE"),
    unknownPe: () => t("PE unknown"),
    vpes: () => t("vPEs"),
    enabled: () => t("enabled"),
    disabled: () => t("disabled"),
    enabledUnknown: () => t("enabled: unknown"),
    pending: () => t("pending on PE {0}", "{0}"),
    pendingHere: () => t("pending"),
    pendingCount: () => t("{0} pending", "{0}"),
    priority: () => t("prio {0}", "{0}"),
    events: () => t("events: {0}", "{0}"),
    shown: (count: string, all: string) => t("events: {0} of {1}", count, all),
    leftOut: () => t("{0} more events are left out", "{0}"),
    noMatch: () => t("No event matches."),
    keys: () => t("↑ ↓ move · → ← open and close · Enter shows the entry · Ctrl+C copies the line"),
    all: () => t("Show all"),
    flow: () => t("Events from devices by collections to PEs"),
  },
};
