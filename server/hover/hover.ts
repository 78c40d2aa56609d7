import type { Hover, Position } from "vscode-languageserver";
import { nodesOf, resolveAttribute, type ScriptNode, sameWord } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { paragraphs } from "../markdown.ts";
import { constantOf } from "../navigation/mentions.ts";
import { type Cursor, cursorAt, holds, rangeOf, type Script } from "../scripts/script.ts";
import { describeDevice, describeGroup } from "./hover-attribute.ts";
import { describeArgument, describeCommand } from "./hover-command.ts";
import { describeField, describeRegister, describeState, describeTableField } from "./hover-state.ts";
import {
  describeKeyword,
  describeMacro,
  describeName,
  describeNumber,
  describeOutcome,
  describeProperty,
  describeWord,
} from "./hover-words.ts";

/**
 * What is to be said about the word under the cursor, as Markdown; null where nothing stands that means something.
 * Values of registers and tables are those before and after the line as the emulator computes them. The caller lets the
 * simulation run on afterwards: it may have been taken back to the line.
 */
export function hover(script: Script, position: Position): Hover | null {
  const cursor = cursorAt(script, position);
  if (cursor === undefined) return null;
  const nodes = nodesOf(cursor.line);
  const inside = nodes.find(({ start, length }) => cursor.column >= start && cursor.column < start + length);
  const node = inside ?? nodes.find((candidate) => holds(candidate, cursor.column));
  if (node === undefined) return null;
  const value = describe(script, cursor, node, nodes);
  return { contents: { kind: "markdown", value }, range: rangeOf(cursor.index, node) };
}

function describe(script: Script, cursor: Cursor, node: ScriptNode, nodes: readonly ScriptNode[]): string {
  switch (node.kind) {
    case "command":
      return describeCommand(script, cursor, node.command);
    case "argument":
      return describeArgument(cursor, node.field, node.command, node.value);
    case "register":
      return describeRegister(script, cursor, node.member, node.expression);
    case "field":
      return describeField(script, cursor, node.member, node.field, node.expression);
    case "state":
      return describeState(script, cursor, node.keyword, node.expression);
    case "table-field":
      return describeTableField(script, cursor, node.table, node.name, node.expression);
    case "attribute":
      return describeAttribute(cursor, node);
    case "number":
      return attributeAround(cursor, node) ?? describeNumber(node.value, argumentOf(node, nodes));
    case "name":
      return paragraphs(describeName(script, cursor, node.name, node.isDefinition), attributeAround(cursor, node));
    case "macro":
      return describeMacro(script, node.name);
    case "parameter":
      return describeMacro(script, node.macro);
    case "keyword":
      return describeKeyword(node.keyword, cursor);
    case "same":
      return describeWord(sameWord);
    case "outcome":
      return describeOutcome(node.outcome);
    case "property":
      return describeProperty(node.name);
    case "property-word":
      return describeProperty(node.property, node.word);
  }
}

/** A word of a device attribute: the group with what its attr reaches, where that is known. */
function describeAttribute({ line }: Cursor, node: Extract<ScriptNode, { kind: "attribute" }>): string {
  const { device, group, named } = node;
  if (group === undefined) return describeDevice(device);
  if (named !== undefined) return describeGroup(device, group, BigInt(named.attr));
  const number = line.syntax.kind === "attribute" ? line.syntax.number : undefined;
  return describeGroup(device, group, number && constantOf(line, number));
}

/** What the attr reaches that a number or a name is, or is a part of. */
function attributeAround({ line }: Cursor, node: Span): string | undefined {
  if (line.syntax.kind !== "attribute" || line.syntax.number === undefined) return undefined;
  const { number } = line.syntax;
  if (node.start < number.start || node.start >= number.start + number.length) return undefined;
  const { device, group } = resolveAttribute(line.syntax);
  const attr = constantOf(line, number);
  return device === undefined || group === undefined || attr === undefined
    ? undefined
    : describeGroup(device, group, attr);
}

/** The argument or register field whose whole value a number is. */
function argumentOf(number: ScriptNode, nodes: readonly ScriptNode[]) {
  for (const node of nodes)
    if (node.kind === "argument" && node.value.start === number.start && node.value.length === number.length)
      return node.field;
  return undefined;
}
