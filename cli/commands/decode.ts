import type { DumpDocument } from "../../dumps/document.ts";
import { explainRow, explanationLines, hexOrDecimal } from "../../dumps/explain.ts";
import { dumpFormats } from "../../dumps/formats/index.ts";
import { readDump } from "../../dumps/read-dump.ts";
import { coreSentence, isDoubtful, readingSentence } from "../../dumps/reading.ts";
import { rowOfId } from "../../dumps/tables/find-row.ts";
import type { DecodedTable } from "../../dumps/tables/table.ts";
import { stateDumpText } from "../../runner/saved-machines/index.ts";
import { describedDump, dumpOptions, dumpRequest, dumpTables } from "../answers/decode-dump.ts";
import { DecodedOneByOne, type ShownTable } from "../answers/decoded-tables.ts";
import { isFolder } from "../capture-input.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { openDump, reportProblems } from "../dump-input.ts";
import { errors } from "../errors.ts";
import { isGuestFile } from "../guest-input.ts";
import { withNamedLayouts } from "../layout-files.ts";
import { chosenLayout, layoutOption } from "../layout-option.ts";
import { beginsLikeState, readState } from "../machine-input.ts";
import { decodeCapture } from "./decode-capture.ts";
import { printJson } from "./decode-json.ts";
import { printRows } from "./decode-rows.ts";

const { as, ...others } = dumpOptions;

export const decode = defineCommand({
  name: "decode",
  summary: "print the table that a memory dump holds",
  args: ["FILE"],
  repeated: true,
  options: {
    as,
    layout: layoutOption("whose layout (guessed when not given)"),
    ...others,
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
    const input = await openDump(file, context.stdin);
    const isState = input instanceof Uint8Array && beginsLikeState(input);
    const document = isState
      ? readDump(stateDumpText(await readState(file, context, input)))
      : withNamedLayouts(describedDump(file, input, options), file);
    reportProblems(isState ? `${file}, as gicwb state dump prints it` : file, document, context.err);
    const style = document.text?.style;
    if (style !== undefined && !isState && isDoubtful(style)) context.err.line(`${file}: ${readingSentence(style)}`);
    const tables = dumpTables(file, document, dumpRequest(layout, options), isState);
    const decoded = new DecodedOneByOne(file, document, tables, (line) => context.err.line(line));
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
