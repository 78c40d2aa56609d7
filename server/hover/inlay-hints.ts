import type { InlayHint, Position, Range } from "vscode-languageserver";
import { InlayHintKind } from "vscode-languageserver";
import { type CommandField, extractMeaning, type Field } from "../../architecture/index.ts";
import {
  findArgument,
  findCommand,
  findRegister,
  findRegisterField,
  msiArguments,
  type ScriptLine,
  statementSpan,
} from "../../language/index.ts";
import type { Argument, Span } from "../../language/parse/syntax.ts";
import { shownText } from "../../runner/index.ts";
import { constantOf } from "../navigation/mentions.ts";
import type { Script } from "../scripts/script.ts";
import type { HintKind } from "../settings.ts";
import { meaningOf } from "./values-text.ts";

/** Hints of one answer at most: editors ask for what is on the screen and a little more. */
const MOST = 2000;
/** Characters of one hint. */
const LONGEST = 60;

/**
 * What a script does not say but means: behind an MSI or a command of an event the INTID and PE that it goes to, behind an encoded value
 * what it stands for, behind a DeviceID the PCI function with that requester id, behind a `read` what it showed. What running has to
 * tell is told of lines that have run; nothing is run for it.
 */
export function inlayHints(script: Script, range: Range, kinds: ReadonlySet<HintKind>): InlayHint[] {
  const { lines } = script.document;
  const hints: InlayHint[] = [];
  const last = Math.min(range.end.line, lines.length - 1);
  for (let index = Math.max(range.start.line, 0); index <= last && hints.length < MOST; index++) {
    const line = lines[index];
    if (line.kind === "blank" || line.problem !== undefined) continue;
    const add = (column: number, text: string, tooltip: string) => {
      const position: Position = { line: index, character: column };
      const label = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
      hints.push({ position, label, kind: InlayHintKind.Type, paddingLeft: true, tooltip });
    };
    addArguments(line, kinds, add);
    if (kinds.has("targets")) addTarget(script, index, line, add);
    if (kinds.has("results")) addResult(script, index, line, add);
  }
  return hints;
}

type Add = (column: number, text: string, tooltip: string) => void;

const endOf = ({ start, length }: Span): number => start + length;

function addArguments(line: ScriptLine, kinds: ReadonlySet<HintKind>, add: Add): void {
  const { syntax } = line;
  switch (syntax.kind) {
    case "command":
    case "msi": {
      const owner = syntax.kind === "msi" ? msiArguments : findCommand(syntax.word.text);
      for (const { name, value } of syntax.arguments) {
        const field = owner && findArgument(owner, name.text);
        if (field !== undefined) addArgument(line, { name, value }, field, kinds, add);
      }
      break;
    }
    case "write": {
      if (syntax.target.kind !== "register") break;
      const register = findRegister(syntax.target.name.text)?.register;
      if (register === undefined) break;
      for (const { name, value } of syntax.fields ?? []) {
        const field = findRegisterField(register, name.text);
        if (field !== undefined && kinds.has("encodings")) addEncoding(line, { name, value }, field, add);
      }
      const field = syntax.target.field && findRegisterField(register, syntax.target.field.text);
      if (field !== undefined && syntax.value !== undefined && kinds.has("encodings"))
        addEncoding(line, { name: syntax.target.name, value: syntax.value }, field, add);
      break;
    }
  }
}

function addArgument(
  line: ScriptLine,
  argument: Argument,
  field: CommandField,
  kinds: ReadonlySet<HintKind>,
  add: Add,
): void {
  if (field.name !== "DeviceID") {
    if (kinds.has("encodings")) addEncoding(line, argument, field, add);
    return;
  }
  const value = kinds.has("requesters") ? constantOf(line, argument.value) : undefined;
  if (value === undefined || value < 0n || value > 0xffffn) return;
  add(
    endOf(argument.value),
    pciFunction(Number(value)),
    "The PCI function whose requester id this is, where nothing maps it.",
  );
}

/** `00:02.0`: bus [15:8], device [7:3] and function [2:0] of a requester id. */
export function pciFunction(id: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, "0");
  return `${hex(id >> 8)}:${hex((id >> 3) & 31)}.${id & 7}`;
}

/** What a value stands for that is not what it says: `Size=7` is 256 events, `Size=0` of GITS_CBASER one page. */
function addEncoding(line: ScriptLine, { value }: Argument, field: Field, add: Add): void {
  const raw = constantOf(line, value);
  // A value that is computed from names says what it is by its formula as little as an encoded one does.
  if (raw === undefined || raw < 0n || field.unit === "INTID" || field.unit === "address") return;
  const width = BigInt(field.msb - field.lsb + 1);
  const bits = BigInt.asUintN(64, raw) & ((1n << width) - 1n);
  if ((field.plus ?? 0) === 0 && field.values === undefined) return;
  const meaning = meaningOf(field, bits);
  if (meaning === "" || meaning === extractMeaning(bits, { ...field, lsb: 0, plus: 0 }).toString()) return;
  add(endOf(value), meaning.replaceAll("\\", ""), `${field.name}: what the field's bits stand for.`);
}

/** Where the event of an MSI or a command goes, as the machine had it when the line was done. */
function addTarget(script: Script, index: number, line: ScriptLine, add: Add): void {
  const route = script.simulation?.mappingsKnown(index + 1)?.routeAt(index);
  if (route === undefined) return;
  const where = route.vpe !== undefined ? `vPE ${route.vpe}` : route.pe === undefined ? "no PE" : `PE ${route.pe}`;
  const what = route.vpe === undefined ? "LPI" : "vLPI";
  add(
    endOf(statementSpan(line)),
    `→ ${what} ${route.intid}, ${where}`,
    "Where the ITS sends this event when the line is done.",
  );
}

/** What a line has shown. */
function addResult(script: Script, index: number, line: ScriptLine, add: Add): void {
  const shown = script.simulation?.resultOf(index)?.shown;
  if (shown !== undefined)
    add(endOf(statementSpan(line)), `= ${shownText(shown)}`, "What the line showed when it ran.");
}
