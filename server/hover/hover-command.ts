import { hex } from "../../architecture/hex.ts";
import {
  argumentToRaw,
  type Command,
  type CommandField,
  type CommandWords,
  decodeCommand,
  extractRaw,
  formatArgument,
} from "../../architecture/index.ts";
import { outcomeName } from "../../emulator/index.ts";
import { type Expression, fieldRange } from "../../language/index.ts";
import { outcomeText } from "../../runner/index.ts";
import { code, doubleword, paragraphs, plain, scriptBlock, textBlock } from "../markdown.ts";
import { constantOf } from "../navigation/mentions.ts";
import type { Cursor, Script } from "../scripts/script.ts";
import { commandTable, meaningOf, placeOf, valueTable, withoutName } from "./values-text.ts";

/** Generation of the architecture that has a command, in words. */
const since: Readonly<Record<Command["since"], string>> = {
  v3: "GICv3",
  "v4.0": "GICv4",
  "v4.1": "GICv4.1",
};

/** A command: what it does, its fields, the packet of this line and what became of it. */
export function describeCommand(script: Script, cursor: Cursor, command: Command): string {
  const words = packetOf(cursor);
  const former = command.formerName === undefined ? "" : `, formerly ${command.formerName}`;
  const barrier =
    command.barrier === undefined ? "" : `Software issues ${command.barrier} after it to know that it took effect.`;
  return paragraphs(
    `**${command.name}** (ITS command ${hex(command.opcode, 2)}, ${since[command.since]}${former})`,
    `${plain(command.summary)} ${barrier}`.trim(),
    commandTable(command, words),
    words === undefined ? undefined : textBlock(packetText(words)),
    outcomeLine(script, cursor),
  );
}

/** DW0 to DW3 of a packet, one a line. */
export function packetText(words: CommandWords): string {
  return words.map((word, index) => `DW${index}  ${doubleword(word)}`).join("\n");
}

/** The packet of a line when it depends on no state. */
export function packetOf({ line }: Cursor): CommandWords | undefined {
  const statement = line.statement;
  return statement?.kind === "command" || statement?.kind === "raw" ? statement.words : undefined;
}

/** What the model made of the commands of this line. */
function outcomeLine(script: Script, { index }: Cursor): string | undefined {
  const event = script.simulation?.resultOf(index)?.commands.at(-1);
  if (event === undefined) return undefined;
  const run = script.simulation?.scriptRun;
  const place = run?.lastRunOf(index);
  const model = (place === undefined ? undefined : run?.targetBefore(place).title) ?? "The model";
  const mark = outcomeName(event.outcome) === "done" ? "" : "**";
  return `${plain(model)}: ${mark}${plain(outcomeText(event.outcome))}${mark}, taken from ${hex(event.queueOffset)} in the queue.`;
}

/** An argument: where its bits are, what they mean and what this line gives it. */
export function describeArgument(
  { line }: Cursor,
  field: CommandField,
  command: Command | undefined,
  value: Expression,
): string {
  const argument = constantOf(line, value);
  const result = argument === undefined ? undefined : argumentToRaw(field, argument);
  const raw = result?.ok ? result.raw : undefined;
  const example = `${command?.name ?? "msi"} … ${field.name}=${raw === undefined ? "VALUE" : formatArgument(field, raw)}`;
  return paragraphs(
    scriptBlock(example),
    `**${plain(field.name)}** ${placeOf(field)}: ${plain(withoutName(field))}`,
    `Range: ${plain(fieldRange(field))}.${defaultText(field)}`,
    raw === undefined ? undefined : valueLine(field, raw),
    valueTable(field, raw),
  );
}

function defaultText(field: CommandField): string {
  if (field.defaultRaw !== undefined) return ` ${formatArgument(field, field.defaultRaw)} when it is left out.`;
  const { unusedIf } = field;
  return unusedIf === undefined ? "" : ` Not looked at when ${unusedIf.field} = ${unusedIf.raw}.`;
}

function valueLine(field: CommandField, raw: bigint): string {
  const meaning = meaningOf(field, raw);
  return `Here: ${code(formatArgument(field, raw))}${meaning === "" ? "" : `, ${meaning}`}`;
}

/** The packet of a `raw` line as the command that it is. */
export function describeRaw(words: CommandWords): string {
  const { command } = decodeCommand(words);
  if (command === undefined) return `No command has the opcode ${hex(extractOpcode(words))}.`;
  return paragraphs(`This is **${command.name}**: ${plain(command.summary)}`, commandTable(command, words));
}

function extractOpcode(words: CommandWords): bigint {
  return extractRaw(words[0], { name: "opcode", msb: 7, lsb: 0, summary: "" });
}
