import type { DumpDocument } from "../../dumps/document.ts";
import { explainRow, explanationLines, hexOrDecimal } from "../../dumps/explain.ts";
import { dumpFormats } from "../../dumps/formats/index.ts";
import { DIGIT_NAMES, digitNames } from "../../dumps/hex-text/group-form.ts";
import { formNames } from "../../dumps/list-registers/forms.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { coreSentence, isDoubtful, readingSentence } from "../../dumps/reading.ts";
import { rowOfId } from "../../dumps/tables/find-row.ts";
import { planTables } from "../../dumps/tables/section-tables.ts";
import type { SectionRequest } from "../../dumps/tables/sections.ts";
import type { DecodedTable } from "../../dumps/tables/table.ts";
import { isTableName, tableNames } from "../../dumps/tables/table-names.ts";
import { finish } from "../../dumps/work.ts";
import { stateDumpText } from "../../runner/saved-machines/index.ts";
import { isFolder } from "../capture-input.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { openDump, readDumpFile, reportProblems } from "../dump-input.ts";
import { errors } from "../errors.ts";
import { isGuestFile } from "../guest-input.ts";
import { withNamedLayouts } from "../layout-files.ts";
import { chosenLayout, layoutOption } from "../layout-option.ts";
import { beginsLikeState, readState } from "../machine-input.ts";
import { decodeCapture } from "./decode-capture.ts";
import { printJson } from "./decode-json.ts";
import { printRows } from "./decode-rows.ts";
import { DecodedOneByOne, type ShownTable } from "./decode-tables.ts";

export const decode = defineCommand({
  name: "decode",
  summary: "print the table that a memory dump holds",
  args: ["FILE"],
  repeated: true,
  options: {
    as: { type: "choice", value: "TABLE", choices: tableNames, summary: `which table: ${tableNames.join(", ")}` },
    layout: layoutOption("whose layout (guessed when not given)"),
    base: {
      type: "number",
      value: "ADDRESS",
      summary: "address of the table (default: the first address of the dump)",
    },
    size: {
      type: "number",
      value: "BYTES",
      summary: "bytes of the table (default: as far as the dump goes; of a core 65536)",
    },
    part: {
      type: "number",
      value: "N",
      summary: "of tables that all begin at the same address, the Nth in the order of their lines (default: all)",
    },
    "first-id": { type: "number", value: "N", summary: "id of the entry at the base (default: 0)" },
    levels: {
      type: "choice",
      value: "1|2",
      choices: ["1", "2"],
      summary: "flat or two-level table (guessed when not given)",
    },
    "page-size": {
      type: "choice",
      value: "BYTES",
      choices: ["4096", "16384", "65536"],
      summary: "page of a two-level table (default: 65536)",
    },
    "event-bits": { type: "number", value: "N", summary: "EventID bits of the device whose ITT it is" },
    order: {
      type: "choice",
      value: "ORDER",
      choices: ["little", "bytes", "normal", "reversed"],
      summary:
        "little, bytes: digits of a group are one little-endian number, or bytes in memory order; normal, reversed: list register n is at index n, or at 15 - n (guessed when not given)",
    },
    digits: {
      type: "choice",
      value: "FORM",
      choices: digitNames,
      summary: `what groups are written in: ${digitNames.join(", ")} (guessed when not given)`,
    },
    vtr: { type: "number", value: "VALUE", summary: "list registers: ICH_VTR_EL2 of the host, says which exist" },
    form: {
      type: "choice",
      value: "FORM",
      choices: formNames,
      summary: `list registers: shape of struct vgic_v3_cpu_if: ${formNames.join(", ")} (guessed when not given)`,
    },
    explain: { type: "number", value: "ID", summary: "explain one entry bit by bit" },
    json: { type: "flag", summary: "print one JSON object" },
  },
  details: [
    "FILE is a text that one of these wrote (- reads standard input):",
    `  ${dumpFormats.flatMap((format) => (format.kind === "text" ? [format.title] : [])).join(", ")}.`,
    "Raw bytes (QEMU's pmemsave, gdb's dump binary memory) are read with --base, the address of the first byte.",
    "Of an ELF core (QEMU's dump-guest-memory, a vmcore, gdb's gcore) what is asked for is read, by physical address: --base and --size",
    "say where the table is, as GITS_BASER<n> does.",
    "A saved machine (gicwb state save) is read too: all its tables, or those that --as names.",
    "A folder, or several files, are a capture: hex dumps, raw bytes, boot logs, /proc/interrupts, lists of addresses. From GITS_BASER or the",
    "log's table addresses on all devices are found, with their events, LPIs, PEs and pending bits (docs/captures.md).",
    "A guest that QEMU (migrate exec:cat>FILE), cloud-hypervisor, crosvm, Firecracker's snapshot-editor or gem5 saved is a capture of its own:",
    "registers and memory (docs/saved-guests.md).",
    'A line "# gic: table=device-table layout=kvm-rev0 base=0x40100000" in the dump stands for the options.',
  ],
  async run(places, options, context) {
    const [file] = places;
    const layout = chosenLayout("decode", options.layout);
    if (places.length > 1 || (await isFolder(file)) || isGuestFile(file)) {
      const { layout: _, json, ...ofOneTable } = options;
      const given = Object.entries(ofOneTable).find(([, value]) => value !== undefined);
      if (given !== undefined) throw errors.captureOption(given[0]);
      return decodeCapture(places, { layout, json }, context);
    }
    const order = options.order === "little" || options.order === "bytes" ? options.order : undefined;
    const input = await openDump(file, context.stdin);
    const isState = input instanceof Uint8Array && beginsLikeState(input);
    const document = isState
      ? readDump(stateDumpText(await readState(file, context, input)))
      : withNamedLayouts(
          readDumpFile(file, input, {
            order,
            digits: options.digits === undefined ? undefined : DIGIT_NAMES[options.digits],
            table: options.as,
            base: options.base,
          }),
          file,
        );
    if (document.core !== undefined && options.base === undefined) throw errors.coreBase(file);
    reportProblems(isState ? `${file}, as gicwb state dump prints it` : file, document, context.err);
    const style = document.text?.style;
    if (style !== undefined && !isState && isDoubtful(style)) context.err.line(`${file}: ${readingSentence(style)}`);
    const request: SectionRequest = {
      table: options.as !== undefined && isTableName(options.as) ? options.as : undefined,
      layout,
      base: options.base,
      size: options.size === undefined ? undefined : Number(options.size),
      firstId: options["first-id"] === undefined ? undefined : Number(options["first-id"]),
      levels: options.levels === undefined ? undefined : options.levels === "2" ? 2 : 1,
      pageSize: options["page-size"] === undefined ? undefined : Number(options["page-size"]),
      eventBits: options["event-bits"] === undefined ? undefined : Number(options["event-bits"]),
      vtr: options.vtr,
      listOrder: options.order === "normal" || options.order === "reversed" ? options.order : undefined,
      form: options.form,
      part: options.part === undefined ? undefined : Number(options.part),
    };
    const found = finish(planTables(document, request));
    // What a machine's dump does not call a table, an option does not make one.
    const tables = isState ? found.filter(({ section }) => section?.hints.table !== undefined) : found;
    if (tables.length === 0) {
      if (isState)
        throw errors.noTable(file, `the saved machine's registers name no ${options.as ?? "table"} in its RAM.`);
      throw errors.whichTable(file, tableNames);
    }
    const decoded = new DecodedOneByOne(file, document, tables, context.err);
    if (options.explain !== undefined) await explain(options.explain, document, decoded, context);
    else if (options.json) await printJson(context.out, file, document, decoded);
    else {
      let shown = 0;
      for (const table of decoded) {
        if (shown > 0) context.out.line();
        else if (style !== undefined && !isState)
          context.out.line(`${document.formatTitle}: ${readingSentence(style)}`);
        else if (document.core !== undefined) context.out.line(`${document.format}: ${coreSentence(document.core)}`);
        shown++;
        await printRows(context.out, document, table);
      }
    }
    const code = decoded.exitCode();
    return code === 0 && style !== undefined && isDoubtful(style) ? 3 : code;
  },
});

async function explain(
  id: bigint,
  document: DumpDocument,
  tables: Iterable<ShownTable>,
  { out }: CommandContext,
): Promise<void> {
  let found = 0;
  let first: DecodedTable | undefined;
  for (const { table } of tables) {
    first ??= table;
    const at = rowOfId(table, id);
    if (at < 0) continue;
    if (found++ > 0) out.line();
    const explanation = explainRow(table, table.row(at), (address) => document.memory.format(address));
    for (const line of explanationLines(explanation)) out.line(line);
    await out.settle();
  }
  if (found > 0) return;
  const shown = first === undefined ? `0x${id.toString(16)}` : hexOrDecimal(first, Number(id));
  throw first?.holds?.(Number(id)) === false ? errors.unknownEntry(shown) : errors.noEntry(shown);
}
