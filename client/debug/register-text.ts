import { registerByName, registerOffset } from "../../architecture/registers/index.ts";
import type { FieldBody, RegisterBody } from "../../debug-adapter/protocol.ts";
import { code, markdownTable, plain } from "../markdown.ts";
import { withoutName } from "../summary.ts";
import { texts } from "../texts.ts";
import type { FieldNode, ValueNode } from "./registers-model.ts";

/** "[62:59]", "[63]" */
export function bitRange({ msb, lsb }: FieldBody): string {
  return msb === lsb ? `[${msb}]` : `[${msb}:${lsb}]`;
}

/** What a reader of a register's line may want to know, as Markdown. */
export function registerTooltip({ register, previous }: ValueNode): string {
  const parts = [`**${plain(register.name)}**  \n${registerFacts(register).join(" · ")}`, plain(register.summary)];
  if (register.value === undefined) {
    parts.push(plain(register.readEffect === undefined ? register.text : texts.readActs(register.readEffect)));
    return parts.join("\n\n");
  }
  const was = previous === undefined ? "" : `  \n${plain(texts.changedFrom(previous))}`;
  parts.push(`${code(register.value)}${was}`);
  if (register.fields.length > 0) parts.push(fieldTable(register));
  return parts.join("\n\n");
}

function registerFacts(register: RegisterBody): string[] {
  const facts: string[] = [];
  const { address, access, width, resetValue } = register;
  if (address !== undefined) facts.push(`${plain(texts.registerAddress())} ${code(address)}`);
  const member = registerByName(register.name);
  const offset = member && registerOffset(member.register, member.index);
  if (member !== undefined && offset !== undefined) {
    facts.push(
      `${plain(texts.registerOffset())} ${code(`${member.register.block}+0x${offset.toString(16).padStart(4, "0")}`)}`,
    );
  }
  facts.push(plain(texts.bitsWide(width)), code(access));
  if (resetValue !== undefined) facts.push(`${plain(texts.registerReset())} ${code(resetValue)}`);
  return facts;
}

/** Without what the fields mean, which their own lines tell: a hover that must be scrolled is not read. */
function fieldTable(register: RegisterBody): string {
  const headings = [texts.registerBits(), texts.registerField(), texts.registerValue()];
  const rows = [...register.fields]
    .sort((a, b) => b.msb - a.msb)
    .map((field) => [code(bitRange(field)), plain(field.name), code(field.text)]);
  return markdownTable(headings, "rll", rows);
}

/** What a reader of a field's line may want to know, as Markdown. */
export function fieldTooltip({ register, field }: FieldNode): string {
  const access = field.access ?? register.access;
  const facts = `${code(`${register.name}${bitRange(field)}`)} · ${code(access)}`;
  const parts = [`**${plain(field.name)}** ${code(field.text)}  \n${facts}`, plain(withoutName(field))];
  const values = valuesOf(register, field);
  if (values.length > 0) {
    const raw = BigInt(field.raw);
    const rows = values.map(({ value, name, summary }) => {
      const cells = [String(value), name, summary ?? ""].map(plain);
      return BigInt(value) === raw ? cells.map((cell) => (cell === "" ? "" : `**${cell}**`)) : cells;
    });
    parts.push(markdownTable([texts.registerValue(), texts.registerMeaning(), ""], "rll", rows));
  }
  return parts.join("\n\n");
}

/** The named values that the declaration gives a field: of the form of the register that has it. */
function valuesOf(register: RegisterBody, { name, msb, lsb }: FieldBody) {
  const member = registerByName(register.name);
  const forms = member === undefined ? [] : [member.register, ...(member.register.forms ?? [])];
  const declared = forms.flatMap((form) => form.fields).filter((field) => field.name === name);
  return declared.find((field) => field.msb === msb && field.lsb === lsb)?.values ?? [];
}
