import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandErrorByName, commandErrors } from "../../../architecture/index.ts";
import { ItsWord } from "../../../emulator/arch/its-state.ts";
import { outcomeDetail, outcomeName } from "../../../emulator/index.ts";
import { digestOf } from "../machine-state.ts";
import {
  type CommandLine,
  Its,
  ittAt,
  mapc,
  mapd,
  mapti,
  outcomeText,
  packet,
  place,
  StrictMachine,
  vmapp,
  vmapti,
  vptAt,
} from "./machine.ts";

type Row = readonly [error: string, ...before: CommandLine[], command: CommandLine];

/** DeviceIDs, ICIDs and vPEIDs that a table of one 64 KiB page with 8-byte entries has no room for. */
const BEYOND = 8192;
const device = [mapc(0, 0), mapd(1)] as const;
const event = [...device, mapti(1, 2, 8200, 0)] as const;
/** An event of a collection that no MAPC has mapped. */
const lost = [...device, mapti(1, 2, 8200, 5)] as const;
const vpe = [...device, vmapp(0, 0), vmapp(1, 1)] as const;
const virtual = [...vpe, vmapti(1, 2, 0, 9000)] as const;
const at = (DeviceID: number, EventID: number) => ({ DeviceID, EventID });

/** Commands that do nothing but find an event and what it is mapped to. */
const plain = (name: string): Row[] => [
  [`${name}_DEVICE_OOR`, [name, at(BEYOND, 2)]],
  [`${name}_UNMAPPED_DEVICE`, ...device, [name, at(7, 2)]],
  [`${name}_ID_OOR`, ...event, [name, at(1, 32)]],
  [`${name}_UNMAPPED_INTERRUPT`, ...event, [name, at(1, 3)]],
  [`${name}_ITE_INVALID`, ...lost, [name, at(1, 2)]],
  [`${name}_ITE_INVALID`, ...virtual, ["VMAPP", { vPEID: 0, V: 0 }], [name, at(1, 2)]],
];

/** Commands that name a vPE and nothing else that can be wrong. */
const ofVpe = (name: string): Row[] => [
  [`${name}_VCPU_OOR`, [name, { vPEID: BEYOND }]],
  [`${name}_VCPU_INVALID`, [name, { vPEID: 3 }]],
];

const rows: readonly Row[] = [
  ...["INT", "CLEAR", "INV", "DISCARD"].flatMap(plain),
  ["MAPD_DEVICE_OOR", mapd(BEYOND)],
  ["MAPD_DEVICE_OOR", ["MAPD", { DeviceID: BEYOND, V: 0 }]],
  ["MAPD_ITTSIZE_OOR", mapd(1, 16)],
  ["MAPC_COLLECTION_OOR", mapc(BEYOND, 0)],
  ["MAPC_COLLECTION_OOR", ["MAPC", { ICID: BEYOND, V: 0 }]],
  ["MAPC_PROCNUM_OOR", mapc(0, 3)],
  ["MAPTI_DEVICE_OOR", mapti(BEYOND, 0, 8200, 0)],
  ["MAPTI_UNMAPPED_DEVICE", mapti(2, 0, 8200, 0)],
  ["MAPTI_ID_OOR", ...device, mapti(1, 32, 8200, 0)],
  ["MAPTI_PHYSICALID_OOR", ...device, mapti(1, 0, 8191, 0)],
  ["MAPTI_PHYSICALID_OOR", ...device, mapti(1, 0, 65536, 0)],
  ["MAPTI_COLLECTION_OOR", ...device, mapti(1, 0, 8200, BEYOND)],
  ["MAPI_DEVICE_OOR", ["MAPI", { ...at(BEYOND, 8200), ICID: 0 }]],
  ["MAPI_UNMAPPED_DEVICE", ["MAPI", { ...at(2, 8200), ICID: 0 }]],
  ["MAPI_ID_OOR", mapd(1), ["MAPI", { ...at(1, 8200), ICID: 0 }]],
  ["MAPI_PHYSICALID_OOR", mapd(1, 15), ["MAPI", { ...at(1, 8191), ICID: 0 }]],
  ["MAPI_COLLECTION_OOR", mapd(1, 15), ["MAPI", { ...at(1, 8200), ICID: BEYOND }]],
  ["MOVI_DEVICE_OOR", ["MOVI", { ...at(BEYOND, 2), ICID: 0 }]],
  ["MOVI_UNMAPPED_DEVICE", ["MOVI", { ...at(2, 2), ICID: 0 }]],
  ["MOVI_ID_OOR", ...event, ["MOVI", { ...at(1, 32), ICID: 0 }]],
  ["MOVI_COLLECTION_OOR", ...event, ["MOVI", { ...at(1, 2), ICID: BEYOND }]],
  ["MOVI_UNMAPPED_INTERRUPT", ...event, ["MOVI", { ...at(1, 3), ICID: 0 }]],
  ["MOVI_UNMAPPED_INTERRUPT", ...virtual, ["MOVI", { ...at(1, 2), ICID: 0 }]],
  ["MOVI_UNMAPPED_COLLECTION", ...lost, ["MOVI", { ...at(1, 2), ICID: 0 }]],
  ["MOVI_UNMAPPED_COLLECTION", ...event, ["MOVI", { ...at(1, 2), ICID: 4 }]],
  ["INVALL_COLLECTION_OOR", ["INVALL", { ICID: BEYOND }]],
  ["INVALL_UNMAPPED_COLLECTION", ["INVALL", { ICID: 4 }]],
  ["MOVALL_PROCNUM_OOR", ["MOVALL", { RDbase1: 3, RDbase2: 0 }]],
  ["MOVALL_PROCNUM_OOR", ["MOVALL", { RDbase1: 0, RDbase2: 2 ** 36 - 1 }]],
  ["VMAPP_VCPU_OOR", vmapp(BEYOND, 0, { VPT_addr: vptAt(0) })],
  ["VMAPP_PROCNUM_OOR", vmapp(0, 3)],
  ["VMAPP_PROCNUM_OOR", vmapp(0, 0, { VPT_size: 16 })],
  ["VMAPTI_DEVICE_OOR", ...vpe, vmapti(BEYOND, 0, 0, 9000)],
  ["VMAPTI_UNMAPPED_DEVICE", ...vpe, vmapti(2, 0, 0, 9000)],
  ["VMAPTI_ID_OOR", ...vpe, vmapti(1, 32, 0, 9000)],
  ["VMAPTI_PHYSICALID_OOR", ...vpe, vmapti(1, 0, 0, 9000, 1022)],
  ["VMAPTI_VIRTUALID_OOR", ...vpe, vmapti(1, 0, 0, 8191)],
  ["VMAPTI_VIRTUALID_OOR", vmapp(0, 0, { VPT_size: 13 }), mapd(1), vmapti(1, 0, 0, 16384)],
  ["VMAPTI_VCPU_OOR", ...vpe, vmapti(1, 0, BEYOND, 9000)],
  ["VMAPTI_VCPU_INVALID", ...vpe, vmapti(1, 0, 3, 9000)],
  ["VMAPI_DEVICE_OOR", ["VMAPI", { ...at(BEYOND, 9000), vPEID: 0 }]],
  ["VMAPI_UNMAPPED_DEVICE", ["VMAPI", { ...at(2, 9000), vPEID: 0 }]],
  ["VMAPI_ID_OOR", ...vpe, ["VMAPI", { ...at(1, 9000), vPEID: 0 }]],
  ["VMAPI_ID_OOR", ...vpe, ["VMAPI", { ...at(1, 8), vPEID: 0 }]],
  ["VMAPI_PHYSICALID_OOR", mapd(1, 15), ["VMAPI", { ...at(1, 9000), vPEID: 0, Dbell_pINTID: 0 }]],
  ["VMAPI_VCPU_OOR", mapd(1, 15), ["VMAPI", { ...at(1, 9000), vPEID: BEYOND }]],
  ["VMAPI_VCPU_INVALID", mapd(1, 15), ["VMAPI", { ...at(1, 9000), vPEID: 0 }]],
  ["VMOVI_DEVICE_OOR", ["VMOVI", { ...at(BEYOND, 2), vPEID: 1 }]],
  ["VMOVI_UNMAPPED_DEVICE", ["VMOVI", { ...at(2, 2), vPEID: 1 }]],
  ["VMOVI_ID_OOR", ...virtual, ["VMOVI", { ...at(1, 32), vPEID: 1 }]],
  ["VMOVI_PHYSICALID_OOR", ...virtual, ["VMOVI", { ...at(1, 2), vPEID: 1, D: 1, Dbell_pINTID: 5 }]],
  ["VMOVI_UNMAPPED_INTERRUPT", ...virtual, ["VMOVI", { ...at(1, 3), vPEID: 1 }]],
  ["VMOVI_ID_IS_PHYSICAL", ...event, ["VMOVI", { ...at(1, 2), vPEID: 1 }]],
  ["VMOVI_ITEVCPU_INVALID", ...virtual, ["VMAPP", { vPEID: 0, V: 0 }], ["VMOVI", { ...at(1, 2), vPEID: 1 }]],
  ["VMOVI_CMDVCPU_INVALID", ...virtual, ["VMOVI", { ...at(1, 2), vPEID: 3 }]],
  ["VMOVI_CMDVCPU_INVALID", ...virtual, vmapp(2, 0, { VPT_size: 12 }), ["VMOVI", { ...at(1, 2), vPEID: 2 }]],
  ...["VMOVP", "VSYNC", "VINVALL", "VSGI", "INVDB"].flatMap(ofVpe),
  ["VMOVP_PROCNUM_OOR", ...vpe, ["VMOVP", { vPEID: 0, RDbase: 3 }]],
];

/** Its commands and its failing one, in one write of GITS_CWRITER. */
function fail([, ...lines]: Row): { strict: StrictMachine; before: string } {
  const strict = new StrictMachine({ gicVersion: 4.1 });
  const commands = lines as CommandLine[];
  strict.done(...commands.slice(0, -1));
  const failing = packet(commands[commands.length - 1]);
  const writer = strict.its(Its.cwriter);
  failing.forEach((word, index) => {
    strict.machine.write(place.queue + Number(writer) + index * 8, 8, word);
  });
  const before = digestOf(strict.machine);
  strict.run(0, [failing]);
  return { strict, before };
}

describe("command errors of arch", () => {
  for (const row of rows) {
    const last = row[row.length - 1] as CommandLine;
    it(`${row[0]}: ${last[0]} ${JSON.stringify(last[1])}`, () => {
      const { strict, before } = fail(row);
      const outcome = strict.outcomes[strict.outcomes.length - 1];
      const code = commandErrorByName(row[0])?.code;
      assert.equal(outcomeText(outcome), `stalled 0x${code?.toString(16)}`);
      const queued = strict.its(Its.cwriter) - 32n;
      assert.equal(strict.its(Its.creadr), queued | 1n, "GITS_CREADR stays at the command, Stalled");
      // Nothing else than GITS_CWRITER and GITS_CREADR.Stalled changed: with both taken back the machine is what it was.
      strict.setIts(Its.cwriter, queued);
      strict.machine.gic.itss[0].state.registers.set(ItsWord.stalled, 0);
      assert.equal(digestOf(strict.machine), before);
    });
  }

  it("are each raised at least once, but for those of implementations' own kinds", () => {
    const raised = new Set(rows.map(([error]) => error));
    const wanted = commandErrors.filter(({ kind }) => kind < 0x20).map(({ name }) => name);
    assert.deepEqual(
      wanted.filter((name) => !raised.has(name)),
      [],
    );
  });
});

describe("a stalled queue", () => {
  const stalledAt64 = (): StrictMachine => {
    const strict = new StrictMachine();
    strict.done(mapc(0, 0), mapd(1));
    strict.run(0, [mapti(1, 2, 8191, 0), mapti(1, 3, 8201, 0)].map(packet));
    return strict;
  };

  it("processes nothing more when GITS_CWRITER is written without Retry", () => {
    const strict = stalledAt64();
    assert.deepEqual(strict.run(0, [packet(mapc(1, 1))]), []);
    assert.equal(strict.its(Its.creadr), 65n);
    strict.setIts(0, 1n, 0, 4);
    assert.equal(strict.its(Its.creadr), 65n);
  });

  it("tries the same command again with Retry, and stalls again when it still fails", () => {
    const strict = stalledAt64();
    strict.setIts(Its.cwriter, 128n | 1n);
    assert.equal(strict.its(Its.creadr), 65n);
    assert.equal(strict.outcomes.length, 4);
  });

  it("goes on with Retry when the command is right now", () => {
    const strict = stalledAt64();
    strict.machine.write(place.queue + 64 + 8, 8, packet(mapti(1, 2, 8200, 0))[1]);
    strict.setIts(Its.cwriter, 128n | 1n);
    assert.equal(strict.its(Its.creadr), 128n);
    assert.equal(strict.its(Its.cwriter), 128n, "Retry reads as 0");
    assert.equal(strict.machine.tables(0).event(1, 2)?.intid, 8200);
    assert.equal(strict.machine.tables(0).event(1, 3)?.intid, 8201);
  });

  it("takes Retry for nothing when it is not stalled", () => {
    const strict = new StrictMachine();
    strict.done(mapc(0, 0));
    strict.setIts(Its.cwriter, 32n | 1n);
    assert.equal(strict.its(Its.creadr), 32n);
    assert.equal(strict.outcomes.length, 1);
  });

  it("starts anew with GITS_CBASER", () => {
    const strict = stalledAt64();
    strict.setIts(0, 0n, 0, 4);
    strict.setIts(Its.cbaser, (1n << 63n) | BigInt(place.queue) | 0xfn);
    assert.equal(strict.its(Its.creadr), 0n);
  });

  it("stalls with no code when a table is in no memory, and when the command is", () => {
    const strict = new StrictMachine();
    strict.done(["MAPD", { DeviceID: 1, Size: 4, ITT_addr: 0x9000_0000 }]);
    strict.run(0, [packet(mapti(1, 0, 8200, 0))]);
    assert.equal(outcomeText(strict.outcomes[1]), "stalled 0x0");
    const bare = new StrictMachine();
    bare.setIts(0, 0n, 0, 4);
    bare.setIts(Its.cbaser, (1n << 63n) | 0x9000_0000n | 0xfn);
    bare.setIts(0, 1n, 0, 4);
    bare.setIts(Its.cwriter, 32n);
    assert.equal(outcomeText(bare.outcomes[0]), "stalled 0x0");
    assert.equal(bare.its(Its.creadr), 1n);
  });

  it("tells of a System error when GITS_TYPER.SEIS = 1", () => {
    const strict = new StrictMachine({ systemErrors: true });
    assert.equal((strict.its(Its.typer) >> 18n) & 1n, 1n);
    strict.run(0, [packet(["INVALL", { ICID: 3 }])]);
    assert.deepEqual(strict.remarks, [{ kind: "system-error", its: 0, code: 0x010d09 }]);
  });
});

describe("errors of translations", () => {
  it("stall nothing, and are reported in GITS_STATUSR and GITS_UMSIR", () => {
    const strict = new StrictMachine();
    strict.done(...lost);
    const syndromes: readonly [device: number, event: number, error: string, syndrome: bigint][] = [
      [BEYOND, 0, "INT_DEVICE_OOR", 2n],
      [2, 0, "INT_UNMAPPED_DEVICE", 3n],
      [1, 32, "INT_ID_OOR", 4n],
      [1, 3, "INT_UNMAPPED_INTERRUPT", 5n],
      [1, 2, "INT_ITE_INVALID", 7n],
    ];
    for (const [deviceId, eventId, error, syndrome] of syndromes) {
      const outcome = strict.machine.signalMsi(0, deviceId, eventId);
      assert.equal(outcomeName(outcome), "ignored");
      assert.equal(outcomeDetail(outcome), commandErrorByName(error)?.code);
      assert.equal(strict.its(Its.statusr, 0, 4), 0x10n | (syndrome << 6n));
      assert.equal(strict.its(Its.umsir), (BigInt(deviceId) << 32n) | BigInt(eventId));
      strict.setIts(Its.statusr, 0x10n, 0, 4);
      assert.equal(strict.its(Its.statusr, 0, 4), 0n);
    }
    strict.machine.signalMsi(0, 2, 0);
    strict.machine.signalMsi(0, 1, 3);
    assert.equal(strict.its(Its.statusr, 0, 4), 0x30n | (3n << 6n), "the second one is an overflow");
    assert.equal(strict.its(Its.umsir), 2n << 32n);
    assert.equal(strict.its(Its.creadr) & 1n, 0n);
  });
});

it("an ITT can be at the end of what a device table entry can name", () => {
  const strict = new StrictMachine();
  strict.done(["MAPD", { DeviceID: 1, Size: 15, ITT_addr: 2 ** 52 - 256 }]);
  assert.equal(strict.machine.tables(0).device(1)?.ittAddress, 2 ** 52 - 256);
  assert.notEqual(strict.machine.tables(0).device(1)?.ittAddress, ittAt(1));
});
