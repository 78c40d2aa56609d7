import type { SavedState } from "../../emulator/index.ts";
import { at, type GuestCapture } from "../dumps/guest-capture.ts";

/** The guest as a saved machine, whose registers and memory are all there. */
export function savedState(guest: GuestCapture, model: SavedState["model"]): SavedState {
  const register = (address: number): bigint => guest.registers.get(address) ?? 0n;
  const redistributors = [0, 1].map(
    (pe) =>
      new Map([
        ["GICR_PROPBASER", register(0x80a_0070 + pe * 0x2_0000)],
        ["GICR_PENDBASER", register(0x80a_0078 + pe * 0x2_0000)],
      ]),
  );
  const its = new Map([
    ["GITS_IIDR", 0x4b00_043bn],
    ["GITS_BASER0", register(0x808_0100)],
    ["GITS_BASER1", register(0x808_0108)],
  ]);
  const ram = [{ base: at.ram, bytes: at.ramBytes }];
  return {
    model,
    shape: { cpus: 2, gicVersion: 3, secure: false, ram, its: [0x808_0000] },
    distributor: new Map(),
    redistributors,
    cpuInterfaces: [new Map(), new Map()],
    itss: [its],
    memory: [{ address: at.ram, bytes: new Uint8Array(guest.memory.buffer) }],
  };
}
