import type { Suggestion } from "./bind/suggest.ts";
import { type DiagnosticFactory, defineDiagnostic } from "./diagnostic.ts";
import type { DiagnosticData } from "./diagnostic-data.ts";
import { type FileRefusal, refusalSentence } from "./files.ts";
import { limits } from "./limits.ts";

/** `Did you mean X?` with a space before it, or nothing. */
function meant(find: Suggestion | undefined): string {
  const suggestion = find?.();
  return suggestion === undefined ? "" : ` Did you mean ${suggestion}?`;
}

function misspelt(find: Suggestion | undefined): DiagnosticData | undefined {
  const text = find?.();
  return text === undefined ? undefined : { kind: "misspelt", text };
}

/** The whole file cannot be read (ITS00xx). These are the only diagnostics of a document, at its first line. */
const file = {
  tooLarge: defineDiagnostic(
    "ITS0001",
    "File too large",
    (characters: number) =>
      `This file has ${characters} characters; a script may have ${limits.characters} (16 MiB). Split it into several scripts.`,
  ),
  tooManyLines: defineDiagnostic(
    "ITS0002",
    "Too many lines",
    (lines: number) =>
      `This file has ${lines} lines; a script may have ${limits.lines}. Split it into several scripts.`,
  ),
  binary: defineDiagnostic(
    "ITS0003",
    "Binary file",
    () =>
      "This file holds NUL bytes, so it is no text. Open a script (*.itscmd); saved tables and queues are decoded as dumps.",
  ),
};

/** A line cannot be read as a statement (ITS01xx). */
const syntax = {
  lineTooLong: defineDiagnostic(
    "ITS0101",
    "Line too long",
    (length: number) => `This line has ${length} characters; at most ${limits.lineLength} are read. Break it up.`,
  ),
  unknownStatement: defineDiagnostic(
    "ITS0102",
    "Unknown statement",
    (word: string, suggestion?: Suggestion) =>
      `'${word}' begins no statement and is no ITS command.${meant(suggestion) || " A line begins with a command such as MAPD or a word such as let, write or expect."}`,
    { data: (_word, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  statementExpected: defineDiagnostic(
    "ITS0103",
    "Statement expected",
    (found: string) => `A line begins with a statement word or an ITS command, not with ${found}.`,
  ),
  registerStatement: defineDiagnostic(
    "ITS0104",
    "Register without write or read",
    (name: string) => `${name} is a register: 'write ${name} = VALUE' writes it, 'read ${name}' reads it.`,
  ),
  expected: defineDiagnostic(
    "ITS0105",
    "Something is missing",
    (what: string, found: string) => `Expected ${what}, found ${found}.`,
  ),
  unexpected: defineDiagnostic(
    "ITS0106",
    "Text after the end of the statement",
    (found: string, advice: string) => `${found} does not belong here. ${advice}`,
  ),
  badNumber: defineDiagnostic(
    "ITS0107",
    "Malformed number",
    (text: string, advice: string) => `'${text}' is no number. ${advice}`,
  ),
  numberTooLarge: defineDiagnostic("ITS0108", "Number too large", (text: string) => `${text} does not fit in 64 bits.`),
  badCharacter: defineDiagnostic(
    "ITS0109",
    "Unknown character",
    (text: string) => `${text} has no meaning in a script. Comments begin with #.`,
  ),
  openString: defineDiagnostic("ITS0110", "String not closed", () => 'This string has no end. Close it with ".'),
  tooDeep: defineDiagnostic(
    "ITS0111",
    "Expression too deep",
    () => `Expressions may be nested ${limits.expressionDepth} deep. Name a part of it with let.`,
  ),
  reservedName: defineDiagnostic(
    "ITS0112",
    "Reserved name",
    (name: string, what: string) => `'${name}' is ${what} and cannot be a let name. Choose another name.`,
  ),
};

/** Machine blocks (ITS02xx). */
const machine = {
  tooManyMachines: defineDiagnostic(
    "ITS0201",
    "Too many machines",
    () => `A script has at most ${limits.machines} machine blocks. Divide it into several scripts.`,
  ),
  notClosed: defineDiagnostic(
    "ITS0202",
    "Block not closed",
    () => "The machine block is not closed. Write } after its last property.",
  ),
  closedByStatement: defineDiagnostic(
    "ITS0203",
    "Statement inside a block",
    (word: string) => `The machine block before '${word}' is not closed. Write } on a line before it.`,
  ),
  nothingToClose: defineDiagnostic("ITS0204", "Nothing to close", () => "No block is open here. Remove the }."),
  unknownProperty: defineDiagnostic(
    "ITS0205",
    "Unknown machine property",
    (name: string, all: string, suggestion?: Suggestion) =>
      `A machine has no property '${name}'.${meant(suggestion)} Properties are ${all}.`,
    { data: (_name, _all, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  duplicateProperty: defineDiagnostic(
    "ITS0206",
    "Machine property given twice",
    (name: string) => `'${name}' is given already. Remove one of the two.`,
  ),
  badProperty: defineDiagnostic(
    "ITS0207",
    "Machine property out of range",
    (name: string, problem: string) => `${name}: ${problem}`,
  ),
  blockNotClosed: defineDiagnostic(
    "ITS0208",
    "Block without its }",
    () =>
      "This block has no }, so none of it runs. Write } on a line of its own, as far left as the line that opens it.",
  ),
  elseWithoutIf: defineDiagnostic(
    "ITS0209",
    "else without if",
    () => "This else belongs to no if. It stands behind the } of an if or of an else if.",
  ),
  blocksTooDeep: defineDiagnostic(
    "ITS0210",
    "Blocks too deep",
    () => `Blocks may be nested ${limits.blockDepth} deep. Make a macro of the inner ones.`,
  ),
  onlyOutside: defineDiagnostic(
    "ITS0211",
    "Block inside another",
    (what: string) => `A ${what} stands in no other block. Move it out.`,
  ),
  machineInBlock: defineDiagnostic(
    "ITS0213",
    "Machine inside a block",
    () => "A machine begins outside of loops, conditions and macros, or in a test. Move it out.",
  ),
  notInBatch: defineDiagnostic(
    "ITS0212",
    "Not in a batch",
    () => "A batch holds commands and raw packets, nothing else. Move this out.",
  ),
};

/** Names and commands (ITS03xx). */
const meaning = {
  unknownName: defineDiagnostic(
    "ITS0301",
    "Unknown name",
    (name: string, suggestion?: Suggestion) =>
      `'${name}' is not defined above this line.${meant(suggestion) || ` Define it with 'let ${name} = VALUE'.`}`,
    { data: (_name, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  duplicateName: defineDiagnostic(
    "ITS0302",
    "Name defined twice",
    (name: string) => `'${name}' is defined above. A name keeps one value; choose another name.`,
    { data: (name) => ({ kind: "name-taken", name }) },
  ),
  unknownArgument: defineDiagnostic(
    "ITS0303",
    "Unknown argument",
    (command: string, name: string, all: string, suggestion?: Suggestion) =>
      `${command} has no argument ${name}.${meant(suggestion)} ${all === "" ? "It takes none." : `Arguments are ${all}.`}`,
    { data: (_command, _name, _all, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  missingArgument: defineDiagnostic(
    "ITS0304",
    "Missing argument",
    (command: string, names: string) => `${command} needs ${names}. Write ${names.split(", ")[0]}=VALUE.`,
  ),
  duplicateArgument: defineDiagnostic(
    "ITS0305",
    "Argument given twice",
    (name: string) => `${name} is given already. Remove one of the two.`,
  ),
  valueTooLarge: defineDiagnostic(
    "ITS0306",
    "Value out of range",
    (name: string, value: string, range: string) => `${name}=${value} is out of range: ${range}.`,
  ),
  lowBits: defineDiagnostic(
    "ITS0307",
    "Value with bits that the field drops",
    (name: string, value: string, dropped: string, multiple: string, below: string) =>
      `${name}=${value} has bits set in [${dropped}:0], which the field does not hold. Use a multiple of ${multiple}, such as ${below}.`,
    { data: (_name, _value, _dropped, _multiple, below) => ({ kind: "low-bits", text: below }) },
  ),
  unknownRegister: defineDiagnostic(
    "ITS0308",
    "Unknown register",
    (name: string, suggestion?: Suggestion) =>
      `No register is called ${name}.${meant(suggestion) || " Use the manual's spelling, such as GITS_CBASER or GICR_CTLR."}`,
    { data: (_name, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  unknownField: defineDiagnostic(
    "ITS0309",
    "Unknown field",
    (owner: string, name: string, all: string, suggestion?: Suggestion) =>
      `${owner} has no field ${name}.${meant(suggestion)} ${all === "" ? "It has none." : `Fields are ${all}.`}`,
    { data: (_owner, _name, _all, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  unknownOutcome: defineDiagnostic(
    "ITS0310",
    "Unknown outcome",
    (name: string, suggestion?: Suggestion) =>
      `'${name}' is no outcome.${meant(suggestion)} After => stands done, ignored, stalled, a command error such as MAPTI_ID_OOR, or an errno such as EINVAL.`,
    { data: (_name, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  badTarget: defineDiagnostic(
    "ITS0311",
    "Nothing that can be accessed",
    (word: string, advice: string) => `'${word}' cannot access this. ${advice}`,
  ),
  noSuchIts: defineDiagnostic(
    "ITS0312",
    "No such ITS",
    (value: string) => `ITS ${value} cannot exist: ITS numbers are 0 to ${limits.itss - 1n}.`,
  ),
  needsPe: defineDiagnostic(
    "ITS0313",
    "PE number out of range",
    (value: string) => `PE ${value} cannot exist: PE numbers are 0 to ${limits.cpus - 1n}.`,
  ),
  unknownAttribute: defineDiagnostic(
    "ITS0314",
    "Unknown device, group or attribute",
    (owner: string, what: string, name: string, all: string, suggestion?: Suggestion) =>
      `${owner} has no ${what} ${name}.${meant(suggestion)} ${all === "" ? "It has none." : `There are ${all}.`}`,
    { data: (_owner, _what, _name, _all, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  readHasEffect: defineDiagnostic(
    "ITS0316",
    "Access in a value",
    (word: string) =>
      `'${word}' is an access with its effects; it stands in let, expect, if, for, repeat and print. Name it there: let VALUE = ${word} …`,
  ),
  macroIsNotAlone: defineDiagnostic(
    "ITS0317",
    "Macro defined twice",
    (name: string) => `A macro '${name}' is defined above. Choose another name.`,
  ),
  unknownModel: defineDiagnostic(
    "ITS0318",
    "Unknown model",
    (name: string, all: string, suggestion?: Suggestion) =>
      `There is no model '${name}'.${meant(suggestion)} Models are ${all}.`,
    { data: (_name, _all, suggestion?: Suggestion) => misspelt(suggestion) },
  ),
  noValue: defineDiagnostic(
    "ITS0315",
    "Value that is not taken",
    (what: string) => `${what} takes no value. Remove it.`,
  ),
};

/** Computing a value failed (ITS04xx). */
const evaluation = {
  overflow: defineDiagnostic(
    "ITS0401",
    "Overflow",
    (operator: string) => `The result of ${operator} does not fit in 64 bits (-2^63 to 2^64-1).`,
  ),
  divisionByZero: defineDiagnostic("ITS0402", "Division by zero", () => "The divisor is 0. Use another divisor."),
  badShift: defineDiagnostic(
    "ITS0403",
    "Shift count out of range",
    (count: string) => `Cannot shift by ${count}: a shift count is 0 to 63.`,
  ),
  badSlice: defineDiagnostic(
    "ITS0404",
    "Bit slice out of range",
    (high: string, low: string) =>
      `[${high}:${low}] selects no bits: a slice is [high:low] with 63 >= high >= low >= 0.`,
  ),
  badAddress: defineDiagnostic(
    "ITS0405",
    "Address out of range",
    (value: string) => `${value} is no address: addresses are 0 to 0xfffffffffffff (52 bits).`,
  ),
  notInState: defineDiagnostic("ITS0406", "State cannot be read", (reason: string) => reason),
  noState: defineDiagnostic(
    "ITS0407",
    "State where a constant is needed",
    (what: string) => `${what} is known only while the script runs; a constant is needed here.`,
  ),
  notComputable: defineDiagnostic("ITS0408", "Value not known", (name: string) => `'${name}' has no value yet.`),
  badRange: defineDiagnostic(
    "ITS0410",
    "Loop that does not come to its end",
    (from: string, to: string, step: string) =>
      `From ${from} to ${to} by steps of ${step} never ends, or counts the wrong way. Values go up by a step above 0, from FROM to TO, both included.`,
  ),
  tooManyTurns: defineDiagnostic(
    "ITS0411",
    "Loop too long",
    (turns: string) =>
      `This would be ${turns} turns; the loops and macros of a script may have ${limits.turns} together. Count less, or divide the script.`,
  ),
  idOutOfRange: defineDiagnostic(
    "ITS0409",
    "ID out of range",
    (kind: string, value: string, bits: number, largest: number | undefined) => {
      const here = largest === undefined ? "" : `; this machine has 0 to 0x${largest.toString(16)}`;
      return `${kind} ${value} cannot exist: ${kind}s are 0 to 0x${(2 ** bits - 1).toString(16)} (${bits} bits)${here}.`;
    },
  ),
};

/** Files that a script includes (ITS07xx). */
const includes = {
  includeInBlock: defineDiagnostic(
    "ITS0701",
    "Include inside a block",
    () => "An include stands outside of blocks. Move it out; what it is to do here, a macro of that file can do.",
  ),
  notIncluded: defineDiagnostic(
    "ITS0702",
    "File that cannot be included",
    (path: string, refusal: FileRefusal) => `"${path}" is not included: ${refusalSentence(refusal)}`,
  ),
  noScript: defineDiagnostic(
    "ITS0703",
    "Included file is no script",
    (path: string, why: string) => `${path} is not included. ${why}`,
  ),
  includesItself: defineDiagnostic(
    "ITS0704",
    "File that includes itself",
    (chain: readonly string[]) =>
      `This would include a file in itself: ${chain.join(" includes ")}. Move what both need into a file of its own.`,
  ),
  tooManyIncludes: defineDiagnostic(
    "ITS0705",
    "Too many included files",
    () =>
      `Files may include others ${limits.includeDepth} deep, ${limits.includedFiles} in all. Bring some of them together.`,
  ),
  insideIncluded: defineDiagnostic(
    "ITS0706",
    "Problem in an included file",
    (path: string, line: number, message: string, more: number) =>
      `${path}:${line}: ${message}${more === 0 ? "" : ` (${more} more in this file)`}`,
  ),
  includedTwice: defineDiagnostic(
    "ITS0707",
    "Name of an included file is taken",
    (path: string, what: string, name: string) =>
      `${path} is not included: ${what} '${name}' is defined in it and above this line. Rename one of the two.`,
  ),
  includedMachine: defineDiagnostic(
    "ITS0708",
    "Machine in an included file",
    (path: string, line: number) =>
      `${path} is not included: it begins another machine at line ${line}. Machines begin in the script itself; move it here.`,
  ),
  notUsedHere: defineDiagnostic(
    "ITS0709",
    "Part of an included file that is not used",
    (path: string, machine: boolean, tests: number) => {
      const count = tests === 1 ? "a test" : `${tests} tests`;
      const what = [...(machine ? ["a machine block"] : []), ...(tests > 0 ? [count] : [])].join(" and ");
      const why = [
        ...(machine ? ["The machine is this script's; an include above all statements takes that of the file."] : []),
        ...(tests > 0 ? ["Tests run with the file that they stand in."] : []),
      ];
      return `${path} has ${what} of its own, not used here. ${why.join(" ")}`;
    },
    { severity: "information" },
  ),
};

/** Every diagnostic of the language. */
export const errors = { ...file, ...syntax, ...machine, ...meaning, ...evaluation, ...includes } as const;

/** Code, severity and title of every diagnostic, in the order of their codes. */
export const diagnosticCatalogue: readonly Pick<DiagnosticFactory<never>, "code" | "severity" | "title">[] =
  Object.values(errors)
    .map(({ code, severity, title }) => ({ code, severity, title }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
