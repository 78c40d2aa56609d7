import {
  defaultBases,
  defaultModel,
  type KvmHostName,
  kvmHosts,
  type ModelName,
  modelFamily,
  modelHasNmi,
  models,
  nmiModels,
  resolveModel,
} from "../../architecture/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import type { KeywordDoc } from "../editing/keywords.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import { compute } from "../operation/evaluate.ts";
import { formatValue, isDiagnostic } from "../parse/number.ts";
import type { MachineProperty, Span } from "../parse/syntax.ts";
import { lazily, suggest } from "./suggest.ts";

/** `ready`: queue, tables and LPIs set up and enabled as a driver does at boot. `reset`: as the hardware comes up. */
export type MachineSetup = "ready" | "reset";

export interface RamWindow {
  /** First physical address, a multiple of 64 KiB. */
  readonly base: bigint;
  /** Bytes, a multiple of 64 KiB. */
  readonly size: bigint;
}

/** The machine that a script runs on. */
export interface MachineDescription {
  readonly model: ModelName;
  /** PEs, 1 to 512. */
  readonly cpus: number;
  /** Version of the GIC architecture: of a KVM guest 2, without an ITS, or 3; of others 3 or 4. */
  readonly gic: 2 | 3 | 4;
  /** Whose virtual CPU interface the host of a KVM guest has; undefined = `arm`. */
  readonly host?: KvmHostName;
  /** Security states; with 2, accesses are Non-secure. A KVM guest sees one. */
  readonly security: 1 | 2;
  /** FEAT_GICv3_NMI, of the PEs as of the GIC; undefined = without. */
  readonly nmi?: boolean;
  /** Windows of RAM in the order of their addresses, none overlapping another. */
  readonly ram: readonly RamWindow[];
  /** Physical address of the ITS: its control frame, with the translation frame 64 KiB behind it. */
  readonly its: bigint;
  readonly setup: MachineSetup;
}

/** The machine of a script without a machine block. The addresses are those of QEMU's `virt` board. */
export const defaultMachine: MachineDescription = {
  model: defaultModel,
  cpus: 4,
  gic: 3,
  security: 1,
  ram: [{ base: BigInt(defaultBases.ram), size: BigInt(defaultBases.ramBytes) }],
  its: BigInt(defaultBases.its),
  setup: "ready",
};

const modelNames = models.map(({ name }) => name).join(", ");

/** The properties of a machine block; one table for parser, completion, hovers and the reference. */
export const machineProperties = [
  {
    word: "model",
    form: "model = NAME",
    summary: `Whose behaviour is emulated: ${modelNames}; kvm means ${resolveModel("kvm")}. Default ${defaultModel}.`,
    example: `model = ${defaultModel}`,
  },
  { word: "cpus", form: "cpus = NUMBER", summary: "Number of PEs, 1 to 512. Default 4.", example: "cpus = 4" },
  {
    word: "gic",
    form: "gic = 2 | 3 | 4",
    summary:
      "Version of the GIC: 2 has no ITS and at most 8 PEs, and is KVM's; 4 has virtual LPIs and vPEs, and is not: another model stands before it. Default 3.",
    example: "model = qemu  gic = 4",
  },
  {
    word: "host",
    form: `host = ${kvmHosts.map(({ name }) => name).join(" | ")}`,
    summary:
      "Whose virtual CPU interface the host of a KVM guest has: Arm's, or that of QEMU 7.2's CPUs, on which KVM was recorded. Of KVM's models. Default arm.",
    example: "model = kvm-7.2  host = qemu-7.2",
  },
  {
    word: "security",
    form: "security = 1 | 2",
    summary:
      "Number of security states; with 2, accesses are Non-secure. KVM's models have 1; another model stands before it. Default 1.",
    example: "model = qemu  security = 2",
  },
  {
    word: "nmi",
    form: "nmi = off | on",
    summary: `Whether PEs and GIC have FEAT_GICv3_NMI. Of ${nmiModels.join(", ")}, which stands before it. Default off.`,
    example: `model = ${nmiModels[0]}  nmi = on`,
  },
  {
    word: "ram",
    form: "ram = ADDRESS, SIZE",
    summary:
      "A window of RAM in units of 64 KiB; may be given again for more windows, up to 4 GiB. Default 0x40000000, 64M.",
    example: "ram = 0x40000000, 64M",
  },
  {
    word: "its",
    form: "its = ADDRESS",
    summary: "Physical address of the ITS, a multiple of 64 KiB, outside RAM. Default 0x08080000.",
    example: "its = 0x08080000",
  },
  {
    word: "setup",
    form: "setup = ready | reset",
    summary:
      "ready: queue, tables and LPIs are set up and enabled as a driver does it, so that commands just work. reset: everything as after reset. Default ready.",
    example: "setup = reset",
  },
] as const satisfies readonly KeywordDoc[];

type PropertyName = (typeof machineProperties)[number]["word"];
type Draft = { -readonly [Key in keyof MachineDescription]?: MachineDescription[Key] };

const gicVersions = [2, 3, 4] as const;
/** PEs of a GICv2: GICD_ITARGETSR has a bit for each. */
const V2_PES = 8;
const TOO_MANY_PES = `a GICv2 has at most ${V2_PES} PEs.`;

const UNIT = 0x1_0000n;
const ITS_BYTES = BigInt(defaultBases.itsBytes);

/** Frames that no property moves, with room for as many redistributors as a machine may have. */
const distributor: RamWindow = {
  base: BigInt(defaultBases.gicd),
  size: BigInt(defaultBases.gicc + defaultBases.giccBytes - defaultBases.gicd),
};
const redistributors: RamWindow = {
  base: BigInt(defaultBases.gicr),
  size: limits.cpus * BigInt(defaultBases.gicrStride),
};
const MAX_ADDRESS = 1n << 52n;
const propertyNames: readonly string[] = machineProperties.map(({ word }) => word);

/** Reads the properties of one machine block one after another and tells what is wrong with each. */
export class MachineBuilder {
  private readonly draft: Draft = {};

  /** Takes one property; the diagnostic when it is refused. */
  add(property: MachineProperty): Diagnostic | undefined {
    const { name } = property;
    if (!isPropertyName(name.text))
      return errors.unknownProperty(
        name,
        name.text,
        propertyNames.join(", "),
        lazily(() => suggest(name.text, propertyNames)),
      );
    if (name.text !== "ram" && this.draft[name.text] !== undefined) return errors.duplicateProperty(name, name.text);
    return this.set(name.text, property);
  }

  /** The machine, with defaults for what was not given. */
  build(): MachineDescription {
    return { ...defaultMachine, ...this.draft };
  }

  private set(name: PropertyName, property: MachineProperty): Diagnostic | undefined {
    const bad = (problem: string) => errors.badProperty(valueSpan(property), name, problem);
    if (name === "model" || name === "setup" || name === "host" || name === "nmi")
      return this.setWord(name, property.word?.text ?? "", bad);
    const numbers: bigint[] = [];
    for (const expression of property.values) {
      const value = compute(expression, { lookup: () => undefined });
      if (isDiagnostic(value)) return value;
      numbers.push(value);
    }
    const wanted = name === "ram" ? 2 : 1;
    if (numbers.length !== wanted)
      return bad(wanted === 2 ? "write an address and a size, such as 0x40000000, 64M." : "write one number.");
    if (name === "cpus") {
      if (numbers[0] < 1n || numbers[0] > limits.cpus) return bad(`a machine has 1 to ${limits.cpus} PEs.`);
      if (this.draft.gic === 2 && numbers[0] > V2_PES) return bad(TOO_MANY_PES);
      this.draft.cpus = Number(numbers[0]);
      return undefined;
    }
    if (name === "gic") {
      const version = gicVersions.find((known) => BigInt(known) === numbers[0]);
      if (version === undefined) return bad("write 2, 3 or 4.");
      if (version === 4 && this.isKvm()) return bad(notOfKvm("have GICv2 or GICv3", "gic = 4"));
      if (version === 2 && !this.isKvm()) return bad("GICv2 is for KVM's models. Write gic = 3.");
      if (version === 2 && (this.draft.cpus ?? 0) > V2_PES) return bad(TOO_MANY_PES);
      this.draft.gic = version;
      return undefined;
    }
    if (name === "security") {
      if (numbers[0] !== 1n && numbers[0] !== 2n) return bad("write 1 or 2.");
      if (numbers[0] === 2n && this.isKvm()) return bad(notOfKvm("have one security state", "security = 2"));
      this.draft.security = numbers[0] === 1n ? 1 : 2;
      return undefined;
    }
    return name === "its" ? this.setIts(numbers[0], bad) : this.addRam({ base: numbers[0], size: numbers[1] }, bad);
  }

  /** Whether the machine has a KVM model as far as it is read. */
  private isKvm(): boolean {
    return modelFamily(this.draft.model ?? defaultMachine.model) === "kvm";
  }

  private setWord(
    name: "model" | "setup" | "host" | "nmi",
    word: string,
    bad: (problem: string) => Diagnostic,
  ): Diagnostic | undefined {
    if (name === "setup") {
      if (word !== "ready" && word !== "reset") return bad("write ready or reset.");
      this.draft.setup = word;
      return undefined;
    }
    if (name === "host") {
      const host = kvmHosts.find((known) => known.name === word);
      if (host === undefined) return bad(`write ${kvmHosts.map((known) => known.name).join(" or ")}.`);
      if (!this.isKvm()) return bad("a host is for KVM's models. Remove it, or choose one of them.");
      this.draft.host = host.name;
      return undefined;
    }
    if (name === "nmi") {
      if (word !== "on" && word !== "off") return bad("write on or off.");
      if (word === "on" && !modelHasNmi(this.draft.model ?? defaultMachine.model)) {
        return bad(`NMIs are for ${nmiModels.join(", ")}. Write model = ${nmiModels[0]} before nmi = on.`);
      }
      this.draft.nmi = word === "on";
      return undefined;
    }
    const model = resolveModel(word);
    if (model === undefined) return bad(`write one of ${modelNames}.`);
    const kvm = modelFamily(model) === "kvm";
    if (this.draft.gic === 2 && !kvm) return bad("gic = 2 is for KVM's models. Remove it, or choose one of them.");
    if (this.draft.host !== undefined && !kvm)
      return bad("host is for KVM's models. Remove it, or choose one of them.");
    this.draft.model = model;
    return undefined;
  }

  private setIts(its: bigint, bad: (problem: string) => Diagnostic): Diagnostic | undefined {
    if (its < 0n || its % UNIT !== 0n || its + ITS_BYTES > MAX_ADDRESS)
      return bad(`${formatValue(its)} is not a multiple of 64 KiB below 2^52.`);
    if ((this.draft.ram ?? []).some((window) => overlaps(window, { base: its, size: ITS_BYTES })))
      return bad("the ITS lies inside RAM. Move one of the two.");
    const taken = overlapsFrames({ base: its, size: ITS_BYTES });
    if (taken !== undefined) return bad(`${taken} Choose another address.`);
    this.draft.its = its;
    return undefined;
  }

  private addRam(window: RamWindow, bad: (problem: string) => Diagnostic): Diagnostic | undefined {
    const { base, size } = window;
    if (base < 0n || base % UNIT !== 0n || size <= 0n || size % UNIT !== 0n)
      return bad("address and size are multiples of 64 KiB, and the size is not 0.");
    if (base + size > MAX_ADDRESS) return bad("the window ends above 2^52. Choose a lower address.");
    const others = this.draft.ram ?? [];
    if (others.reduce((sum, other) => sum + other.size, size) > limits.ramBytes)
      return bad("a machine has at most 4 GiB of RAM together.");
    if (others.some((other) => overlaps(other, window))) return bad("this window overlaps another. Move it.");
    const taken = overlapsFrames(window);
    if (taken !== undefined) return bad(`${taken} Choose another address.`);
    const its = this.draft.its ?? defaultMachine.its;
    if (overlaps(window, { base: its, size: ITS_BYTES }))
      return bad(
        `the ITS at ${formatValue(its)} lies inside this window. Move one of the two; its = ADDRESS stands before ram.`,
      );
    if (others.length >= 16) return bad("a machine has at most 16 windows of RAM.");
    this.draft.ram = [...others, window].sort((a, b) => (a.base < b.base ? -1 : 1));
    return undefined;
  }
}

function notOfKvm(have: string, property: string): string {
  return `KVM's models ${have}. Write model = qemu or model = arch before ${property}.`;
}

function isPropertyName(name: string): name is PropertyName {
  return propertyNames.includes(name);
}

function overlaps(a: RamWindow, b: RamWindow): boolean {
  return a.base < b.base + b.size && b.base < a.base + a.size;
}

/** Says which frames of the GIC a window would cover. */
function overlapsFrames(window: RamWindow): string | undefined {
  for (const [what, frames] of [
    ["the distributor", distributor],
    ["the redistributors", redistributors],
  ] as const)
    if (overlaps(window, frames))
      return `${what} may take ${formatValue(frames.base)} to ${formatValue(frames.base + frames.size - 1n)}.`;
  return undefined;
}

/** Where the value of a property stands; its name when the value is missing. */
function valueSpan({ name, word, values }: MachineProperty): Span {
  if (word !== undefined) return word;
  const first = values[0];
  const last = values[values.length - 1];
  return first === undefined ? name : { start: first.start, length: last.start + last.length - first.start };
}
