import { defaultBases } from "../../../architecture/bases.ts";
import type { Work } from "../../work.ts";
import { CaptureFacts } from "../facts.ts";
import { takeItsRegisters, takeRedistributorRegisters } from "../frames.ts";
import type { Traced } from "./qemu-trace.ts";

/** Events between two steps of the work. */
const EVENTS_A_STEP = 2048;

/**
 * What a trace says, as facts. A trace has no addresses of frames, only offsets in them.
 * @param said what the other files of the capture say: where the frames are; where nothing says it, they are where QEMU's `virt` board has them
 */
export function* factsOfTrace({ its, redistributors, tables }: Traced, said: CaptureFacts): Work<CaptureFacts> {
  const facts = new CaptureFacts();
  takeItsRegisters((name) => its.read(name), said.its?.address ?? defaultBases.its, facts);
  for (const [pe, registers] of redistributors) {
    const base = said.redistributors.get(pe)?.address ?? defaultBases.gicr + pe * defaultBases.gicrStride;
    takeRedistributorRegisters((name) => registers.read(name), pe, base, facts);
  }
  for (const device of tables.devices()) facts.saidDevices.push(device);
  for (const event of tables.events()) {
    facts.saidEvents.push(event);
    if (facts.saidEvents.length % EVENTS_A_STEP === 0) yield;
  }
  return facts;
}
