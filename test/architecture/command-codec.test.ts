import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  absentRaw,
  argumentToRaw,
  type Command,
  type CommandWords,
  commandByName,
  commandByOpcode,
  commandField,
  commands,
  decodeCommand,
  encodeCommand,
  extractRaw,
  type Field,
  fieldArgument,
  fieldMask,
  fieldMax,
  formatCommand,
  insertRaw,
} from "../../architecture/index.ts";
import { assertSoundFields } from "./declared-fields.ts";

function named(name: string): Command {
  const command = commandByName(name);
  assert.ok(command, `${name} is declared`);
  return command;
}

function wordsOf(text: string): [bigint, bigint, bigint, bigint] {
  const [dw0, dw1, dw2, dw3] = text.split(" ").map((word) => BigInt(`0x${word}`));
  return [dw0, dw1, dw2, dw3];
}

/** Scripts' arguments of a command as in `name=value`, to raw values. */
function rawOf(command: Command, text: string): Record<string, bigint> {
  const entries = text === "" ? [] : text.split(", ").map((part) => part.split("="));
  return Object.fromEntries(
    entries.map(([name, argument]) => {
      const field = commandField(command, name);
      assert.ok(field, `${command.name} has ${name}`);
      const result = argumentToRaw(field, BigInt(argument));
      assert.ok(result.ok, `${name}=${argument} fits`);
      return [name, result.raw];
    }),
  );
}

/** DW0..DW3 of commands as Linux's and QEMU's encoders make them, with the script line that stands for them. */
const packets: readonly (readonly [words: string, line: string])[] = [
  [
    "0000001000000008 0000000000000007 8000000040400000 0000000000000000",
    "MAPD DeviceID=0x10, ITT_addr=0x40400000, Size=7",
  ],
  ["0000000000000009 0000000000000000 8000000000030003 0000000000000000", "MAPC ICID=3, RDbase=3"],
  [
    "000000020000000a 0000200300000014 0000000000000003 0000000000000000",
    "MAPTI DeviceID=0x2, EventID=0x14, pINTID=8195, ICID=3",
  ],
  ["000000020000000b 0000000000002008 0000000000000003 0000000000000000", "MAPI DeviceID=0x2, EventID=0x2008, ICID=3"],
  ["0000000200000001 0000000000000014 0000000000000002 0000000000000000", "MOVI DeviceID=0x2, EventID=0x14, ICID=2"],
  ["000000000000000e 0000000000000000 0000000000030000 0000000000020000", "MOVALL RDbase1=3, RDbase2=2"],
  ["000000020000000c 0000000000000014 0000000000000000 0000000000000000", "INV DeviceID=0x2, EventID=0x14"],
  ["000000000000000d 0000000000000000 0000000000000003 0000000000000000", "INVALL ICID=3"],
  ["0000000200000003 0000000000000014 0000000000000000 0000000000000000", "INT DeviceID=0x2, EventID=0x14"],
  ["0000000200000004 0000000000000014 0000000000000000 0000000000000000", "CLEAR DeviceID=0x2, EventID=0x14"],
  ["000000020000000f 0000000000000014 0000000000000000 0000000000000000", "DISCARD DeviceID=0x2, EventID=0x14"],
  ["0000000000000005 0000000000000000 0000000000030000 0000000000000000", "SYNC RDbase=3"],
  [
    "0000000000000029 0000001200000000 8000000000010000 000000004800000f",
    "VMAPP vPEID=18, RDbase=1, VPT_addr=0x48000000, VPT_size=15",
  ],
  [
    "0000000047000129 0000001200002000 8000000000010000 000000004800000f",
    "VMAPP vPEID=18, RDbase=1, VPT_addr=0x48000000, VPT_size=15, Alloc=1, VCONF_addr=0x47000000, Default_Doorbell_pINTID=8192",
  ],
  ["0000000000000129 0000001200000000 0000000000000000 0000000000000000", "VMAPP vPEID=18, Alloc=1, V=0"],
  [
    "000000020000002a 0000001200000014 000003ff00002134 0000000000000000",
    "VMAPTI DeviceID=0x2, EventID=0x14, vPEID=18, vINTID=8500",
  ],
  [
    "000000020000002b 0000001200002134 000003ff00000000 0000000000000000",
    "VMAPI DeviceID=0x2, EventID=0x2134, vPEID=18",
  ],
  [
    "0000000200000021 0000001300000014 000003ff00000001 0000000000000000",
    "VMOVI DeviceID=0x2, EventID=0x14, vPEID=19, D=1, Dbell_pINTID=1023",
  ],
  [
    "0000000500000022 0000001200000003 0000000000020000 0000000000000000",
    "VMOVP vPEID=18, RDbase=2, Sequence_Number=5, ITSList=0x3",
  ],
  [
    "0000000000000022 0000001200000000 8000000000020000 0000000000002000",
    "VMOVP vPEID=18, RDbase=2, DB=1, Default_Doorbell_pINTID=8192",
  ],
  ["0000000000000025 0000001200000000 0000000000000000 0000000000000000", "VSYNC vPEID=18"],
  ["000000000000002d 0000001200000000 0000000000000000 0000000000000000", "VINVALL vPEID=18"],
  ["000000000000002e 0000001200000000 0000000000000000 0000000000000000", "INVDB vPEID=18"],
  [
    "0000000500a00523 0000001200000000 0000000000000000 0000000000000000",
    "VSGI vPEID=18, vINTID=5, Enable=1, Group=1, Priority=0xa0",
  ],
  ["0000001000000008 0000000000000000 0000000000000000 0000000000000000", "MAPD DeviceID=0x10, V=0"],
  ["0000000000000009 0000000000000000 0000000000000003 0000000000000000", "MAPC ICID=3, V=0"],
];

for (const [hex, line] of packets) {
  test(`${line} is ${hex}`, () => {
    const [name, ...rest] = line.split(" ");
    const command = named(name);
    const words = wordsOf(hex);
    assert.deepEqual(encodeCommand(command, rawOf(command, rest.join(" "))), words);
    assert.equal(formatCommand(words), line);
    assert.deepEqual(decodeCommand(words).reservedBits, [0n, 0n, 0n, 0n]);
  });
}

test("every command of the list is among the packets, and no other exists", () => {
  const shown = new Set(packets.map(([, line]) => line.split(" ")[0]));
  assert.deepEqual(new Set(commands.map(({ name }) => name)), shown);
  assert.equal(commands.filter(({ since }) => since === "v3").length, 12);
});

test("names and opcodes are unique, and each finds its command", () => {
  assert.equal(new Set(commands.map(({ name }) => name)).size, commands.length);
  assert.equal(new Set(commands.map(({ opcode }) => opcode)).size, commands.length);
  for (const command of commands) {
    assert.equal(commandByName(command.name), command);
    assert.equal(commandByOpcode(command.opcode), command);
  }
  assert.equal(commandByName("MAPVI"), named("MAPTI"));
  assert.equal(commandByOpcode(0x02), undefined);
});

test("the opcode of a GICv4 command is its GICv3 counterpart's plus 0x20", () => {
  for (const command of commands.filter(({ since }) => since !== "v3")) {
    const counterpart = commandByName(command.name.slice(1));
    if (counterpart === undefined) assert.ok(["VMOVP", "VSGI", "VMAPP", "INVDB"].includes(command.name), command.name);
    else assert.equal(command.opcode, counterpart.opcode + 0x20, command.name);
  }
  assert.equal(named("VMAPP").opcode, named("MAPC").opcode + 0x20);
});

test("fields of commands are sound, word by word, and none touches the opcode", () => {
  const opcode: Field = { name: "opcode", msb: 7, lsb: 0, summary: "Opcode." };
  for (const command of commands) {
    for (const word of [0, 1, 2, 3]) {
      const fields = command.fields.filter((field) => field.word === word);
      assertSoundFields(`${command.name} DW${word}`, 64, word === 0 ? [opcode, ...fields] : fields);
    }
    assert.equal(new Set(command.fields.map(({ name }) => name)).size, command.fields.length, command.name);
    for (const { name, unusedIf } of command.fields) {
      if (unusedIf)
        assert.ok(commandField(command, unusedIf.field), `${command.name}.${name} depends on ${unusedIf.field}`);
    }
  }
});

const anyCommand = fc.constantFrom(...commands);
const anyWord = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

test("decoding gives back what was encoded", () => {
  const withValues = anyCommand.chain((command) =>
    fc.tuple(
      fc.constant(command),
      fc.tuple(...command.fields.map((field) => fc.bigInt({ min: 0n, max: fieldMax(field) }))),
    ),
  );
  fc.assert(
    fc.property(withValues, ([command, values]) => {
      const raw = Object.fromEntries(command.fields.map((field, place) => [field.name, values[place]]));
      const decoded = decodeCommand(encodeCommand(command, raw));
      assert.equal(decoded.command, command);
      assert.deepEqual(Object.fromEntries(decoded.values.map(({ field, raw }) => [field.name, raw])), raw);
      assert.deepEqual(decoded.reservedBits, [0n, 0n, 0n, 0n]);
    }),
  );
});

test("fields and reserved bits together are the whole packet, whatever the words", () => {
  const words = fc.tuple(
    fc.oneof(
      anyWord,
      anyCommand.map(({ opcode }) => BigInt(opcode)),
    ),
    anyWord,
    anyWord,
    anyWord,
  );
  fc.assert(
    fc.property(words, (packet: CommandWords) => {
      const { command, values, reservedBits } = decodeCommand(packet);
      const raw = Object.fromEntries(values.map(({ field, raw }) => [field.name, raw]));
      const known = command ? encodeCommand(command, raw) : [packet[0] & 0xffn, 0n, 0n, 0n];
      for (const index of [0, 1, 2, 3]) assert.equal(known[index] | reservedBits[index], packet[index]);
    }),
  );
});

test("a formatted command encodes to the same words", () => {
  const withValues = anyCommand.chain((command) =>
    fc.tuple(
      fc.constant(command),
      fc.tuple(
        ...command.fields.map((field) =>
          fc.oneof(fc.constantFrom(0n, absentRaw(field)), fc.bigInt({ min: 0n, max: fieldMax(field) })),
        ),
      ),
    ),
  );
  fc.assert(
    fc.property(withValues, ([command, values]) => {
      const words = encodeCommand(
        command,
        Object.fromEntries(command.fields.map(({ name }, place) => [name, values[place]])),
      );
      const [name, ...rest] = formatCommand(words).split(" ");
      assert.equal(name, command.name);
      assert.deepEqual(encodeCommand(command, rawOf(command, rest.join(" "))), words);
    }),
  );
});

test("set RES0 bits follow in a comment, and an unknown opcode gives raw words", () => {
  assert.equal(
    formatCommand([0x100000005n, 0n, 1n << 16n, 2n]),
    "SYNC RDbase=1 # RES0 bits set: DW0 0x100000000, DW3 0x2",
  );
  assert.equal(formatCommand([0xffn, 1n, 2n, 3n]), "raw 0xff, 0x1, 0x2, 0x3");
});

test("an argument is the raw value moved up by the shift, without the plus", () => {
  const mapd = named("MAPD");
  const size = commandField(mapd, "Size");
  const address = commandField(mapd, "ITT_addr");
  assert.ok(size && address);
  assert.equal(fieldArgument(size, 7n), 7n);
  assert.equal(fieldArgument(address, 0x404000n), 0x40400000n);
  assert.deepEqual(argumentToRaw(address, 0x40400000n), { ok: true, raw: 0x404000n });
  assert.deepEqual(argumentToRaw(address, 0xfffffffffff00n), { ok: true, raw: 0xfffffffffffn });
});

test("an argument that the field cannot hold is refused with the field's name", () => {
  const mapd = named("MAPD");
  const size = commandField(mapd, "Size");
  const address = commandField(mapd, "ITT_addr");
  assert.ok(size && address);
  const refused = [
    [size, 32n, "too-large", /Size: 0x20 does not fit; the largest value is 0x1f\./],
    [size, -1n, "negative", /Size/],
    [
      address,
      0x40400080n,
      "unaligned",
      /ITT_addr: 0x40400080 is not a multiple of 0x100; the field has no bits \[7:0\]\./,
    ],
    [address, 1n << 52n, "too-large", /ITT_addr/],
  ] as const;
  for (const [field, argument, reason, message] of refused) {
    const result = argumentToRaw(field, argument);
    assert.ok(!result.ok);
    assert.equal(result.reason, reason);
    assert.match(result.message, message);
  }
});

test("encoding refuses unknown fields and values beyond a field", () => {
  assert.throws(() => encodeCommand(named("SYNC"), { ICID: 1n }), /RangeError: SYNC has no field ICID/);
  assert.throws(() => encodeCommand(named("INVALL"), { ICID: 0x10000n }), /RangeError: INVALL: 65536 is outside ICID/);
  assert.throws(() => encodeCommand(named("INVALL"), { ICID: -1n }), RangeError);
  assert.throws(() => encodeCommand(named("INVALL"), { constructor: 1n }), RangeError);
});

test("inserting a raw value changes the field's bits alone", () => {
  const anyField = fc.tuple(fc.nat(63), fc.nat(63)).map(
    ([one, other]): Field => ({
      name: "field",
      msb: Math.max(one, other),
      lsb: Math.min(one, other),
      summary: "Any field.",
    }),
  );
  fc.assert(
    fc.property(anyWord, anyField, fc.bigInt({ min: -(1n << 70n), max: 1n << 70n }), (word, field, raw) => {
      const result = insertRaw(word, field, raw);
      assert.equal(result & ~fieldMask(field), word & ~fieldMask(field));
      assert.equal(extractRaw(result, field), raw & fieldMax(field));
    }),
  );
});
