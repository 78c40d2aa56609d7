import { Fields, hex, RecordingError, toBig } from "./fields.ts";
import { difference } from "./findings.ts";
import { GICD, GICR, GITS, redistributorStride } from "./qemu-frames.ts";
import type { QemuMachineTarget } from "./target.ts";

interface Register {
  address: bigint;
  size: 4 | 8;
}

/** The registers that the recorder read, in its order and by its names. */
const REGISTERS: ReadonlyMap<string, Register> = new Map([
  ["GITS_CTLR", { address: GITS, size: 4 }],
  ["GITS_IIDR", { address: GITS + 4n, size: 4 }],
  ["GITS_TYPER", { address: GITS + 8n, size: 8 }],
  ["GITS_CBASER", { address: GITS + 0x80n, size: 8 }],
  ["GITS_CWRITER", { address: GITS + 0x88n, size: 8 }],
  ["GITS_CREADR", { address: GITS + 0x90n, size: 8 }],
  ...Array.from({ length: 8 }, (_, i): [string, Register] => [
    `GITS_BASER${i}`,
    { address: GITS + 0x100n + 8n * BigInt(i), size: 8 },
  ]),
  ["GICD_CTLR", { address: GICD, size: 4 }],
  ["GICD_TYPER", { address: GICD + 4n, size: 4 }],
  ["GICD_IIDR", { address: GICD + 8n, size: 4 }],
]);

/** The same of one redistributor; addresses from the start of its first frame. */
const REDISTRIBUTOR_REGISTERS: ReadonlyMap<string, Register> = new Map([
  ["GICR_CTLR", { address: 0n, size: 4 }],
  ["GICR_IIDR", { address: 4n, size: 4 }],
  ["GICR_TYPER", { address: 8n, size: 8 }],
  ["GICR_WAKER", { address: 0x14n, size: 4 }],
  ["GICR_PROPBASER", { address: 0x70n, size: 8 }],
  ["GICR_PENDBASER", { address: 0x78n, size: 8 }],
  ["GICR_VPROPBASER", { address: 0x2_0070n, size: 8 }],
  ["GICR_VPENDBASER", { address: 0x2_0078n, size: 8 }],
]);

const IDENTIFICATION = "IDREGS_FFD0_FFFC";
const FIRST_IDENTIFICATION_REGISTER = GITS + 0xffd0n;

/** Compares every recorded register with what the machine reads now. */
export function compareRegisters(
  machine: QemuMachineTarget,
  expected: Fields,
  cpus: number,
  gicVersion: 3 | 4,
): string[] {
  const problems: string[] = [];
  for (const name of expected.names()) {
    if (name === "redist") {
      problems.push(...compareRedistributors(machine, expected.list(name), cpus, gicVersion));
    } else if (name === IDENTIFICATION) {
      for (const [index, value] of expected.list(name).entries()) {
        const address = FIRST_IDENTIFICATION_REGISTER + 4n * BigInt(index);
        const register = `GITS+${hex(address - GITS)}`;
        problems.push(...compare(machine, register, { address, size: 4 }, toBig(value, register)));
      }
    } else {
      problems.push(...compare(machine, name, REGISTERS.get(name), expected.big(name)));
    }
  }
  return problems;
}

function compareRedistributors(
  machine: QemuMachineTarget,
  expected: readonly unknown[],
  cpus: number,
  gicVersion: 3 | 4,
): string[] {
  if (expected.length !== cpus) {
    throw new RecordingError(`"redist" has ${expected.length} entries for ${cpus} CPUs`);
  }
  return expected.flatMap((entry, cpu) => {
    const redistributor = new Fields(entry, `redist[${cpu}]`);
    const base = GICR + BigInt(cpu) * redistributorStride(gicVersion);
    if (redistributor.big("base") !== base) {
      throw new RecordingError(`redist[${cpu}] stands at ${hex(redistributor.big("base"))}, not at ${hex(base)}`);
    }
    return redistributor
      .names()
      .filter((name) => name !== "base")
      .flatMap((name) => {
        const register = REDISTRIBUTOR_REGISTERS.get(name);
        const placed = register && { address: base + register.address, size: register.size };
        return compare(machine, `${name}[${cpu}]`, placed, redistributor.big(name));
      });
  });
}

function compare(machine: QemuMachineTarget, name: string, register: Register | undefined, expected: bigint): string[] {
  if (register === undefined) {
    throw new RecordingError(`register "${name}" is nothing this harness reads`);
  }
  const got = machine.read(register.address, register.size);
  return got === expected ? [] : [difference(name, hex(expected), hex(got))];
}
