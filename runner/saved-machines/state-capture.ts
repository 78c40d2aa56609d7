import { defaultBases, layouts } from "../../architecture/index.ts";
import {
  type AddressSpan,
  type Capture,
  CaptureFacts,
  type RegisterSource,
  type Source,
  takeItsRegisters,
  takeRedistributorRegisters,
} from "../../dumps/captures/index.ts";
import { DumpMemory } from "../../dumps/index.ts";
import { Stretches } from "../../dumps/stretches.ts";
import type { RegisterValues, SavedState } from "../../emulator/index.ts";
import { withKvmPages } from "./saved-tables.ts";
import { tableRules } from "./table-rules.ts";

/** Zeros that a stretch repeats. */
const ZEROS = 4096;

/** A saved machine as captures, one an ITS: its registers say where tables are, and all of its memory is known. */
export function capturesOf(state: SavedState, name: string): Capture[] {
  const source: Source = { file: name, line: 0 };
  const { shape, itss, redistributors } = state;
  const ram = shape.ram.map(({ base, bytes }): AddressSpan => ({ from: base, to: base + bytes }));
  const memory = memoryOf(state, ram);
  return itss.map((registers, its): Capture => {
    const facts = new CaptureFacts();
    const { layout, kvm } = tableRules(state, registers);
    facts.ram.push(...ram);
    facts.its = { address: shape.its[its], source };
    takeItsRegisters(sourceOf(kvm ? withKvmPages(registers) : registers, source), shape.its[its], facts);
    for (const [pe, values] of redistributors.entries()) {
      const base = defaultBases.gicr + pe * defaultBases.gicrStride;
      takeRedistributorRegisters(sourceOf(values, source), pe, base, facts);
    }
    return {
      facts,
      disagreements: [],
      values: [],
      dumps: [{ name, memory }],
      guests: [],
      floating: [],
      layout: layouts[layout],
      problems: [],
    };
  });
}

function sourceOf(registers: RegisterValues, source: Source): RegisterSource {
  return (name) => {
    const value = registers.get(name);
    return value === undefined ? undefined : { value, source };
  };
}

/** RAM, with zeros where no run holds it. */
function memoryOf({ memory }: SavedState, ram: readonly AddressSpan[]): DumpMemory {
  const store = new Uint8Array(memory.reduce((sum, { bytes }) => sum + bytes.length, ZEROS));
  const stretches = new Stretches(store);
  let used = ZEROS;
  const zeros = (from: number, to: number): void => {
    if (from < to) stretches.push(from, to, 0, Math.min(ZEROS, to - from), 0, 0);
  };
  let run = 0;
  for (const { from, to } of ram.toSorted((a, b) => a.from - b.from)) {
    let at = from;
    for (; run < memory.length && memory[run].address < to; run++) {
      const { address, bytes } = memory[run];
      zeros(at, address);
      store.set(bytes, used);
      stretches.push(address, address + bytes.length, used, bytes.length, 0, 0);
      used += bytes.length;
      at = address + bytes.length;
    }
    zeros(at, to);
  }
  return new DumpMemory(stretches);
}
