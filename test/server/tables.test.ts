import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { readDump } from "../../dumps/read-dump.ts";
import { decodeSections } from "../../dumps/tables/section-tables.ts";
import { finish } from "../../dumps/work.ts";
import { decodeState, loadState } from "../../emulator/index.ts";
import { traceMachineMsi } from "../../runner/index.ts";
import { fileAccess } from "../../server/tables/file-access.ts";
import { InputProblem } from "../../server/tables/read-input.ts";
import { tablesHandlers } from "../../server/tables/requests.ts";
import {
  checkRequest,
  compareRequest,
  dumpRequest,
  type InputFile,
  machineRequest,
  mapRequest,
  type Report,
  registersRequest,
  type TablesAnswers,
  type TablesInput,
  type TablesParams,
  traceRequest,
} from "../../server/tables-protocol.ts";

const root = path.join(import.meta.dirname, "..", "..");
const linuxFolder = path.join(root, "examples", "captures", "linux-6.1-qemu-gicv3");
const filesOf = (folder: string): InputFile[] =>
  readdirSync(folder).map((name) => ({ name, path: path.join(folder, name) }));
const linux: TablesInput = { name: "linux", files: filesOf(linuxFolder) };
const examples = path.join(root, "examples");
const stateFile = "saved-guest.gicstate.json";
const state: TablesInput = {
  name: stateFile,
  files: [{ name: stateFile, path: path.join(examples, stateFile) }],
  beside: [{ name: `${stateFile}.bin`, path: path.join(examples, `${stateFile}.bin`) }],
};
const source = readFileSync(path.join(root, "test", "vscode", "workspace", "migration-source.gicdump"), "utf8");
const textInput = (text: string): TablesInput => ({ name: "dump", files: [{ name: "dump.gicdump", text }] });

/** The answer to a request; what cannot be answered is thrown. */
function ask<Name extends keyof TablesAnswers>(
  name: Name,
  params: TablesParams[Name],
): Exclude<TablesAnswers[Name], { readonly refusal: string }> {
  const work = tablesHandlers[name](params as never, fileAccess);
  return finish(work as never);
}

const rows = (report: Report, title: string): string[][] =>
  report.tables.find((table) => table.title === title)?.rows.map((row) => row.map(({ text }) => text)) ?? [];
const table = (report: Report, title: string) => report.tables.find((one) => one.title === title);

describe("the request for the registers of an input", () => {
  it("answers all of a saved machine, and of a capture those that it tells", () => {
    const ofState = ask(registersRequest, { input: state }).registers;
    assert.ok(ofState.some(({ expression }) => expression === "GITS_CBASER"));
    assert.ok(ofState.some(({ expression }) => expression === "ICC_PMR_EL1"));
    const ofLinux = new Map(
      ask(registersRequest, { input: linux }).registers.map((one) => [one.expression, one.value]),
    );
    assert.match(ofLinux.get("GITS_BASER0") ?? "", /^0x[0-9a-f]{16}$/);
    assert.equal(ofLinux.has("ICC_PMR_EL1"), false);
  });

  it("refuses what tells none", () => {
    assert.throws(() => ask(registersRequest, { input: textInput("# nothing here\n") }), /tells no register/);
  });
});

describe("the request for the tables of an input as a dump", () => {
  /** `name: valid entries` of each table, and the dump that they are in. */
  function tablesOf(input: TablesInput) {
    const { dump } = ask(dumpRequest, { input });
    const document = readDump(dump);
    assert.deepEqual(document.problems, []);
    const tables = decodeSections(document).map(({ name, result }) => {
      if (!result.ok) assert.fail(`${name}: ${result.message}`);
      return result.table;
    });
    return { dump, tables, names: tables.map(({ name, rowCount }) => `${name}: ${rowCount}`) };
  }

  it("has all of a capture that its logs, registers and lists lead to", () => {
    const { tables, names } = tablesOf(linux);
    assert.deepEqual(names, [
      "device-table: 6",
      "collection-table: 4",
      ...["itt: 1", "itt: 1", "itt: 1", "itt: 5", "itt: 5", "itt: 3"],
      "command-queue: 96",
      "lpi-config: 6",
      ...Array.from({ length: 4 }, () => "lpi-pending: 0"),
    ]);
    assert.equal(tables[0].levels, 2);
    const { map } = ask(mapRequest, { input: linux });
    const itts = tables.filter(({ kind }) => kind === "itt");
    const intids = itts.flatMap((itt) =>
      Array.from({ length: itt.rowCount }, (_, row) =>
        Number(itt.row(row).fields.find(({ name }) => name === "INTID")?.meaning),
      ),
    );
    const mapped = map.devices.flatMap(({ events }) => events.map(({ intid }) => intid));
    assert.deepEqual(intids, mapped);
  });

  it("has those of a guest that another program saved", () => {
    const stream = gunzipSync(readFileSync(path.join(root, "test/dumps/guests/fixtures/qemu-gicv3.stream.gz")));
    const base64 = stream.toString("base64");
    const { names } = tablesOf({ name: "guest", files: [{ name: "guest.stream", base64 }] });
    assert.ok(
      names.some((name) => /^device-table: [1-9]/.test(name)),
      names.join(", "),
    );
    assert.ok(
      names.some((name) => /^itt: [1-9]/.test(name)),
      names.join(", "),
    );
  });

  it("is refused where nothing tells where tables are", () => {
    assert.throws(() => ask(dumpRequest, { input: textInput("nothing here\n") }), InputProblem);
  });
});

describe("the request to compare two inputs", () => {
  const changed = source
    .replace("0x0001000020020001", "0x0001000020050001")
    .replace("0x80a800000800c024", "0x80aa00000800c024");
  const report = ask(compareRequest, { a: textInput(source), b: textInput(changed) });

  it("is answered with what differs, and where each side has it", () => {
    assert.equal(report.result.text, "A and B differ: 1 event");
    assert.deepEqual(rows(report, "Events"), [
      ["0x10", "0x1", "changed", "LPI 8194, ICID 0x1, PE 1", "LPI 8197, ICID 0x1, PE 1"],
    ]);
    const [cells] = table(report, "Events")?.rows ?? [];
    const link = { file: "dump.gicdump", address: "0x40060108", bytes: 8 };
    assert.deepEqual(cells.map((cell) => cell.link).slice(3), [
      { input: 0, ...link },
      { input: 1, ...link },
    ]);
  });

  it("tells entries apart that mean the same", () => {
    const words = table(report, "The same but for next");
    assert.equal(words?.tone, "quiet");
    assert.deepEqual(words?.rows[0].map(({ text }) => text).slice(-2), ["0x80a800000800c024", "0x80aa00000800c024"]);
  });

  it("has the JSON that gicwb diff prints", () => {
    const { same, events } = JSON.parse(report.json ?? "");
    assert.deepEqual([same, events[0].b.intid], [false, 8197]);
  });

  it("names the bytes of LPIs that differ, in files of a folder", () => {
    const edited = filesOf(linuxFolder).map((file): InputFile => {
      if (file.name !== "lpi-config.bin") return file;
      const bytes = readFileSync(path.join(linuxFolder, file.name));
      bytes[5] ^= 1;
      return { name: file.name, base64: bytes.toString("base64") };
    });
    const found = ask(compareRequest, { a: linux, b: { name: "edited", files: edited } });
    const cells = table(found, "LPIs")?.rows[0];
    assert.equal(cells?.[0].text, "8197");
    assert.deepEqual(cells?.at(-1)?.link, { input: 1, file: "lpi-config.bin", address: "0x425c0005", bytes: 1 });
  });
});

describe("the request to check tables", () => {
  it("names the entry for which kernels refuse them", () => {
    const report = ask(checkRequest, { input: textInput(source.replace("0x0001000020020001", "0x0001000000020001")) });
    assert.deepEqual(report.result, { text: "5 of 5 kernels that were asked refuse the tables", tone: "bad" });
    const [kernels, answer, why] = table(report, "RESTORE_TABLES")?.rows[0] ?? [];
    assert.deepEqual([kernels.text, answer], ["kvm-5.10 to kvm-7.3", { text: "refused", tone: "bad" }]);
    assert.match(why.text, /^EINVAL: .*INTID 2 is no LPI/);
    assert.deepEqual(why.link, { input: 0, file: "dump.gicdump", address: "0x40060108", bytes: 8 });
    assert.ok(report.tables.some(({ title, tone }) => title.startsWith("L-24-no-lpi, error") && tone === "bad"));
  });

  it("tells what is lost without an error", () => {
    // LPI 8193 a second time: Linux 7.3 drops the event that comes later.
    const report = ask(checkRequest, { input: textInput(source.replace("0x0001000020020001", "0x0001000020010001")) });
    assert.equal(report.result.tone, "warning");
    assert.deepEqual(rows(report, "Lost without an error"), [["kvm-7.3", "0x10", "0x1", "8193"]]);
  });

  it("asks no kernel about another layout, and says so", () => {
    const { result, tables } = ask(checkRequest, { input: linux });
    assert.match(result.text, /these are qemu\. No kernel was asked/);
    assert.ok(!tables.some(({ title }) => title === "RESTORE_TABLES"));
  });
});

describe("the request for the way of an MSI", () => {
  it("goes through a capture, by the PCI address of a device", () => {
    const report = ask(traceRequest, { input: linux, deviceId: "01:00.0", eventId: "2" });
    const ite = table(report, "The way of the MSI")?.rows.find(([, link]) => link.text === "ITE");
    assert.equal(ite?.[2].text, "0x42face18 = 0x000003ff0000000100008047");
    assert.equal(ite?.[2].link?.bytes, 12);
    assert.equal(report.result.tone, "warning");
  });

  it("leads from an id to the entry that says it", () => {
    const input = textInput(source.replace("0x0001000020020001", "0x0001000000020001"));
    const report = ask(traceRequest, { input, deviceId: "0x10", eventId: "1" });
    const way = table(report, "The way of the MSI")?.rows ?? [];
    const read = (name: string) => way.find(([, link]) => link.text === name)?.[2];
    assert.equal(read("CTE")?.text, "0x40010008 = 0x8000000000010001");
    assert.deepEqual(read("INTID"), { text: "in the ITE", link: read("ITE")?.link });
    assert.equal(way.at(-1)?.[0].text, "BROKEN");
  });

  it("goes on to the CPU interface of a saved machine, with the words that its memory has", () => {
    const report = ask(traceRequest, { input: state, deviceId: "0x10", eventId: "1" });
    assert.match(report.result.text, /^Broken at ICC_IGRPEN1_EL1/);
    const ite = table(report, "The way of the MSI")?.rows.find(([, link]) => link.text === "ITE");
    assert.equal(ite?.[2].text, "0x40060108 = 0x0001000020020001");
  });

  it("takes no ids that are none", () => {
    for (const [deviceId, eventId] of [
      ["01:20.0", "1"],
      ["0x100000000", "1"],
      ["8", "01:00.0"],
      ["", "1"],
    ]) {
      assert.throws(() => ask(traceRequest, { input: linux, deviceId, eventId }), InputProblem);
    }
    assert.throws(() => ask(traceRequest, { input: state, deviceId: "8", eventId: "0", its: 1 }), /has no ITS 1/);
  });
});

describe("the request for the interrupt map", () => {
  it("has every event with its LPI, collection and PE, and the files that its entries are in", () => {
    const { map, files } = ask(mapRequest, { input: linux });
    assert.deepEqual([map.devices.length, map.pes, map.leftOut], [6, 4, 0]);
    const { address, ...event } = map.devices[3].events[1];
    assert.deepEqual(event, {
      eventId: 1,
      intid: 8208,
      icid: 0,
      target: 0,
      enabled: true,
      priority: 0xa0,
      pending: [],
      name: "nvme0q1",
    });
    const file = files.findLast(({ from }) => from <= (address ?? 0))?.file;
    assert.ok(file === "itt.xp.txt" || file === "itt-dev-0100.bin", file);
  });
});

describe("the request for a machine of tables", () => {
  for (const [what, input, model] of [
    ["a dump of KVM's tables", textInput(source), "kvm-7.2"],
    ["a capture of QEMU's", linux, "qemu-7.2"],
    ["a saved machine", state, "kvm-7.2"],
  ] as const) {
    it(`makes one of ${what} that has its events`, () => {
      const made = ask(machineRequest, { input });
      assert.equal(made.model, model);
      const decoded = decodeState(made.json);
      assert.ok("state" in decoded);
      const loaded = loadState(decoded.state);
      assert.ok("machine" in loaded);
      const tables = loaded.machine.tables(0);
      const [device, event, intid] = input === linux ? [0x100, 1, 8208] : [0x10, 1, 8194];
      assert.equal(tables.event(device, event)?.intid, intid);
      // It translates: the way of the MSI goes on to the CPU interface, and commands are taken.
      const way = traceMachineMsi(loaded.machine, 0, device, event) ?? [];
      assert.ok(way.some(({ link, state }) => link === "GITS_CTLR" && state === "good"));
      assert.ok(
        way.some(({ link }) => link === "GICD_CTLR"),
        JSON.stringify(way.at(-1)?.values),
      );
      if (input !== state) assert.ok(made.left.some((sentence) => sentence.includes("ICC_PMR_EL1")));
    });
  }

  it("refuses what the kernel refuses, with the entry", () => {
    const input = textInput(source.replace("0x0001000020020001", "0x0001000000020001"));
    assert.throws(
      () => ask(machineRequest, { input }),
      /^InputProblem|kvm-7\.2 refuses the tables: EINVAL: .*INTID 2 is no LPI/,
    );
  });
});

describe("a dump that does not say which table it is", () => {
  const bare = source.split("\n").filter((line) => !line.startsWith("#"));
  const input = textInput(bare.join("\n"));

  it("is asked about, and read as the user describes it", () => {
    assert.throws(() => ask(checkRequest, { input }), { undescribed: "dump" });
    const described = { table: "device-table", base: "0x40020000", size: "0x10000" };
    const { map } = ask(mapRequest, { input: { ...input, described } });
    assert.deepEqual(
      map.devices.map(({ deviceId }) => deviceId),
      [8, 0x10, 0x64],
    );
  });

  it("of raw bytes needs the address of the first one", () => {
    const bytes = new Uint8Array(0x100);
    new DataView(bytes.buffer).setBigUint64(0x40, 0x8000_0000_0800_c001n, true);
    const raw = { name: "raw", files: [{ name: "raw.bin", base64: Buffer.from(bytes).toString("base64") }] };
    assert.throws(() => ask(mapRequest, { input: raw }), { undescribed: "raw" });
    const table = "device-table";
    assert.throws(
      () => ask(mapRequest, { input: { ...raw, described: { table } } }),
      /the address of the first one is needed/,
    );
    const { map } = ask(mapRequest, {
      input: { ...raw, layout: "kvm-rev0", described: { table, base: "0x40020000" } },
    });
    assert.deepEqual(
      map.devices.map(({ deviceId }) => deviceId),
      [8],
    );
  });

  it("is refused where the description is none", () => {
    for (const described of [
      { table: "itt" },
      { table: "device-table", base: "x" },
      { table: "device-table", size: "-1" },
    ]) {
      assert.throws(() => ask(mapRequest, { input: { ...input, described } }), InputProblem);
    }
  });
});

describe("an input that cannot be read", () => {
  for (const [what, input, sentence] of [
    ["without files", { name: "empty", files: [] }, /^empty holds no files\.$/],
    [
      "that is gone",
      { name: "x", files: [{ name: "x", path: "/no/such/file" }] },
      /\/no\/such\/file cannot be read: it is not there\.$/,
    ],
    ["that is a folder", { name: "x", files: [{ name: "x", path: root }] }, /cannot be read: it is a folder\.$/],
    ["that did not arrive whole", { name: "x", files: [{ name: "x", base64: "?" }] }, /^x did not arrive whole\.$/],
    ["that is no dump", textInput("hello\n"), /^dump holds no tables that can be found/],
    [
      "that does not say which table it is",
      textInput("40020040: 801000000800c001 0000000000000000\n"),
      /Write a line "# gic: table=/,
    ],
    ["whose state is damaged", textInput('{ "format": "gic-workbench-state", "version": 99'), /is refused\. /],
    [
      "whose memory is elsewhere",
      textInput('{ "format": "gic-workbench-state", "memoryFile": "../x"}'),
      /which is not beside it/,
    ],
  ] as const) {
    it(`${what} is refused with a sentence`, () => {
      assert.throws(
        () => ask(checkRequest, { input }),
        (error) => {
          assert.ok(error instanceof InputProblem, String(error));
          assert.match(error.message, sentence);
          return true;
        },
      );
    });
  }

  it("by a server without files is refused, too", () => {
    const work = tablesHandlers[checkRequest]({ input: linux }, undefined);
    assert.throws(() => finish(work), /on a file system that the server cannot read/);
  });
});

it("a check is done in slices: each kernel has one of its own", () => {
  let slices = 0;
  for (const _slice of tablesHandlers[checkRequest]({ input: textInput(source) }, undefined)) slices++;
  assert.ok(slices > 5, `${slices}`);
});
