/** What the console takes beside statements and expressions of the script language, each with what it does. */
const commands = {
  help: "says this",
  "who EXPRESSION": "the line that changed a value last",
  "back EXPRESSION": "goes back to before the line that changed a value last",
  "trace-msi DEVICEID, EVENTID": "the way of an MSI, link by link",
  rerun: "runs a script again to here that was edited above",
  "other EXPRESSION": "the value on the other model of a comparison",
} as const;

/** The words with which they begin. */
export const consoleWords: readonly string[] = Object.keys(commands).map((form) => form.split(" ")[0]);

/** What `help` answers. */
export const consoleHelp = [
  "An expression shows its value: GITS_CTLR, ite[1, 3].ICID, pending[8195], mem64[0x40000000].",
  "A statement is carried out: INT DeviceID=1, EventID=3, write GITS_CTLR = 1, msi DeviceID=1, EventID=3.",
  ...Object.entries(commands).map(([form, what]) => `${form.padEnd(28)} ${what}`),
].join("\n");
