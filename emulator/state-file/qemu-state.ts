import { BASERS } from "../gicv3/its-fields.ts";
import { PeWord } from "../gicv3/redistributor.ts";
import { ItsWord } from "../qemu/its-state.ts";
import type { QemuMachine } from "../qemu/machine.ts";
import { type BankField, one, readBank, series, two, writeBanks } from "./bank-fields.ts";
import { cpuInterfaceFields, distributorFields, lpiFields, privateFields } from "./gic-fields.ts";
import { nonZeroRuns, ramRanges } from "./memory-runs.ts";
import type { SavedState } from "./saved-state.ts";

/** A redistributor (hw/intc/arm_gicv3_common.c vmstate_gicv3_cpu, vmstate_gicv3_gicv4). */
const redistributorFields: readonly BankField[] = [
  ...lpiFields,
  two("GICR_VPROPBASER", PeWord.vpropbaser),
  two("GICR_VPENDBASER", PeWord.vpendbaser),
  ...privateFields,
];

/** A CPU interface, and what the PE runs as far as the interface asks. */
const interfaceFields: readonly BankField[] = [...cpuInterfaceFields, one("PE context", PeWord.context)];

/** What FEAT_GICv3_NMI adds: vmstate_gicv3_cpu_nmi, and bit 63 of icc_apr. */
const redistributorNmiFields: readonly BankField[] = [...redistributorFields, one("GICR_INMIR0", PeWord.nmi)];
const interfaceNmiFields: readonly BankField[] = [...interfaceFields, one("ICC_APR NMI bits", PeWord.iccAprNmi)];

/** The fields of each redistributor and of each CPU interface. */
function peFields(nmi: boolean): { redistributor: readonly BankField[]; cpuInterface: readonly BankField[] } {
  return nmi
    ? { redistributor: redistributorNmiFields, cpuInterface: interfaceNmiFields }
    : { redistributor: redistributorFields, cpuInterface: interfaceFields };
}

/** An ITS (hw/intc/arm_gicv3_its_common.c vmstate_its). */
const itsFields: readonly BankField[] = [
  one("GITS_CTLR", ItsWord.ctlr),
  two("GITS_CBASER", ItsWord.cbaser),
  two("GITS_CWRITER", ItsWord.cwriter),
  two("GITS_CREADR", ItsWord.creadr),
  ...series(BASERS, (index) => `GITS_BASER${index}`, ItsWord.baser, 2),
];

/** Saves a machine of a QEMU model: what QEMU puts into its migration stream, and RAM. */
export function saveQemu(machine: QemuMachine): SavedState {
  const { gic, map, memory, cpus } = machine;
  const { distributor, redistributors, itss } = gic;
  const { redistributor, cpuInterface } = peFields(distributor.hasNmi);
  return {
    model: machine.model.name,
    shape: {
      cpus,
      gicVersion: gic.architecture,
      secure: gic.cpuInterface.hasEl3,
      ...(distributor.hasNmi ? { nmi: true } : {}),
      ram: ramRanges(memory),
      its: map.its,
    },
    distributor: readBank(distributor.words, distributorFields(distributor)),
    redistributors: redistributors.map(({ words }) => readBank(words, redistributor)),
    cpuInterfaces: redistributors.map(({ words }) => readBank(words, cpuInterface)),
    itss: itss.map(({ state }) => readBank(state.words, itsFields)),
    memory: nonZeroRuns(memory),
  };
}

/**
 * Puts a saved state into a fresh machine of its shape. What QEMU derives is derived anew, as after an incoming migration
 * (arm_gicv3.c arm_gicv3_post_load, arm_gicv3_its.c gicv3_its_post_load).
 * @returns what is wrong with the first register that is, beginning with its place
 */
export function loadQemu(machine: QemuMachine, state: SavedState): string | undefined {
  const { distributor, redistributors, itss, delivery, arbiter } = machine.gic;
  const { name } = machine.model;
  const { redistributor, cpuInterface } = peFields(distributor.hasNmi);
  for (const { address, bytes } of state.memory) machine.memory.writeBytes(address, bytes);
  const parts = [{ bank: distributor.bank, fields: distributorFields(distributor) }];
  const fault = writeBanks(parts, state.distributor, name);
  if (fault !== undefined) return `distributor.${fault}`;
  for (const [pe, { bank }] of redistributors.entries()) {
    const wrong = writeBanks([{ bank, fields: redistributor }], state.redistributors[pe], name);
    if (wrong !== undefined) return `redistributors[${pe}].${wrong}`;
    const wrongInterface = writeBanks([{ bank, fields: cpuInterface }], state.cpuInterfaces[pe], name);
    if (wrongInterface !== undefined) return `cpuInterfaces[${pe}].${wrongInterface}`;
  }
  for (const [its, unit] of itss.entries()) {
    const wrong = writeBanks([{ bank: unit.state.registers, fields: itsFields }], state.itss[its], name);
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
