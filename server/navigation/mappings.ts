import { commandField, extractRaw } from "../../architecture/index.ts";
import {
  type Expression,
  evaluate,
  findArgument,
  findCommand,
  msiArguments,
  type ScriptLine,
} from "../../language/index.ts";
import type { Argument, Span } from "../../language/parse/syntax.ts";

/** What a number in a script names. `event` is of a device. */
export type Subject =
  | { readonly kind: "device"; readonly device: bigint }
  | { readonly kind: "event"; readonly device: bigint; readonly event: bigint }
  | { readonly kind: "collection"; readonly icid: bigint }
  | { readonly kind: "interrupt"; readonly intid: bigint };

/** A place in a line that names something of the ITS. */
export interface Mention extends Span {
  readonly subject: Subject;
  /** The command of this line maps it: MAPD a device, MAPTI and MAPI an event and its interrupt, MAPC a collection. */
  readonly maps: boolean;
}

/** A string that is the same for the same subject. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case "device":
      return `device ${subject.device}`;
    case "event":
      return `event ${subject.device} ${subject.event}`;
    case "collection":
      return `collection ${subject.icid}`;
    case "interrupt":
      return `interrupt ${subject.intid}`;
  }
}

/** A value that depends on no state, with the names as they are on its line. */
export function constantOf(line: ScriptLine, expression: Expression): bigint | undefined {
  if (expression.kind === "number") return expression.value;
  const lookup = (name: string) => line.binding.uses.find((use) => use.name === name)?.definition?.constant;
  const result = evaluate(expression, { lookup });
  return result.ok ? result.value : undefined;
}

/** The value of an argument of a line's command or MSI as it is written; undefined when it is absent or depends on state. */
export function argumentValue(line: ScriptLine, name: string): bigint | undefined {
  const { syntax } = line;
  if (syntax.kind !== "command" && syntax.kind !== "msi") return undefined;
  const wanted = name.toLowerCase();
  const argument = syntax.arguments.find((entry) => entry.name.text.toLowerCase() === wanted);
  return argument === undefined ? undefined : constantOf(line, argument.value);
}

/** Everything of the ITS that a line names, arguments and table references alike. */
export function mentionsOf(line: ScriptLine): Mention[] {
  const { syntax } = line;
  const mentions: Mention[] = [];
  switch (syntax.kind) {
    case "command":
      addArguments(mentions, line, findCommand(syntax.word.text)?.name ?? "", syntax.arguments);
      break;
    case "msi":
      addArguments(mentions, line, "msi", syntax.arguments);
      break;
    case "expect":
      addReferences(mentions, line, syntax.condition);
      break;
    case "read":
      addReferences(mentions, line, syntax.target);
      break;
    case "let":
      addReferences(mentions, line, syntax.value);
      break;
    case "write":
      if (syntax.value !== undefined) addReferences(mentions, line, syntax.value);
      break;
    case "store":
      addReferences(mentions, line, syntax.value);
      break;
  }
  return mentions;
}

/** The name of the command of a line in the manual's spelling; undefined for every other line. Cheap: scans ask it of every line. */
export function commandName({ syntax, binding }: ScriptLine): string | undefined {
  if (binding.statement?.kind === "command") return binding.statement.command.name;
  return syntax.kind === "command" ? findCommand(syntax.word.text)?.name : undefined;
}

/** Whether a command maps (V = 1); commands without V do. */
export function isMapping(line: ScriptLine): boolean {
  return argumentValue(line, "V") !== 0n;
}

function addArguments(mentions: Mention[], line: ScriptLine, command: string, list: readonly Argument[]): void {
  const maps = isMapping(line);
  const device = argumentValue(line, "DeviceID");
  for (const { name, value } of list) {
    const field = findArgument(findCommand(command) ?? msiArguments, name.text);
    const number = constantOf(line, value);
    if (field === undefined || number === undefined) continue;
    const { start } = name;
    const length = value.start + value.length - start;
    const add = (subject: Subject, mapper: boolean) => mentions.push({ subject, maps: mapper && maps, start, length });
    switch (field.name) {
      case "DeviceID":
        add({ kind: "device", device: number }, command === "MAPD");
        break;
      case "EventID":
        if (device === undefined) break;
        add({ kind: "event", device, event: number }, command === "MAPTI" || command === "MAPI");
        if (command === "MAPI") add({ kind: "interrupt", intid: number }, true);
        break;
      case "pINTID":
        add({ kind: "interrupt", intid: number }, command === "MAPTI");
        break;
      case "ICID":
        add({ kind: "collection", icid: number }, command === "MAPC");
        break;
    }
  }
}

function addReferences(mentions: Mention[], line: ScriptLine, expression: Expression): void {
  const add = (subject: Subject, { start, length }: Span) => mentions.push({ subject, maps: false, start, length });
  switch (expression.kind) {
    case "unary":
      addReferences(mentions, line, expression.operand);
      break;
    case "binary":
      addReferences(mentions, line, expression.left);
      addReferences(mentions, line, expression.right);
      break;
    case "slice":
      addReferences(mentions, line, expression.operand);
      break;
    case "table": {
      const [first, second] = expression.ids.map((id) => constantOf(line, id));
      if (first === undefined) break;
      if (expression.table === "cte") add({ kind: "collection", icid: first }, expression.ids[0]);
      else add({ kind: "device", device: first }, expression.ids[0]);
      if (expression.table === "ite" && second !== undefined)
        add({ kind: "event", device: first, event: second }, expression.ids[1]);
      break;
    }
    case "interrupt": {
      const intid = constantOf(line, expression.intid);
      if (intid !== undefined) add({ kind: "interrupt", intid }, expression.intid);
      break;
    }
  }
}

/** DeviceID, EventID, ICID and such of a line's packet, for scans over many lines; undefined when state decides. */
export function packetValue(line: ScriptLine, name: string): number | undefined {
  const statement = line.binding.statement;
  if (statement?.kind !== "command") return undefined;
  const field = commandField(statement.command, name);
  if (field === undefined || statement.words === undefined) return undefined;
  return Number(extractRaw(statement.words[field.word], field));
}
