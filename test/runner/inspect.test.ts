import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Field, registerByName } from "../../architecture/index.ts";
import {
  type DisplayNode,
  fieldText,
  hexWord,
  type NodeChildren,
  PendingInspector,
  plainNumber,
  queueNode,
  readGroup,
  readRegister,
  registerGroups,
  type ScriptRun,
  TableInspector,
  type Target,
  wordText,
} from "../../runner/index.ts";
import { started } from "./support.ts";

/** A script that has run to its end. */
function ran(text: string): ScriptRun {
  const run = started(text);
  while (run.step() !== undefined);
  return run;
}

const show = (nodes: readonly DisplayNode[]) => nodes.map(({ name, value }) => `${name}: ${value}`);
const members = (children: NodeChildren | undefined, start = 0, count = 100) =>
  children?.indexed?.slice(start, count, {}) ?? [];

describe("values", () => {
  const field = (extra: Partial<Field>): Field => ({ name: "F", msb: 15, lsb: 0, summary: "F: a field.", ...extra });
  const texts: readonly (readonly [extra: Partial<Field>, raw: bigint, text: string, hex: string])[] = [
    [{}, 12n, "12", "0xc"],
    [{ display: "hex" }, 12n, "0xc", "0xc"],
    [{ shift: 12, unit: "address" }, 0x40100n, "0x40100000", "0x40100000"],
    [{ plus: 1, unit: "EventID bits" }, 4n, "4 (5 EventID bits)", "0x4 (5 EventID bits)"],
    [{ plus: 1, unit: "EventID bits" }, 0n, "0 (1 EventID bit)", "0x0 (1 EventID bit)"],
    [{ plus: 1, unit: "4 KiB pages" }, 15n, "15 (16 × 4 KiB pages)", "0xf (16 × 4 KiB pages)"],
    [{ shift: 5, unit: "bytes" }, 6n, "0xc0 (192 bytes)", "0xc0 (192 bytes)"],
    [{ unit: "INTID" }, 8192n, "8192", "0x2000"],
    [{ values: [{ value: 1, name: "Devices" }] }, 1n, "1 (Devices)", "0x1 (Devices)"],
    [{ values: [{ value: 1, name: "Devices" }] }, 2n, "2", "0x2"],
  ];
  for (const [extra, raw, text, hex] of texts) {
    it(`${raw} of ${JSON.stringify(extra)} is ${text}`, () => {
      assert.equal(fieldText(field(extra), raw), text);
      assert.equal(fieldText(field(extra), raw, { hex: true }), hex);
    });
  }

  it("have all digits of their width", () => {
    assert.equal(hexWord(1n, 64), "0x0000000000000001");
    assert.equal(hexWord(0xffff_ffff_ffff_ffffn, 64), "0xffffffffffffffff");
    assert.equal(hexWord(1n, 32), "0x00000001");
    assert.equal(hexWord(1n, 1), "0x1");
    assert.equal(wordText(0xb907_0000_4010_0607n, 64), "0xb907_0000_4010_0607");
    assert.equal(wordText(0xe0n, 64), "0x0000_0000_0000_00e0");
    assert.equal(wordText(0xe0n, 64, { plain: true }), "0x00000000000000e0");
    assert.equal(wordText(0x8000_0001n, 32), "0x80000001");
    assert.deepEqual(
      [0n, 9n, 10n, -1n, 1n << 63n].map((value) => plainNumber(value)),
      ["0", "9", "0xa (10)", "-0x1 (-1)", "0x8000000000000000 (9223372036854775808)"],
    );
  });
});

describe("registers", () => {
  const { target } = ran("MAPC ICID=0, RDbase=0\n");

  it("come in groups of ITS, PEs and distributor, each register once", () => {
    const groups = registerGroups(target);
    assert.deepEqual(
      groups.slice(0, 4).map(({ id, kind, number, secondary }) => [id, kind, number, secondary]),
      [
        ["GITS0", "its", 0, false],
        ["GITS0.more", "its", 0, true],
        ["GICR0", "redistributor", 0, false],
        ["GICR0.more", "redistributor", 0, true],
      ],
    );
    const places = groups.flatMap((group) =>
      readGroup(target, group).map(({ address, name, location }) => address ?? `${name} ${location.pe}`),
    );
    assert.equal(new Set(places).size, places.length);
    const names = groups[0].locations.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 7), [
      "GITS_CTLR",
      "GITS_IIDR",
      "GITS_TYPER",
      "GITS_CBASER",
      "GITS_CWRITER",
      "GITS_CREADR",
      "GITS_BASER0",
    ]);
  });

  it("of the system come by PE, those that the machine has, without reading what acts", () => {
    const { target: waiting } = ran(
      "write GICD_IGROUPR1 = 1\nwrite GICD_ISENABLER1 = 1\nwrite ICC_PMR_EL1 = 0xf0\nwrite ICC_IGRPEN1_EL1 = 1\nwrite GICD_ISPENDR1 = 1\n",
    );
    const groups = registerGroups(waiting).filter(({ id }) => id === "ICC0" || id === "ICH0");
    const values = new Map(groups.flatMap((group) => readGroup(waiting, group)).map(({ name, text }) => [name, text]));
    assert.equal(values.get("ICC_HPPIR1_EL1"), "0x0000_0000_0000_0020");
    assert.match(values.get("ICC_IAR1_EL1") ?? "", /^not read/);
    assert.equal(values.get("ICH_VTR_EL2"), "0x0000_0000_90b8_0003");
    assert.equal(values.has("ICH_LR3_EL2"), true);
    assert.equal(values.has("ICH_LR4_EL2"), false);
    const qemu = ran("machine { model = qemu }\n").target;
    assert.deepEqual(
      registerGroups(qemu).filter(({ kind }) => kind === "hypervisor"),
      [],
    );
  });

  it("whose reading acts are never read", () => {
    const read: string[] = [];
    const watched = new Proxy(target, {
      get: (object, key) =>
        key === "readSystemRegister"
          ? (_: number, name: string) => {
              read.push(name);
              return 0n;
            }
          : Reflect.get(object, key),
    });
    const view = (name: string) => {
      const member = registerByName(name);
      assert.ok(member !== undefined);
      return readRegister(watched as Target, { name, ...member, pe: 0, its: 0 });
    };
    const acknowledge = view("ICC_IAR1_EL1");
    assert.equal(acknowledge.value, undefined);
    assert.equal(acknowledge.text, "not read: reading has an effect");
    assert.ok((acknowledge.readEffect ?? "").length > 0);
    assert.equal(view("ICC_PMR_EL1").value, 0n);
    assert.deepEqual(read, ["ICC_PMR_EL1"]);
  });

  it("cover every bit of their value once, by fields that do not overlap", () => {
    for (const group of registerGroups(target)) {
      for (const { name, fields, width } of readGroup(target, group)) {
        let seen = 0n;
        for (const { msb, lsb } of fields) {
          const mask = ((1n << BigInt(msb - lsb + 1)) - 1n) << BigInt(lsb);
          assert.equal(seen & mask, 0n, name);
          assert.ok(msb < width, name);
          seen |= mask;
        }
      }
    }
  });
});

describe("tables", () => {
  const script = `MAPC ICID=0, RDbase=0
MAPC ICID=3, RDbase=2
MAPD DeviceID=0x10, ITT_addr=0x43000000, Size=4
MAPD DeviceID=2, ITT_addr=0x43001000, Size=0
MAPTI DeviceID=0x10, EventID=7, pINTID=8199, ICID=3
MAPTI DeviceID=0x10, EventID=1, pINTID=8193, ICID=0
msi DeviceID=0x10, EventID=7
MAPC ICID=0, V=0
`;
  const { target } = ran(script);

  it("list devices and events in order, with where an event goes", () => {
    const tables = new TableInspector(target);
    assert.deepEqual(show(members(tables.devices())), [
      "DeviceID 0x2: ITT 0x43001000, 1 EventID bit",
      "DeviceID 0x10: ITT 0x43000000, 5 EventID bits",
    ]);
    assert.deepEqual(show(members(tables.eventsOf(0x10))), [
      "EventID 0x1: pINTID 8193, no collection → no PE",
      "EventID 0x7: pINTID 8199, ICID 0x3 → PE 2, pending",
    ]);
    assert.deepEqual(show(members(tables.collections())), ["ICID 0x3: PE 2"]);
    assert.deepEqual(show(members(new PendingInspector(target).pes())), ["PE 2: 1 pending"]);
  });

  it("give pieces, and nothing beyond the end", () => {
    const devices = new TableInspector(target).devices();
    assert.equal(devices.indexed?.count(), 2);
    assert.equal(members(devices, 1, 1)[0].name, "DeviceID 0x10");
    assert.deepEqual(members(devices, 2, 100), []);
    assert.deepEqual(members(new TableInspector(target).eventsOf(0x999)), []);
  });

  it("list anew, also what was made before, once they forget the moment", () => {
    const run = started(script);
    const made = { tables: new TableInspector(run.target), pending: new PendingInspector(run.target) };
    const [devices, pes] = [made.tables.devices(), made.pending.pes()];
    assert.deepEqual([devices.indexed?.count(), pes.indexed?.count()], [0, 0]);
    while (run.step() !== undefined);
    assert.equal(devices.indexed?.count(), 0, "for one moment");
    for (const one of [made.tables, made.pending]) one.forget();
    assert.deepEqual([devices.indexed?.count(), pes.indexed?.count()], [2, 1]);
  });
});

describe("the command queue", () => {
  it("shows what waits as lines of a script", () => {
    const { target } = ran("write GITS_CTLR.Enabled = 0\nMAPC ICID=5, RDbase=1\nINVALL ICID=5\n");
    const node = queueNode(target);
    assert.equal(node.value, "2 commands wait");
    assert.deepEqual(show(members(node.children)), ["0x0: MAPC ICID=5, RDbase=1", "0x20: INVALL ICID=5"]);
    assert.deepEqual(show(members(node.children, 1, 5)), ["0x20: INVALL ICID=5"]);
  });

  it("is none before GITS_CBASER is valid", () => {
    assert.equal(queueNode(ran("machine { setup = reset }\nread GITS_CTLR\n").target).value, "none");
  });
});
