import { kvmHosts, resolveModel } from "../../architecture/index.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import { limits } from "../limits.ts";
import { compute } from "../operation/evaluate.ts";
import { formatValue, isDiagnostic } from "../parse/number.ts";
import type { MachineProperty, Span } from "../parse/syntax.ts";
import { defaultIts, defaultMachine, frameSizes, gicVersions, type MachineDescription } from "./machine-description.ts";
import {
  isPropertyName,
  isRepeatedProperty,
  modelNames,
  type PropertyName,
  propertyNames,
} from "./machine-properties.ts";
import { conflictOf, overlaps } from "./machine-rules.ts";
import { lazily, suggest } from "./suggest.ts";

export * from "./machine-description.ts";
export { isRepeatedProperty, machineProperties } from "./machine-properties.ts";

type Draft = { -readonly [Key in keyof MachineDescription]?: MachineDescription[Key] };
type Refuse = (problem: string) => Diagnostic;

const UNIT = 0x1_0000n;
const MAX_ADDRESS = 1n << 52n;
const MOST_ITSS = 16;

/** Parts of a description that a property gives. */
const partsOf: Readonly<Record<PropertyName, keyof MachineDescription>> = {
  model: "model",
  cpus: "cpus",
  gic: "gic",
  host: "host",
  security: "security",
  nmi: "nmi",
  ram: "ram",
  its: "its",
  spis: "spis",
  intid_bits: "intidBits",
  priority_bits: "priorityBits",
  list_registers: "listRegisters",
  mpidr: "affinities",
  vmovp: "singleVmovp",
  setup: "setup",
};

/** Properties that are one number within bounds. */
const numbers: Readonly<Partial<Record<PropertyName, { least: bigint; most: bigint; step: bigint; problem: string }>>> =
  {
    cpus: { least: 0n, most: limits.cpus, step: 1n, problem: `a machine has 1 to ${limits.cpus} PEs.` },
    spis: {
      least: 32n,
      most: 960n,
      step: 32n,
      problem: "write a multiple of 32, 32 to 960: INTIDs 1020 to 1023 are no interrupts.",
    },
    intid_bits: { least: 14n, most: 24n, step: 1n, problem: "write 14 to 24." },
    priority_bits: { least: 4n, most: 8n, step: 1n, problem: "write 4 to 8." },
    list_registers: { least: 1n, most: 16n, step: 1n, problem: "a GICv3 CPU has 1 to 16 (ICH_VTR_EL2.ListRegs)." },
  };

/** What a property was given as, for a problem that is found when all are read. */
interface Given<Place> {
  readonly name: PropertyName;
  readonly property: MachineProperty;
  readonly place: Place;
}

/** A property that does not go together with others, and where it stands. */
export interface PlacedProblem<Place> {
  readonly place: Place;
  readonly problem: Diagnostic;
}

/**
 * Reads the properties of one machine block, in any order, and tells what is wrong with each; {@link finish} tells what does not go
 * together once all are read.
 */
export class MachineBuilder<Place = undefined> {
  private readonly draft: Draft = {};
  private readonly given: Given<Place>[] = [];

  /** Takes one property; the diagnostic when it is refused. @param place where it stands, for {@link finish} */
  add(property: MachineProperty, place: Place): Diagnostic | undefined {
    const { name } = property;
    if (!isPropertyName(name.text))
      return errors.unknownProperty(
        name,
        name.text,
        propertyNames.join(", "),
        lazily(() => suggest(name.text, propertyNames)),
      );
    if (!isRepeatedProperty(name.text) && this.given.some((one) => one.name === name.text))
      return errors.duplicateProperty(name, name.text);
    const problem = this.set(name.text, property);
    if (problem === undefined) this.given.push({ name: name.text, property, place });
    return problem;
  }

  /** The machine, with defaults for what was not given. */
  build(): MachineDescription {
    const machine = { ...defaultMachine, ...this.draft };
    return this.draft.its === undefined ? { ...machine, its: [defaultIts(machine.gic)] } : machine;
  }

  /** What does not go together. Properties that it is about are as if they were not given; the last given one is to blame. */
  finish(): readonly PlacedProblem<Place>[] {
    const found: PlacedProblem<Place>[] = [];
    for (;;) {
      const wrong = conflictOf(this.build());
      if (wrong === undefined) return found;
      const [first] = wrong.between;
      const blamed =
        wrong.index === undefined
          ? this.given.findLast(({ name }) => wrong.between.includes(name))
          : this.given.filter(({ name }) => name === first)[wrong.index];
      if (blamed === undefined) return found;
      found.push({
        place: blamed.place,
        problem: errors.badProperty(valueSpan(blamed.property), blamed.name, wrong.problem),
      });
      this.takeBack(blamed);
    }
  }

  /** Goes on as if a property had not been given. */
  private takeBack(one: Given<Place>): void {
    const { name } = one;
    this.given.splice(this.given.indexOf(one), 1);
    delete this.draft[partsOf[name]];
    const rest = this.given.filter((other) => other.name === name);
    for (const { property } of rest) this.set(name, property);
  }

  private set(name: PropertyName, property: MachineProperty): Diagnostic | undefined {
    const bad: Refuse = (problem) => errors.badProperty(valueSpan(property), name, problem);
    if (name === "model" || name === "setup" || name === "host" || name === "nmi")
      return this.setWord(name, property.word?.text ?? "", bad);
    if (name === "gic") return this.setGic(property, bad);
    const values: bigint[] = [];
    for (const expression of property.values) {
      const value = compute(expression, { lookup: () => undefined });
      if (isDiagnostic(value)) return value;
      values.push(value);
    }
    if (name === "mpidr") return this.addAffinities(values, bad);
    const wanted = name === "ram" ? 2 : 1;
    if (values.length !== wanted)
      return bad(wanted === 2 ? "write an address and a size, such as 0x40000000, 64M." : "write one number.");
    if (name === "ram") return this.addRam({ base: values[0], size: values[1] }, bad);
    if (name === "its") return this.addIts(values[0], bad);
    return this.setNumber(name, values[0], bad);
  }

  private setNumber(name: PropertyName, value: bigint, bad: Refuse): Diagnostic | undefined {
    const { draft } = this;
    const range = numbers[name];
    if (range !== undefined && (value < range.least || value > range.most || value % range.step !== 0n))
      return bad(range.problem);
    switch (name) {
      case "security":
        if (value !== 1n && value !== 2n) return bad("write 1 or 2.");
        draft.security = value === 1n ? 1 : 2;
        return undefined;
      case "vmovp":
        if (value !== 0n && value !== 1n) return bad("write 1 or 0.");
        draft.singleVmovp = value === 1n;
        return undefined;
      case "cpus":
        draft.cpus = Number(value);
        return undefined;
      case "spis":
        draft.spis = Number(value);
        return undefined;
      case "intid_bits":
        draft.intidBits = Number(value);
        return undefined;
      case "priority_bits":
        draft.priorityBits = Number(value);
        return undefined;
      default:
        draft.listRegisters = Number(value);
        return undefined;
    }
  }

  private setGic({ word, values }: MachineProperty, bad: Refuse): Diagnostic | undefined {
    const [only] = values;
    const number = word === undefined && values.length === 1 ? compute(only, { lookup: () => undefined }) : undefined;
    if (number !== undefined && isDiagnostic(number)) return number;
    const text = word?.text ?? String(number);
    const version = gicVersions.find((known) => String(known) === text);
    if (version === undefined) return bad("write 2, 3, 4 or 4.1.");
    this.draft.gic = version;
    return undefined;
  }

  private setWord(
    name: "model" | "setup" | "host" | "nmi",
    word: string,
    bad: (problem: string) => Diagnostic,
  ): Diagnostic | undefined {
    if (name === "setup") {
      if (word !== "ready" && word !== "reset" && word !== "created") return bad("write ready, reset or created.");
      this.draft.setup = word;
      return undefined;
    }
    if (name === "host") {
      const host = kvmHosts.find((known) => known.name === word);
      if (host === undefined) return bad(`write ${kvmHosts.map((known) => known.name).join(" or ")}.`);
      this.draft.host = host.name;
      return undefined;
    }
    if (name === "nmi") {
      if (word !== "on" && word !== "off") return bad("write on or off.");
      this.draft.nmi = word === "on";
      return undefined;
    }
    const model = resolveModel(word);
    if (model === undefined) return bad(`write one of ${modelNames}.`);
    this.draft.model = model;
    return undefined;
  }

  private addIts(its: bigint, bad: Refuse): Diagnostic | undefined {
    if (its < 0n || its % UNIT !== 0n || its + frameSizes(4.1).its > MAX_ADDRESS)
      return bad(`${formatValue(its)} is not a multiple of 64 KiB below 2^52.`);
    const others = this.draft.its ?? [];
    if (others.length >= MOST_ITSS) return bad(`a machine has at most ${MOST_ITSS} ITSs (GITS_CTLR.ITS_Number).`);
    this.draft.its = [...others, its];
    return undefined;
  }

  private addAffinities(values: readonly bigint[], bad: Refuse): Diagnostic | undefined {
    const all = [...(this.draft.affinities ?? [])];
    for (const value of values) {
      if (value < 0n || (value & ~0xff_00ff_ffffn) !== 0n)
        return bad(`${formatValue(value)} is no affinity: Aff3 is in bits [39:32], Aff2 to Aff0 in [23:0].`);
      const affinity = Number((value & 0xff_ffffn) | ((value >> 32n) << 24n));
      if (all.includes(affinity)) return bad(`two PEs have ${formatValue(value)}.`);
      all.push(affinity);
    }
    if (values.length === 0) return bad("write an affinity for each PE, such as 0, 1, 0x100.");
    if (BigInt(all.length) > limits.cpus) return bad(`a machine has at most ${limits.cpus} PEs.`);
    this.draft.affinities = all;
    return undefined;
  }

  private addRam(window: RamOf, bad: Refuse): Diagnostic | undefined {
    const { base, size } = window;
    if (base < 0n || base % UNIT !== 0n || size <= 0n || size % UNIT !== 0n)
      return bad("address and size are multiples of 64 KiB, and the size is not 0.");
    if (base + size > MAX_ADDRESS) return bad("the window ends above 2^52. Choose a lower address.");
    const others = this.draft.ram ?? [];
    if (others.reduce((sum, other) => sum + other.size, size) > limits.ramBytes)
      return bad("a machine has at most 4 GiB of RAM together.");
    if (others.some((other) => overlaps(other, window))) return bad("this window overlaps another. Move it.");
    if (others.length >= 16) return bad("a machine has at most 16 windows of RAM.");
    this.draft.ram = [...others, window].sort((a, b) => (a.base < b.base ? -1 : 1));
    return undefined;
  }
}

type RamOf = MachineDescription["ram"][number];

/** Where the value of a property stands; its name when the value is missing. */
function valueSpan({ name, word, values }: MachineProperty): Span {
  if (word !== undefined) return word;
  const first = values[0];
  const last = values[values.length - 1];
  return first === undefined ? name : { start: first.start, length: last.start + last.length - first.start };
}
