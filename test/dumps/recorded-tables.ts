import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { LayoutName } from "../../architecture/layout.ts";
import type { TableName } from "../../dumps/tables/table-names.ts";

/** A table as KVM or QEMU left it in guest memory. */
export interface RecordedTable {
  /** File and label, for messages. */
  readonly what: string;
  readonly table: TableName;
  readonly layout: LayoutName;
  readonly address: number;
  readonly bytes: Uint8Array;
}

const here = path.resolve(import.meta.dirname, "../vectors");
/** Recordings and captures beside the project, more than are copied into it. */
const beside = path.resolve(import.meta.dirname, "../../../shared");
/** Larger memory is that of several tables. */
const MOST_BYTES = 0x40_0000;

/** Every table that the recordings hold, each once. */
export function* recordedTables(): Generator<RecordedTable> {
  const seen = new Set<string>();
  for (const found of allTables()) {
    const key = `${found.table} ${found.layout} ${found.address} ${found.bytes.length} ${digest(found.bytes)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield found;
  }
}

function digest(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1").replace(/\0+/g, "\0");
}

function* allTables(): Generator<RecordedTable> {
  for (const folder of [path.join(here, "kvm"), path.join(beside, "vectors/kvm")]) yield* kvmTables(folder);
  for (const folder of ["qemu", "qemu-11.1"]) yield* qemuTables(path.join(here, folder));
  yield* capturedTables(path.join(beside, "captures/linux-6.1-qemu-gicv3"));
}

interface KvmStep {
  readonly op: string;
  readonly label?: string;
  readonly gpa?: string;
  readonly len?: string;
  readonly background?: string;
  readonly qwords?: Readonly<Record<string, string>>;
}

function* kvmTables(folder: string): Generator<RecordedTable> {
  for (const [file, { steps = [] }] of jsonFiles<{ readonly steps?: readonly KvmStep[] }>(folder)) {
    if (!Array.isArray(steps)) continue;
    for (const { op, label = "", gpa = "0", len = "0", background = "0", qwords = {} } of steps as KvmStep[]) {
      const table = kvmTable(label);
      const words = Object.entries(qwords);
      if (op !== "dump_mem" || table === undefined || words.length === 0 || Number(len) > MOST_BYTES) continue;
      const bytes = Buffer.alloc(Number(len), Number(background));
      for (const [address, word] of words) bytes.writeBigUInt64LE(BigInt(word), Number(address) - Number(gpa));
      yield { what: `${file}: ${label}`, table, layout: "kvm-rev0", address: Number(gpa), bytes };
    }
  }
}

/** Which table a recording's dump of memory is, by its label. */
function kvmTable(label: string): TableName | undefined {
  if (label.startsWith("device_table_l1")) return "device-table-l1";
  if (label.startsWith("device")) return "device-table";
  if (label.startsWith("collection")) return "collection-table";
  return label.startsWith("itt") ? "itt" : undefined;
}

interface QemuRecording {
  readonly observe?: readonly { readonly name: string; readonly kind: string; readonly addr: string }[];
  readonly observed?: {
    readonly tables?: Readonly<Record<string, readonly { readonly index: number; readonly hex?: string }[]>>;
  };
}

const QEMU_KINDS: Readonly<Record<string, TableName>> = {
  dte: "device-table",
  ite: "itt",
  cte: "collection-table",
  vte: "vpe-table",
};

function* qemuTables(folder: string): Generator<RecordedTable> {
  for (const [file, { observe = [], observed }] of jsonFiles<QemuRecording>(folder)) {
    for (const { name, kind, addr } of observe) {
      const table = QEMU_KINDS[kind];
      const rows = observed?.tables?.[name] ?? [];
      if (table === undefined || rows.length === 0) continue;
      const size = table === "itt" ? 12 : 8;
      const length = (Math.max(...rows.map(({ index }) => index)) + 1) * size;
      if (length > MOST_BYTES) continue;
      const bytes = Buffer.alloc(Math.max(length, 0x1000));
      for (const { index, hex = "" } of rows) Buffer.from(hex, "hex").copy(bytes, index * size);
      yield { what: `${file}: ${name}`, table, layout: "qemu", address: Number(addr), bytes };
    }
  }
}

function* capturedTables(folder: string): Generator<RecordedTable> {
  if (!existsSync(folder)) return;
  const addresses = JSON.parse(readFileSync(path.join(folder, "addresses.json"), "utf8")) as {
    readonly deviceTableL2: Readonly<Record<string, string>>;
    readonly collectionTable: string;
    readonly itts: readonly { readonly device: string; readonly address: string }[];
  };
  const one = (file: string, table: TableName, address: string): RecordedTable => {
    const bytes = readFileSync(path.join(folder, file));
    return { what: file, table, layout: "qemu", address: Number(address), bytes };
  };
  yield one("device-table-l2-0.bin", "device-table", addresses.deviceTableL2["0"]);
  yield one("collection-table.bin", "collection-table", addresses.collectionTable);
  for (const { device, address } of addresses.itts) {
    yield one(`itt-dev-${device.slice(2).padStart(4, "0")}.bin`, "itt", address);
  }
}

function* jsonFiles<T>(folder: string): Generator<[file: string, content: T]> {
  if (!existsSync(folder)) return;
  for (const file of globSync("**/*.json", { cwd: folder }).sort()) {
    const content: unknown = JSON.parse(readFileSync(path.join(folder, file), "utf8"));
    if (typeof content === "object" && content !== null) yield [file, content as T];
  }
}
