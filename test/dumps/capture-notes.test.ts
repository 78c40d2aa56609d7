import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { layouts } from "../../architecture/layouts/index.ts";
import {
  allCaptureNotes,
  type CaptureFile,
  type CaptureReport,
  captureNotes,
  openCapture,
  walkCapture,
} from "../../dumps/captures/index.ts";
import { finish, readDump } from "../../dumps/index.ts";
import { GuestCapture } from "./guest-capture.ts";

const ITS = 0x808_0000;
const [IIDR, TYPER, BASER0] = [ITS, ITS + 8, ITS + 0x100];
/** GITS_BASER<n>.Entry_Size and GITS_TYPER.ITT_entry_size, each a number of bytes less one. */
const entrySize = (bytes: number) => BigInt(bytes - 1) << 48n;
const ittEntrySize = (bytes: number) => (BigInt(bytes - 1) << 4n) | 1n;

function reportOf(change: (guest: GuestCapture) => void, wanted?: keyof typeof layouts): CaptureReport {
  const guest = new GuestCapture();
  change(guest);
  return finish(walkCapture(openCapture(guest.files), wanted && layouts[wanted]));
}

function set(guest: GuestCapture, address: number, bits: bigint, mask: bigint): void {
  guest.registers.set(address, ((guest.registers.get(address) ?? 0n) & ~mask) | bits);
}

describe("lengths of entries that registers give", () => {
  it("are those of the layout that is read, and nothing is said", () => {
    const report = reportOf((guest) => set(guest, TYPER, ittEntrySize(8), 0xffn));
    assert.deepEqual([report.layout.name, report.sizes, captureNotes(report)], ["kvm-rev0", [], []]);
  });

  it("are said where they are others, with the register's file", () => {
    const report = reportOf((guest) => {
      set(guest, BASER0, entrySize(16), 0x1fn << 48n);
      set(guest, TYPER, ittEntrySize(12), 0xffn);
    });
    assert.deepEqual(
      report.sizes.map(({ entryName, said, layout, field }) => [entryName, said, layout, field]),
      [
        ["DTE", 16, 8, "GITS_BASER<n>.Entry_Size"],
        ["ITE", 12, 8, "GITS_TYPER.ITT_entry_size"],
      ],
    );
    assert.match(
      captureNotes(report)[1],
      /^GITS_TYPER\.ITT_entry_size \(\S+\) says 12 bytes of each ITE, and layout kvm-rev0, by which the table is read, has 8 bytes$/,
    );
  });

  it("decide between layouts that find events, and make none win that finds none", () => {
    const anonymous = (guest: GuestCapture) => set(guest, IIDR, 0x43bn << 32n, 0xffff_ffff_0000_0000n);
    const kvm = reportOf((guest) => {
      anonymous(guest);
      set(guest, TYPER, ittEntrySize(8), 0xffn);
    });
    assert.equal(kvm.layout.name, "kvm-rev0");
    const qemu = reportOf((guest) => {
      anonymous(guest);
      set(guest, TYPER, ittEntrySize(12), 0xffn);
    });
    // By 12 bytes each, KVM's ITEs make no events: the register is of another machine, which is said.
    assert.deepEqual([qemu.layout.name, qemu.sizes.map(({ entryName }) => entryName)], ["kvm-rev0", ["ITE"]]);
  });
});

describe("what every face says of a capture", () => {
  it("is what contradicts the tables, in one line a file", () => {
    const said = (name: string, content: string): CaptureFile => ({
      name,
      content: { text: content, dump: readDump(content) },
    });
    const trace = [
      "gicv3_its_cmd_mapd GICv3 ITS: command MAPD DeviceID 0x8 Size 0x3 ITT_addr 0x401808 V 1",
      "gicv3_its_cmd_mapti GICv3 ITS: command MAPTI DeviceID 0x8 EventID 0x0 ICID 0x0 pINTID 0x2009",
    ].join("\n");
    const report = finish(walkCapture(openCapture([...new GuestCapture().files, said("trace.log", trace)])));
    const notes = allCaptureNotes(report);
    assert.deepEqual(notes, [
      "trace.log: 1 device, of which 1 agrees with the tables and 1 event, of which 0 agree with the tables; trace.log:2: EventID 0 of DeviceID 0x8 has INTID 8201; in the tables it is 8192 at 0x40180800, mem-0x40000000.bin",
    ]);
  });
});
