import assert from "node:assert/strict";
import { defaultBases } from "../../../architecture/bases.ts";
import { offsetOf } from "../../../architecture/index.ts";
import { type SavedState, saveState } from "../../../emulator/index.ts";
import { machineOfScript } from "../../../runner/saved-machines/index.ts";

const KVM_GUEST = `machine { model = kvm-7.2 cpus = 2 setup = ready }
MAPD DeviceID=0x8, ITT_addr=0x40300000, Size=4, V=1
MAPD DeviceID=0x10, ITT_addr=0x40300400, Size=2, V=1
MAPC ICID=0, RDbase=0, V=1
MAPC ICID=1, RDbase=1, V=1
MAPTI DeviceID=0x8, EventID=0x3, pINTID=8192, ICID=1
MAPTI DeviceID=0x10, EventID=0x1, pINTID=8200, ICID=0
INT DeviceID=0x8, EventID=0x3
`;

/** A guest of KVM's with something in every kind of register, saved as a VMM does it. */
export function kvmState(): SavedState {
  const source = machineOfScript(KVM_GUEST);
  assert.ok("machine" in source, JSON.stringify(source.problems));
  const { machine } = source;
  const { gicd, gicr, gicrStride } = defaultBases;
  const write = (address: number, bytes: 4 | 8, value: bigint): void => {
    assert.ok(machine.write(address, bytes, value), address.toString(16));
  };
  write(gicd + offsetOf("GICD_CTLR"), 4, 0x12n);
  write(gicd + offsetOf("GICD_ISENABLER1"), 4, 0x8000_0101n);
  write(gicd + offsetOf("GICD_ISENABLER8"), 4, 0x10n);
  write(gicd + offsetOf("GICD_ICFGR2"), 4, 0x0000_0008n);
  write(gicd + offsetOf("GICD_ICFGR3"), 4, 0x8000_0000n);
  write(gicd + offsetOf("GICD_IPRIORITYR10"), 4, 0x1020_3040n);
  write(gicd + offsetOf("GICD_ISPENDR1"), 4, 0x200n);
  write(gicd + offsetOf("GICD_IROUTER33"), 8, 1n);
  write(gicd + offsetOf("GICD_IROUTER143"), 8, 1n);
  write(gicd + offsetOf("GICD_IROUTER144"), 8, 1n);
  for (const pe of [0, 1]) {
    write(gicr + pe * gicrStride + offsetOf("GICR_ISENABLER0"), 4, 0x0800_0000n << BigInt(pe));
    write(gicr + pe * gicrStride + offsetOf("GICR_ICFGR1"), 4, 0x8n << BigInt(pe * 4));
    machine.writeSystemRegister?.(pe, "ICC_PMR_EL1", BigInt(0xf0 - 16 * pe));
    machine.writeSystemRegister?.(pe, "ICC_IGRPEN1_EL1", 1n);
  }
  const saved = saveState(machine);
  assert.ok("state" in saved);
  return saved.state;
}
