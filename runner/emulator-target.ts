import { modelFamily } from "../architecture/index.ts";
import {
  createMachine,
  type GicDetails,
  type LoadResult,
  loadState,
  type Machine,
  type MachineOptions,
  type Mark,
  MemoryBudget,
  type SavedState,
} from "../emulator/index.ts";
import type { MachineDescription } from "../language/index.ts";
import type { Target, TargetWork, TimeTravel } from "./target.ts";

/** What a machine may take of its host. */
export type MachineBounds = Pick<MachineOptions, "budget" | "journalLimit">;

/** A machine's part of bounds that it shares with others, which it can give back. */
class OwnBounds {
  readonly shared: MachineBounds;
  private readonly budget: MemoryBudget | undefined;

  constructor(shared: MachineBounds) {
    this.shared = shared;
    this.budget = shared.budget && new MemoryBudget(shared.budget.limit, shared.budget);
  }

  /** Makes a machine; where that throws, what it has taken is given back. */
  make<Made>(machine: (within: MachineBounds) => Made): Made {
    const { shared, budget } = this;
    try {
      return machine({ ...shared, ...(budget === undefined ? {} : { budget }) });
    } catch (error) {
      this.release();
      throw error;
    }
  }

  release(): void {
    this.budget?.release();
  }
}

/** The emulator as a target: a thin cover over a {@link Machine}. */
export class EmulatorTarget implements Target {
  readonly machine: Machine;
  readonly time: TimeTravel;
  readonly work: TargetWork;
  private readonly own: OwnBounds | undefined;

  /** @param own what the machine was made within; absent: nobody bounds it */
  constructor(machine: Machine, own?: OwnBounds) {
    this.machine = machine;
    this.own = own;
    const { pace } = machine.memory;
    this.work = {
      allow: (steps) => pace.allow(steps),
      get unfinished() {
        return pace.unfinished;
      },
      proceed: () => machine.proceed(),
      abandon: () => pace.abandon(),
    };
    this.time = {
      mark: (): Mark => machine.journal.mark(),
      returnTo: (mark) => machine.journal.returnTo(mark),
      rewind: (mark) => machine.journal.rewind(mark),
      lookBack: (marks, look) => pace.aside(() => machine.journal.lookBack(marks, look)),
      *lookingBack(marks, look) {
        const steps = machine.journal.lookingBack(marks, look);
        try {
          for (;;) {
            const next = pace.aside(() => steps.next());
            if (next.done) return next.value;
            yield;
          }
        } finally {
          pace.aside(() => steps.return(undefined));
        }
      },
      peek: (read) => pace.aside(() => machine.journal.peek(read)),
    };
  }

  /**
   * The machine that a script describes, as after reset.
   * @throws RangeError when its memory cannot be laid out, MemoryLimitError when it needs more of the host's than `bounds` allow
   */
  static of(description: MachineDescription, bounds: MachineBounds = {}): EmulatorTarget {
    const own = new OwnBounds(bounds);
    const machine = own.make((within) =>
      createMachine({
        model: description.model,
        cpus: description.cpus,
        gicVersion: description.gic,
        ...(description.host === undefined ? {} : { host: description.host }),
        secure: description.security === 2,
        ...(description.nmi === undefined ? {} : { nmi: description.nmi }),
        ram: description.ram.map(({ base, size }) => ({ base: Number(base), bytes: Number(size) })),
        its: description.its.map(Number),
        ...detailsOf(description),
        ...(description.singleVmovp === undefined ? {} : { singleVmovp: description.singleVmovp }),
        ...(description.setup === "created" ? { stage: "created" } : {}),
        ...within,
      }),
    );
    return new EmulatorTarget(machine, own);
  }

  /** A saved machine, within the bounds that this one was made within. @throws MemoryLimitError when it needs more */
  load(state: SavedState): { readonly target: EmulatorTarget } | Extract<LoadResult, { readonly failure: unknown }> {
    const { budget, limit } = this.machine.journal;
    const own = new OwnBounds(this.own?.shared ?? { budget, ...(limit === undefined ? {} : { journalLimit: limit }) });
    const loaded = own.make((within) => loadState(state, within));
    if ("machine" in loaded) return { target: new EmulatorTarget(loaded.machine, own) };
    own.release();
    return loaded;
  }

  /** Gives back what the machine holds of its bounds: nobody asks it anything any more. */
  release(): void {
    this.own?.release();
  }

  get name(): string {
    return this.machine.model.name;
  }

  get title(): string {
    return this.machine.model.title;
  }

  get cpus(): number {
    return this.machine.cpus;
  }

  get map(): Target["map"] {
    return this.machine.map;
  }

  get layout(): Target["layout"] {
    return this.machine.layout;
  }

  get frameOf(): Target["frameOf"] {
    return this.machine.frameOf;
  }

  get vmm(): Target["vmm"] {
    return this.machine.vmm;
  }

  get onCommand(): Target["onCommand"] {
    return this.machine.onCommand;
  }

  set onCommand(listener: Target["onCommand"]) {
    this.machine.onCommand = listener;
  }

  get onCommandBegin(): Target["onCommandBegin"] {
    return this.machine.onCommandBegin;
  }

  set onCommandBegin(listener: Target["onCommandBegin"]) {
    this.machine.onCommandBegin = listener;
  }

  get onRemark(): Target["onRemark"] {
    return this.machine.onRemark;
  }

  set onRemark(listener: Target["onRemark"]) {
    this.machine.onRemark = listener;
  }

  read: Target["read"] = (address, bytes, pe = 0) => this.machine.readBy(pe, address, bytes);
  write: Target["write"] = (address, bytes, value, pe = 0) => this.machine.writeBy(pe, address, bytes, value);
  readMemory: Target["readMemory"] = (address, length) => this.machine.memory.readBytes(address, length);
  readWords: Target["readWords"] = (address, into) => this.machine.memory.readWords(address, into);
  writeMemory: Target["writeMemory"] = (address, bytes) => this.machine.memory.writeBytes(address, bytes);
  fillMemory: Target["fillMemory"] = (address, length, byte) => this.machine.memory.fill(address, length, byte);
  hasMemory: Target["hasMemory"] = (address, length) => this.machine.memory.covers(address, length);
  signalMsi: Target["signalMsi"] = (its, deviceId, eventId) => this.machine.signalMsi(its, deviceId, eventId);
  readSystemRegister: Target["readSystemRegister"] = (pe, name) => this.machine.readSystemRegister?.(pe, name);
  writeSystemRegister: Target["writeSystemRegister"] = (pe, name, value) =>
    this.machine.writeSystemRegister?.(pe, name, value) ?? false;
  readHypervisorRegister = (pe: number, name: string): bigint | undefined =>
    this.machine.readHypervisorRegister?.(pe, name);
  setLine = (intid: number, level: boolean, pe: number): boolean => this.machine.setLine?.(intid, level, pe) ?? false;
  tables: Target["tables"] = (its) => this.machine.tables(its);
  queue: Target["queue"] = (its) => this.machine.queue(its);
  lpi: Target["lpi"] = (intid) => this.machine.lpi(intid);
  lpis: Target["lpis"] = () => this.machine.lpis();
  forEachPendingLpi: Target["forEachPendingLpi"] = (visit) => this.machine.forEachPendingLpi(visit);
}

/** What a script's machine has otherwise than its model. A QEMU board has its own, which a script may name. */
function detailsOf(description: MachineDescription): GicDetails {
  if (modelFamily(description.model) === "qemu") return {};
  const { spis, intidBits, priorityBits, listRegisters, affinities } = description;
  const isKvm = modelFamily(description.model) === "kvm";
  return {
    ...(spis === undefined ? {} : { spis }),
    ...(intidBits === undefined || isKvm ? {} : { intidBits }),
    ...(priorityBits === undefined ? {} : { priorityBits }),
    ...(listRegisters === undefined ? {} : { listRegisters }),
    ...(affinities === undefined ? {} : { affinities }),
  };
}
