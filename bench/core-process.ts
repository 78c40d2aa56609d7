// A part of bench/dumps.ts, in a process of its own so that its memory can be measured:  node bench/core-process.ts FILE ADDRESS
// Opens a core, decodes the device table at an address, makes its first rows, and prints milliseconds and the most memory it had.
import { layouts } from "../architecture/layouts/index.ts";
import { openDump, readDumpFile } from "../cli/dump-input.ts";
import { decodeSections } from "../dumps/tables/section-tables.ts";

const [file, address] = process.argv.slice(2);
const start = performance.now();
const document = readDumpFile(file, await openDump(file, process.stdin));
const [{ result }] = decodeSections(document, {
  table: "device-table",
  base: BigInt(address),
  layout: layouts["kvm-rev0"],
});
if (!result.ok) throw new Error(result.message);
const rows = Array.from({ length: Math.min(100, result.table.rowCount) }, (_, row) => result.table.row(row));
const time = performance.now() - start;
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ rows: rows.length, milliseconds: time, mebibytes: maxRSS / 1024 }));
