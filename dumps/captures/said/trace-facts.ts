import { defaultBases } from "../../../architecture/bases.ts";
import { CaptureFacts } from "../facts.ts";
import { takeItsRegisters, takeRedistributorRegisters } from "../frames.ts";
import type { Traced } from "./qemu-trace.ts";

/**
 * What a trace says, as facts. A trace has no addresses of frames, only offsets in them.
 * @param said what the other files of the capture say: where the frames are; where nothing says it, they are where QEMU's `virt` board has them
 */
export function factsOfTrace({ its, redistributors, tables }: Traced, said: CaptureFacts): CaptureFacts {
  const facts = new CaptureFacts();
  takeItsRegisters((name) => its.read(name), said.its?.address ?? defaultBases.its, facts);
  for (const [pe, registers] of redistributors) {
    const base = said.redistributors.get(pe)?.address ?? defaultBases.gicr + pe * defaultBases.gicrStride;
    takeRedistributorRegisters((name) => registers.read(name), pe, base, facts);
  }
  for (const device of tables.devices()) facts.saidDevices.push(device);
  for (const event of tables.events()) facts.saidEvents.push(event);
  return facts;
}
