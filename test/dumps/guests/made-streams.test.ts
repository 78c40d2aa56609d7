import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { readGuest, remarkText } from "../../../dumps/guests/index.ts";
import { finish } from "../../../dumps/work.ts";
import { fixture, guestOf } from "./fixtures.ts";
import { StreamBuilder } from "./stream-builder.ts";

const RAM = 0x4000_0000;
const PAGE = 4096;
const full = (byte: number): Uint8Array => new Uint8Array(PAGE).fill(byte);
const its = [
  { name: "ctlr", bytes: 4, value: 1 },
  { name: "iidr", bytes: 4, value: 0 },
];
const codes = (bytes: Uint8Array): string[] => guestOf(bytes).problems.map(({ code }) => code);

describe("pages of a stream", () => {
  test("come with their block or the block before; the last one of a page counts", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    builder.ramStart([["mach-virt.ram", 4 * PAGE]]);
    builder.pages(() => {
      builder.page(8, 0, "mach-virt.ram").raw(full(1));
      builder.page(8, PAGE).raw(full(2));
      builder.page(2, 2 * PAGE).u8(0);
      builder.page(2, 3 * PAGE).u8(7);
    }, false);
    builder.pages(() => {
      builder.page(8, PAGE, "mach-virt.ram").raw(full(9));
      builder.page(2, 0).u8(0);
    });
    const { memory, problems } = guestOf(builder.done());
    assert.deepEqual(problems, []);
    const found = memory.read(RAM + PAGE - 1, 2 * PAGE + 2);
    assert.deepEqual(
      [found?.[0], found?.[1], found?.[PAGE], found?.[PAGE + 1], found?.[2 * PAGE + 1]],
      [0, 9, 9, 0, 7],
    );
  });

  test("of mapped-ram are at fixed places; what its bitmap does not have is zero", () => {
    const builder = new StreamBuilder().configuration("virt-9.0", ["mapped-ram"]);
    // Stream, bitmap, pages: the places are known before they are written.
    builder.ramStart([["mach-virt.ram", 3 * PAGE]], () => {
      const bitmap = builder.length + 28;
      builder
        .u32(1)
        .u64(PAGE)
        .u64(bitmap)
        .u64(bitmap + 8);
      builder.u8(0b101).raw(new Uint8Array(7));
      builder.raw(full(3)).raw(full(0)).raw(full(4));
    });
    builder.device(3, "arm_gicv3_its", its);
    const { memory, problems, blocks } = guestOf(builder.done());
    assert.deepEqual(problems, []);
    assert.deepEqual(blocks, [{ name: "mach-virt.ram", bytes: 3 * PAGE, address: RAM }]);
    assert.deepEqual(
      [0, 1, 2].map((page) => memory.read(RAM + page * PAGE, 1)?.[0]),
      [3, 0, 4],
    );
    assert.deepEqual([...(memory as { held: () => Iterable<unknown> }).held()].length, 2);
  });

  test("of several nodes lie one behind the other, and x-ignore-shared tells addresses", () => {
    const nodes = new StreamBuilder().configuration("virt-7.2");
    nodes.ramStart([
      ["ram-node1", PAGE],
      ["ram-node0", 2 * PAGE],
    ]);
    nodes.pages(() => nodes.page(8, 0, "ram-node1").raw(full(5)));
    assert.equal(guestOf(nodes.done()).memory.read(RAM + 2 * PAGE, 1)?.[0], 5);
    const shared = new StreamBuilder().configuration("virt-7.2", ["x-ignore-shared"]);
    shared.ramStart([["mine", PAGE]], () => shared.u64(0x8000_0000));
    shared.pages(() => shared.page(8, 0, "mine").raw(full(6)));
    assert.equal(guestOf(shared.done()).memory.read(0x8000_0000, 1)?.[0], 6);
    const strange = new StreamBuilder().configuration("virt-7.2");
    strange.ramStart([["mine", PAGE]]);
    strange.pages(() => strange.page(8, 0, "mine").raw(full(6)));
    assert.deepEqual(
      guestOf(strange.done())
        .notes.map(({ code }) => code)
        .includes("unplaced-memory"),
      true,
    );
  });

  test("that are compressed are unknown, and it is said what to do", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    builder.ramStart([["mach-virt.ram", 4 * PAGE]]);
    builder.pages(() => {
      builder.page(8, 0, "mach-virt.ram").raw(full(1));
      builder.page(8, PAGE).raw(full(2));
      builder
        .page(0x40, 0)
        .u8(1)
        .u8(0)
        .u8(3)
        .raw(Uint8Array.of(1, 2, 3));
      builder
        .page(0x100, 2 * PAGE)
        .u32(2)
        .raw(Uint8Array.of(1, 2));
    });
    const { memory, problems } = guestOf(builder.done());
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["compressed-pages", "compressed-pages"],
    );
    assert.match(remarkText(problems[0]), /^offset 0x[0-9a-f]+: page 0x0 of "mach-virt.ram" is compressed/);
    assert.deepEqual(
      [0, 1, 2].map((page) => memory.read(RAM + page * PAGE, 1)?.[0]),
      [undefined, 2, undefined],
    );
  });

  test("that went over other channels are missing, and it is said", () => {
    const builder = new StreamBuilder().configuration("virt-9.0");
    builder.ramStart([["mach-virt.ram", PAGE]]);
    builder.pages(() => builder.u64(0x200));
    assert.deepEqual(codes(builder.done()), ["no-pages"]);
    const rdma = new StreamBuilder().configuration("virt-9.0");
    rdma.ramStart([["mach-virt.ram", PAGE]]);
    rdma.pages(() => rdma.u64(0x80));
    assert.ok(codes(rdma.done()).includes("rdma-pages"));
  });

  test("outside their block are left out", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    builder.ramStart([["mach-virt.ram", PAGE]]);
    builder.pages(() => {
      builder.page(8, PAGE, "mach-virt.ram").raw(full(1));
      builder.page(8, 0).raw(full(2));
    });
    const { memory, problems } = guestOf(builder.done());
    assert.deepEqual(problems.map(remarkText), [
      'offset 0x7e: page 0x1000 is outside the block "mach-virt.ram" of 4096 bytes, and left out',
    ]);
    assert.equal(memory.read(RAM, 1)?.[0], 2);
    assert.equal(memory.holds(RAM + PAGE), false);
  });
});

describe("what surrounds a stream", () => {
  const bare = (): Buffer => new StreamBuilder().configuration("virt-7.2").device(3, "arm_gicv3_its", its).done();
  const libvirt = (compressed: number): Buffer => {
    const xml = "<domain type='kvm'/>\0";
    const header = Buffer.alloc(92);
    header.write("LibvirtQemudSave");
    for (const [index, word] of [2, xml.length, 1, compressed].entries()) header.writeUInt32LE(word, 16 + index * 4);
    return Buffer.concat([header, Buffer.from(xml), bare(), Buffer.alloc(4096 - 500)]);
  };

  test("is libvirt's header, and zeros behind it", () => {
    const { itss, problems } = guestOf(libvirt(0));
    assert.deepEqual([itss, problems], [[], []], "an ITS alone is no GIC");
    assert.equal(guestOf(libvirt(0)).machine, "virt-7.2");
  });

  test("a compressed one is refused with what to do", () => {
    const read = finish(readGuest("qemu", libvirt(1)));
    assert.ok("failure" in read);
    assert.match(read.failure, /^libvirt compressed the stream\. Unpack it/);
  });

  test("a machine with suppress-vmdesc has no description: RAM alone is read", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    builder.ramStart([["mach-virt.ram", PAGE]]);
    builder.pages(() => builder.page(8, 0, "mach-virt.ram").raw(full(1)));
    const whole = builder.device(3, "arm_gicv3_its", its).done();
    const { memory, problems } = guestOf(whole.subarray(0, whole.indexOf('{"page_size"') - 5));
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["no-description", "unknown-section"],
    );
    assert.equal(memory.read(RAM, 1)?.[0], 1);
  });

  test("a length beyond the stream costs that device alone", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    builder.device(3, "first", [{ name: "a", bytes: 4, value: 4 }], 2 ** 30);
    builder.device(4, "second", [{ name: "a", bytes: 4, value: 4 }]);
    assert.deepEqual(codes(builder.done()), ["wrong-length", "found-again"]);
  });

  test("devices behind one whose length is a lie are found again", () => {
    const builder = new StreamBuilder().configuration("virt-7.2");
    for (const [id, lie] of [0, 3, 0, 1, 0].entries()) {
      const name = `device${id}`;
      builder.device(id + 3, name, [{ name: "a", bytes: 4, value: 4 }], lie);
    }
    const { problems } = guestOf(builder.done());
    assert.deepEqual(
      problems.map(({ code }) => code),
      ["no-footer", "found-again", "no-footer", "found-again"],
    );
    const found = problems.filter(({ code }) => code === "found-again").map(({ values }) => values?.name);
    assert.deepEqual(found, ["device2", "device4"]);
  });
});

describe("any bytes", () => {
  const { bytes } = fixture("qemu-gicv3");
  /** Behind RAM: devices and the description. */
  const TAIL = 60_000;

  test("are read to an end, whatever is changed or cut", () => {
    const change = fc.record({ at: fc.nat(TAIL - 1), byte: fc.nat(255), head: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.option(fc.nat(TAIL)), (changes, cut) => {
        const damaged = Uint8Array.from(bytes);
        for (const { at, byte, head } of changes) damaged[head ? 8 + (at % 400) : damaged.length - 1 - at] = byte;
        const guest = guestOf(cut === null ? damaged : damaged.subarray(0, damaged.length - cut));
        for (const problem of [...guest.problems, ...guest.notes]) assert.ok(remarkText(problem).length < 1000);
        guest.memory.read(RAM, 64);
      }),
      { numRuns: 60 },
    );
  });

  test("a description of made-up sizes costs nothing", () => {
    const device = (fields: unknown) => ({
      name: "arm_gicv3",
      instance_id: 0,
      vmsd_name: "arm_gicv3",
      version: 1,
      fields,
    });
    let nested: unknown = [{ name: "cpu", type: "struct", size: 0, struct: { fields: [] } }];
    for (let depth = 0; depth < 500; depth++)
      nested = [{ name: "cpu", type: "struct", size: 0, struct: { fields: nested } }];
    const contents: unknown[] = [
      [],
      { devices: 7 },
      { devices: [device([{ name: "gicd_ctlr", size: 2 ** 31, array_len: 2 ** 31 }])] },
      { devices: [device([{ name: "cpu", type: "struct", size: 0, array_len: 2 ** 31, struct: { fields: [] } }])] },
      { devices: [device(nested)] },
      { devices: [device([{ name: "gicd_ctlr", size: -1 }])] },
      { devices: [{ name: "__proto__", fields: [{ name: "constructor", size: 4 }] }, null, 5] },
    ];
    for (const content of contents) {
      const builder = new StreamBuilder().configuration("virt-7.2");
      builder.u8(4).u32(3).name("arm_gicv3").u32(0).u32(1).u32(0x12).footer(3).u8(0);
      const json = JSON.stringify(content);
      builder.u8(6).u32(json.length).text(json);
      const parts = guestOf(
        (builder as unknown as { parts: Buffer[] }).parts.reduce((all, part) => Buffer.concat([all, part])),
      );
      assert.ok(parts.redistributors.length <= 512);
    }
  });
});
