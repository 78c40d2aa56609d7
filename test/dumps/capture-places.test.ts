import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CaptureFile, openCapture, walkCapture } from "../../dumps/captures/index.ts";
import { readTablesOf } from "../../dumps/checks/index.ts";
import { readDump } from "../../dumps/index.ts";
import { finish } from "../../dumps/work.ts";
import { judgeTablesWork, kernelModels, placedProblems } from "../../runner/verdict/index.ts";

function text(name: string, content: string): CaptureFile {
  return { name, content: { text: content, dump: readDump(content) } };
}

/** GITS_BASER0: a flat device table of KVM's at 0x40100000. */
const REGISTERS = "08080100: b107000040100200\n";
/** The boot log that says the same. */
const LOG = "[    0.0] ITS@0x0000000008080000: allocated 8192 Devices @40100000 (flat, esz 8, psz 64K, shr 1)\n";
/** DeviceID 1 with one EventID bit and an ITT at 0x40400000, at any address. */
const lines = (first: string) => `${first}0: 0000000000000000 8000000008080000  ................\n`;
const KERNEL = "ffff00007100000";
/** What the low bits of the kernel's addresses would be as physical ones. */
const LOW = 0x7100_0000;

/** DeviceIDs that a capture has, and what is said of its files. */
function opened(...files: CaptureFile[]) {
  const capture = openCapture(files);
  const report = finish(walkCapture(capture));
  return {
    capture,
    report,
    devices: report.devices.map(({ deviceId, address }) => [deviceId, address]),
    told: capture.problems.map(({ file, message }) => `${file} ${message}`),
  };
}

describe("a dump of kernel addresses in a capture", () => {
  it("is no physical memory, and that is said", () => {
    const { capture, devices, told } = opened(text("regs.txt", REGISTERS), text("rd.txt", lines(KERNEL)));
    assert.deepEqual(devices, []);
    assert.ok(
      !capture.dumps.some(({ memory, shift = 0 }) => memory.holds(LOW - shift) || memory.holds(LOW + 8 - shift)),
    );
    assert.equal(told.length, 1);
    assert.match(
      told[0],
      /^rd\.txt its addresses from 0xffff000071000000 on are a kernel's.*: its bytes are left out\. /,
    );
  });

  it("is no physical memory even where the low bits of its addresses are those of a table", () => {
    const { devices } = opened(text("regs.txt", REGISTERS), text("rd.txt", lines("ffff00004010000")));
    assert.deepEqual(devices, []);
  });

  const evidence: readonly (readonly [what: string, ...files: CaptureFile[]])[] = [
    ["its name's address", text("regs.txt", REGISTERS), text("mem-0x40100000.txt", lines(KERNEL))],
    ["its name and a register", text("regs.txt", REGISTERS), text("device-table.txt", lines(KERNEL))],
    ["its name and the boot log", text("boot.log", LOG), text("device-table.txt", lines(KERNEL))],
    [
      "a line's table and a register",
      text("regs.txt", REGISTERS),
      text("rd.txt", `# gic: table=device-table\n${lines(KERNEL)}`),
    ],
    ["the base of a line", text("rd.txt", `# gic: table=device-table base=0x40100000\n${lines(KERNEL)}`)],
    [
      "a list of addresses",
      text("regs.txt", REGISTERS),
      text("a.giccap.json", '{"files": {"rd.txt": "0x40100000"}}'),
      text("rd.txt", lines(KERNEL)),
    ],
  ];
  for (const [what, ...files] of evidence) {
    it(`is placed by ${what}`, () => {
      const { devices, told } = opened(...files);
      assert.deepEqual([devices, told], [[[1, 0x4010_0008]], []]);
    });
  }

  it("of an ITT is placed by its device's DTE", () => {
    const { report, told } = opened(
      text("regs.txt", `${REGISTERS}40100000: 0000000000000000 8000000008080000\n`),
      text("rd.txt", `# gic: table=itt device-id=1\n${KERNEL}0: 0001000020000000 0000000020010000\n`),
    );
    assert.deepEqual(
      report.devices[0].events.map(({ intid, address }) => [intid, address]),
      [
        [8192, 0x4040_0000],
        [8193, 0x4040_0008],
      ],
    );
    assert.deepEqual(told, []);
  });

  it("that names its table, and nothing its place, is shown beyond all physical addresses, which is said", () => {
    const { devices, told, report } = opened(text("rd.txt", `# gic: table=device-table\n${lines(KERNEL)}`));
    assert.deepEqual(devices, [[1, 2 ** 52 + LOW + 8]]);
    assert.match(
      told.join(),
      /nothing says where they are in memory, so what stands there is shown from 0x10000071000000 on/,
    );
    assert.ok(report.missing.some(({ address }) => address === 0x4040_0000));
  });
});

describe("a dump of offsets in a capture", () => {
  it("is left out when nothing says where it begins", () => {
    const { told, devices } = opened(text("regs.txt", REGISTERS), text("dump.txt", lines("0000000")));
    assert.deepEqual(devices, []);
    assert.match(told.join(), /^dump\.txt its addresses begin at 0 or are absent, .* left out/);
  });

  it("is placed by its name and by the base of a line", () => {
    for (const files of [
      [text("regs.txt", REGISTERS), text("device-table.txt", lines("0000000"))],
      [text("dump.txt", `# gic: table=device-table base=0x40100000\n${lines("0000000")}`)],
    ])
      assert.deepEqual(opened(...files).devices, [[1, 0x4010_0008]]);
  });

  it("with several tables that begin at 0 has each at its base", () => {
    const dump = `# gic: table=device-table layout=kvm-rev0 base=0x40100000
${lines("0000000")}
# gic: table=itt base=0x40400000 device-id=1
00000000: 0001000020000000 0000000020010000
`;
    const { report } = opened(text("dump.txt", dump));
    assert.deepEqual(
      report.devices[0].events.map(({ intid }) => intid),
      [8192, 8193],
    );
  });

  it("is memory where a table is that is known to be in it", () => {
    const baser = "0x08080100: 0xb107000000000200\n";
    assert.deepEqual(opened(text("regs.txt", baser), text("dump.txt", lines("0000000"))).devices, [[1, 8]]);
  });
});

describe("problems of a dump that was placed elsewhere", () => {
  it("stand at the digits of the entry", () => {
    const content = `# gic: table=device-table layout=kvm-rev0 base=0x40100000
00000000: 0000000000000000 8000000008080014  ................
`;
    const document = readDump(content);
    const captures = [openCapture([{ name: "a", content: { text: content, dump: document } }])];
    const tables = finish(readTablesOf(captures));
    const found = placedProblems(document, finish(judgeTablesWork(tables.itss, kernelModels)), tables, captures);
    const { place } = found.find(({ code }) => code === "dte-size") ?? {};
    assert.ok(place !== undefined, found.map(({ code }) => code).join());
    assert.equal(content.split("\n")[place.line - 1].slice(place.start, place.end), "8000000008080014");
  });
});
