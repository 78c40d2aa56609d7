// Writes docs/commands.md, docs/registers.md and docs/table-layouts.md from architecture/:  node scripts/generate-architecture.ts
import { writeFileSync } from "node:fs";
import {
  type Block,
  type Command,
  type CommandField,
  commandErrors,
  commands,
  type EntryLayout,
  type Field,
  fieldWidth,
  hex,
  layouts,
  type Register,
  registers,
} from "../architecture/index.ts";
import { cell, table } from "./markdown.ts";
import { inProject } from "./project.ts";

const head = (folder: string): string =>
  `<!-- Written by scripts/generate-architecture.ts from ${folder}; change that, then run it. -->`;

const bits = ({ msb, lsb }: Field): string => (msb === lsb ? `${msb}` : `${msb}:${lsb}`);

/** How the bits of a field become what scripts and tools show: `value << 8`, `value + 1 EventID bits`. */
function meaning(field: Field): string {
  const parts = [
    field.shift === undefined ? "" : `<< ${field.shift}`,
    field.plus === undefined ? "" : `+ ${field.plus}`,
    field.unit ?? "",
  ].filter((part) => part !== "");
  const values = (field.values ?? []).map(({ value, name, summary }) => {
    return `${value} = ${name}${summary === undefined ? "" : ` (${summary})`}`;
  });
  return cell([parts.join(" "), ...values].filter((part) => part !== "").join("; "));
}

/** What is said of a field; its name stands beside it. */
function about({ name, summary }: Field): string {
  const text = summary.startsWith(`${name}: `) ? summary.slice(name.length + 2) : summary;
  return cell(text.charAt(0).toUpperCase() + text.slice(1));
}

const since: Readonly<Record<Command["since"], string>> = { v3: "GICv3", "v4.0": "GICv4.0", "v4.1": "GICv4.1" };

function argument({ defaultRaw, unusedIf }: CommandField): string {
  const left = defaultRaw === undefined ? "needed" : `${defaultRaw} when left out`;
  return unusedIf === undefined ? left : `${left}; not looked at when ${unusedIf.field} = ${unusedIf.raw}`;
}

function commandPart(command: Command): string {
  const fields = [...command.fields].sort((a, b) => a.word - b.word || a.lsb - b.lsb);
  const rows = fields.map((field) => {
    const versions =
      field.since === undefined || field.since === command.since ? "" : `from ${since[field.since]} on. `;
    return [
      `DW${field.word}[${bits(field)}]`,
      `\`${field.name}\``,
      argument(field),
      meaning(field),
      versions + about(field),
    ];
  });
  const errors = commandErrors.filter((error) => error.command === command.name);
  const former = command.formerName === undefined ? "" : ` In documents before IHI0069B it is ${command.formerName}.`;
  const barrier = command.barrier === undefined ? "" : ` Software waits for it by ${command.barrier}.`;
  const raised = errors.map(({ code, name, cause, confirmed }) => {
    return [
      `\`${hex(code, 6)}\``,
      `\`${name}\``,
      cell(cause) + (confirmed ? "" : " (not confirmed: from the pattern of the others)"),
    ];
  });
  return `## ${command.name}

${cell(command.summary)} Opcode \`${hex(command.opcode, 2)}\` in DW0[7:0], ${since[command.since]}.${former}${barrier}

${rows.length === 0 ? "It has no fields." : table(["bits", "field", "in a script", "value", "what it is"], rows)}
${raised.length === 0 ? "" : `\n${table(["error", "name", "when"], raised)}\n`}
<sub>${cell(command.source)}</sub>
`;
}

/** The text of docs/commands.md. */
export function commandsPage(): string {
  const index = commands.map(({ name, opcode, since: version, summary }) => {
    return [`[${name}](#${name.toLowerCase()})`, `\`${hex(opcode, 2)}\``, since[version], cell(summary)];
  });
  return `${head("architecture/commands.ts and architecture/command-errors.ts")}

# ITS commands

A command has 32 bytes, four little-endian doublewords DW0 to DW3; bits that no field has are RES0. Names of fields are those of scripts
([language.md](language.md#commands)), and \`gicwb explain\` takes commands, their words and their errors ([explain.md](explain.md)). A stalled queue leaves its
error in an implementation's own register; how each model answers is in [models.md](models.md).

${table(["command", "opcode", "since", "what it does"], index)}

${commands.map(commandPart).join("\n")}`;
}

const blocks: Readonly<Record<Block, string>> = {
  GITS: "ITS: GITS_*",
  GICR: "Redistributors: GICR_*",
  GICD: "Distributor: GICD_*",
  GICC: "CPU interface of a GICv2: GICC_*",
  GICH: "Hypervisor's interface of a GICv2: GICH_*",
  ICC: "CPU interface: ICC_*",
  ICH: "Hypervisor's interface: ICH_*",
  CNT: "Timers of a PE: CNTV_*, CNTP_*",
};

function place({ offset, encoding, count, stride, firstIndex }: Register): string {
  if (encoding !== undefined) {
    const { op0, op1, CRn, CRm, op2 } = encoding;
    return `S${op0}_${op1}_C${CRn}_C${CRm}_${op2}`;
  }
  if (offset === undefined) return "";
  const first = firstIndex ?? 0;
  return count === undefined
    ? hex(offset)
    : `${hex(offset)} + ${hex(stride ?? 0)} × n, n = ${first} to ${first + count - 1}`;
}

function fieldRows(fields: readonly Field[], access: string): string {
  const sorted = [...fields].sort((a, b) => b.msb - a.msb);
  return table(
    ["bits", "field", "access", "value", "what it is"],
    sorted.map((field) => [bits(field), `\`${field.name}\``, field.access ?? access, meaning(field), about(field)]),
  );
}

function registerPart(register: Register): string {
  const {
    name,
    width,
    access,
    fields,
    forms = [],
    generation,
    reset = {},
    readEffect,
    lockedBy,
    summary,
    source,
  } = register;
  const facts = [
    `${width} bits, ${access}, \`${place(register)}\``,
    ...(generation === undefined ? [] : [generation === 2 ? "GICv2 alone" : "GICv3 and later"]),
    ...Object.entries(reset).map(([who, value]) => `reset on ${who} \`${hex(value)}\``),
  ];
  const said = [
    cell(summary),
    ...(readEffect === undefined ? [] : [`Reading it acts: ${cell(readEffect)}`]),
    ...(lockedBy === undefined ? [] : [`Writes are ignored while ${cell(lockedBy.register)}.${lockedBy.field} = 1.`]),
  ];
  const others = forms.map(({ when, fields }) => `${cell(when)}:\n\n${fieldRows(fields, access)}\n\n`);
  return `### ${name.replace("<n>", "&lt;n>")}

${said.join(" ")}

${facts.join("; ")}.

${fields.length === 0 ? "" : `${fieldRows(fields, access)}\n\n`}${others.join("")}<sub>${cell(source)}</sub>
`;
}

/** The text of docs/registers.md. */
export function registersPage(): string {
  const parts = (Object.keys(blocks) as Block[]).map((block) => {
    const those = registers.filter((register) => register.block === block);
    return `## ${cell(blocks[block])}\n\n${those.map(registerPart).join("\n")}`;
  });
  return `${head("architecture/registers/")}

# Registers

Offsets are those in a block's frames: of an ITS 0x0 is its control frame and 0x10000 the translation frame; of a redistributor 0x0 is RD_base,
0x10000 SGI_base, 0x20000 VLPI_base. "value" says what scripts and tools show of a field: its bits, shifted left or with something added, what they count,
and the names of values. \`gicwb explain GITS_BASER0=0xb907000040100607\` takes a value apart ([explain.md](explain.md)).

${parts.join("\n")}`;
}

function entryPart({
  entryName,
  kind,
  bytes,
  indexedBy,
  index,
  fields,
  validField,
  invalidRaws,
  source,
}: EntryLayout): string {
  const size = bytes === 0 ? "one bit each" : `${bytes} bytes each`;
  const found = indexedBy === "by-id" ? `by ${index}` : "one behind the other, in no order";
  const invalid = (invalidRaws ?? [0n]).map(String).join(", ");
  const valid = validField === undefined ? "Every entry counts." : `Not valid where \`${validField}\` is ${invalid}.`;
  const rows = [...fields]
    .sort((a, b) => b.msb - a.msb)
    .map((field) => [
      bits(field),
      String(fieldWidth(field)),
      `\`${field.name}\``,
      field.role ?? "",
      meaning(field),
      about(field),
    ]);
  return `### ${entryName} (${kind})

Entries of ${size}, found ${found}. ${valid}

${rows.length === 0 ? "" : `${table(["bits", "wide", "field", "role", "value", "what it is"], rows)}\n\n`}<sub>${cell(source)}</sub>
`;
}

/** The text of docs/table-layouts.md. */
export function layoutsPage(): string {
  const parts = Object.values(layouts).map(({ name, title, entries }) => {
    return `## ${name}\n\n${cell(title)}.\n\n${Object.values(entries).map(entryPart).join("\n")}`;
  });
  return `${head("architecture/layouts/")}

# Table layouts

What the entries of an ITS's tables look like in memory is laid down by nobody: each implementation has its own. These are the ones that dumps are decoded
by (\`gicwb decode --layout NAME\`, \`# gic: layout=NAME\`) and machines have. Describe another one in a file: [layouts.md](layouts.md). How KVM's
saved tables differ by revision is a matter of the model: [models.md](models.md#kvm).

${parts.join("\n")}`;
}

/** What this writes, by name in docs/. */
export const architecturePages: Readonly<Record<string, () => string>> = {
  "commands.md": commandsPage,
  "registers.md": registersPage,
  "table-layouts.md": layoutsPage,
};

if (import.meta.main) {
  for (const [name, text] of Object.entries(architecturePages)) writeFileSync(inProject("docs", name), text());
}
