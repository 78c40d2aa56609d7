import type { Distributor } from "../qemu/distributor.ts";
import { BASERS, ItsWord } from "../qemu/its-state.ts";
import type { QemuMachine } from "../qemu/machine.ts";
import { PeWord, PRIVATE_INTIDS } from "../qemu/redistributor.ts";
import type { Bank } from "../state/bank.ts";
import { nonZeroRuns, ramRanges } from "./memory-runs.ts";
import type { RegisterValues, SavedState } from "./saved-state.ts";

/** One field of QEMU's migration stream, here by the register that it holds. */
interface Field {
  readonly name: string;
  readonly word: number;
  /** A field of 64 bits takes two words. */
  readonly words: 1 | 2;
}

const one = (name: string, word: number): Field => ({ name, word, words: 1 });
const two = (name: string, word: number): Field => ({ name, word, words: 2 });
const series = (count: number, name: (index: number) => string, word: number, words: 1 | 2 = 1): Field[] =>
  Array.from({ length: count }, (_, index) => ({ name: name(index), word: word + index * words, words }));

/** Banks of a register by security state, and by interrupt group. */
const securities = ["S", "NS"];
const groups = ["G0", "G1S", "G1NS"];
const ACTIVE_WORDS = 4;

/** A redistributor (hw/intc/arm_gicv3_common.c vmstate_gicv3_cpu, vmstate_gicv3_gicv4). */
const redistributorFields: readonly Field[] = [
  one("LEVEL_INFO0", PeWord.level),
  one("GICR_CTLR", PeWord.ctlr),
  one("GICR_WAKER", PeWord.waker),
  two("GICR_PROPBASER", PeWord.propbaser),
  two("GICR_PENDBASER", PeWord.pendbaser),
  two("GICR_VPROPBASER", PeWord.vpropbaser),
  two("GICR_VPENDBASER", PeWord.vpendbaser),
  one("GICR_IGROUPR0", PeWord.group),
  one("GICR_ISENABLER0", PeWord.enabled),
  one("GICR_ISPENDR0", PeWord.pending),
  one("GICR_ISACTIVER0", PeWord.active),
  one("edge_trigger0", PeWord.edge),
  one("GICR_IGRPMODR0", PeWord.groupModifier),
  one("GICR_NSACR", PeWord.nsacr),
  ...series(PRIVATE_INTIDS / 4, (index) => `GICR_IPRIORITYR${index}`, PeWord.priorities),
];

/** A CPU interface, and what the PE runs as far as the interface asks. */
const cpuInterfaceFields: readonly Field[] = [
  ...series(2, (index) => `ICC_CTLR_EL1[${securities[index]}]`, PeWord.iccCtlr),
  one("ICC_PMR_EL1", PeWord.iccPmr),
  ...series(3, (index) => `ICC_BPR[${groups[index]}]`, PeWord.iccBpr),
  ...series(3, (index) => `ICC_IGRPEN[${groups[index]}]`, PeWord.iccIgrpen),
  one("ICC_CTLR_EL3", PeWord.iccCtlrEl3),
  ...groups.flatMap((group, at) =>
    series(ACTIVE_WORDS, (index) => `ICC_APR${index}[${group}]`, PeWord.iccApr + at * ACTIVE_WORDS),
  ),
  one("PE context", PeWord.context),
];

/** An ITS (hw/intc/arm_gicv3_its_common.c vmstate_its). */
const itsFields: readonly Field[] = [
  one("GITS_CTLR", ItsWord.ctlr),
  two("GITS_CBASER", ItsWord.cbaser),
  two("GITS_CWRITER", ItsWord.cwriter),
  two("GITS_CREADR", ItsWord.creadr),
  ...series(BASERS, (index) => `GITS_BASER${index}`, ItsWord.baser, 2),
];

/** The distributor (vmstate_gicv3): SPIs only. */
function distributorFields(distributor: Distributor): readonly Field[] {
  const bitmaps = distributor.intids / 32 - 1;
  const bitmap = (name: string, start: number): Field[] => series(bitmaps, (index) => `${name}${index + 1}`, start + 1);
  return [
    one("GICD_CTLR", 0),
    ...bitmap("GICD_IGROUPR", distributor.group),
    ...bitmap("GICD_IGRPMODR", distributor.groupModifier),
    ...bitmap("GICD_ISENABLER", distributor.enabled),
    ...bitmap("GICD_ISPENDR", distributor.pending),
    ...bitmap("GICD_ISACTIVER", distributor.active),
    ...series(bitmaps, (index) => `LEVEL_INFO${(index + 1) * 32}`, distributor.level + 1),
    ...bitmap("edge_trigger", distributor.edge),
    ...series(bitmaps * 8, (index) => `GICD_IPRIORITYR${index + 8}`, distributor.priorities + 8),
    ...series(bitmaps * 2, (index) => `GICD_NSACR${index + 2}`, distributor.nsacr + 2),
    ...series(bitmaps * 32, (index) => `GICD_IROUTER${index + 32}`, distributor.irouter + 64, 2),
  ];
}

function read(words: Uint32Array, fields: readonly Field[]): RegisterValues {
  return new Map(
    fields.map(({ name, word, words: width }) => {
      const high = width === 2 ? BigInt(words[word + 1]) << 32n : 0n;
      return [name, high | BigInt(words[word])];
    }),
  );
}

/** @returns the name of a register that does not exist, is missing or does not fit */
function write(bank: Bank, fields: readonly Field[], values: RegisterValues): string | undefined {
  const known = new Map(fields.map((field) => [field.name, field]));
  for (const name of values.keys()) if (!known.has(name)) return name;
  for (const { name, word, words } of fields) {
    const value = values.get(name);
    if (value === undefined || value >> (words === 2 ? 64n : 32n) !== 0n) return name;
    bank.set(word, Number(value & 0xffff_ffffn));
    if (words === 2) bank.set(word + 1, Number(value >> 32n));
  }
  return undefined;
}

/** Saves a machine of a QEMU model: what QEMU puts into its migration stream, and RAM. */
export function saveQemu(machine: QemuMachine): SavedState {
  const { gic, map, memory, cpus } = machine;
  const { distributor, redistributors, itss } = gic;
  return {
    model: machine.model.name,
    shape: {
      cpus,
      gicVersion: gic.architecture,
      secure: gic.cpuInterface.hasEl3,
      ram: ramRanges(memory),
      its: map.its,
    },
    distributor: read(distributor.words, distributorFields(distributor)),
    redistributors: redistributors.map(({ words }) => read(words, redistributorFields)),
    cpuInterfaces: redistributors.map(({ words }) => read(words, cpuInterfaceFields)),
    itss: itss.map(({ state }) => read(state.words, itsFields)),
    memory: nonZeroRuns(memory),
  };
}

/**
 * Puts a saved state into a fresh machine of its shape. What QEMU derives is derived anew, as after an incoming migration
 * (arm_gicv3.c arm_gicv3_post_load, arm_gicv3_its.c gicv3_its_post_load).
 * @returns the place of a register that is missing, unknown or too wide
 */
export function loadQemu(machine: QemuMachine, state: SavedState): string | undefined {
  const { distributor, redistributors, itss, delivery, arbiter } = machine.gic;
  for (const { address, bytes } of state.memory) machine.memory.writeBytes(address, bytes);
  const bad = write(distributor.bank, distributorFields(distributor), state.distributor);
  if (bad !== undefined) return `distributor.${bad}`;
  for (const [pe, { bank }] of redistributors.entries()) {
    const wrong = write(bank, redistributorFields, state.redistributors[pe]);
    if (wrong !== undefined) return `redistributors[${pe}].${wrong}`;
    const wrongInterface = write(bank, cpuInterfaceFields, state.cpuInterfaces[pe]);
    if (wrongInterface !== undefined) return `cpuInterfaces[${pe}].${wrongInterface}`;
  }
  for (const [its, unit] of itss.entries()) {
    const wrong = write(unit.state.registers, itsFields, state.itss[its]);
    if (wrong !== undefined) return `its[${its}].${wrong}`;
    if (unit.state.enabled) unit.state.latch();
  }
  for (const pe of redistributors) {
    pe.lpis.invalidate();
    pe.virtualLpis.invalidate();
    pe.refresh();
    delivery.update(pe);
    delivery.updateVirtual(pe);
  }
  arbiter.everythingChanged();
  return undefined;
}
