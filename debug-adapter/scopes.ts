import {
  children,
  type DisplayNode,
  groupNode,
  hasVpes,
  InterruptInspector,
  list,
  type NodeChildren,
  PendingInspector,
  plainNumber,
  queueNode,
  type RegisterGroup,
  readRegister,
  registerGroups,
  registerNode,
  type ScriptRun,
  TableInspector,
  type Target,
} from "../runner/index.ts";

/** One section of the Variables view. */
export interface ScopeNode {
  readonly name: string;
  readonly hint?: "registers" | "locals";
  readonly children: NodeChildren;
}

/** What lists the parts of one target. */
interface Inspectors {
  readonly target: Target;
  readonly tables: TableInspector;
  readonly pending: PendingInspector;
  readonly interrupts: InterruptInspector;
}

function inspectorsOf(target: Target): Inspectors {
  return {
    target,
    tables: new TableInspector(target),
    pending: new PendingInspector(target),
    interrupts: new InterruptInspector(target),
  };
}

/** What the Variables view shows of a run. Everything below the sections is read when it is opened. */
export class Scopes {
  private readonly run: ScriptRun;
  /** Of one target: nodes that an editor still holds from an earlier stop have the same ones, and keep nothing of that stop. */
  private inspectors: Inspectors;

  constructor(run: ScriptRun) {
    this.run = run;
    this.inspectors = inspectorsOf(run.target);
  }

  /** Tells that the state has changed, or that the run is on another machine. */
  invalidate(): void {
    const { target } = this.run;
    if (this.inspectors.target !== target) {
      this.inspectors = inspectorsOf(target);
      return;
    }
    const { tables, pending, interrupts } = this.inspectors;
    for (const one of [tables, pending, interrupts]) one.forget();
  }

  sections(): readonly ScopeNode[] {
    const { target } = this.run;
    const { tables, pending, interrupts: all } = this.inspectors;
    const distributor = registerGroups(target).filter(({ kind }) => kind === "distributor");
    const shared: readonly ScopeNode[] =
      distributor.length === 0
        ? []
        : [{ name: "Distributor (GICD)", hint: "registers", children: this.block(distributor) }];
    const interrupts: ScopeNode = { name: "Interrupts", children: all.all() };
    const script: ScopeNode = { name: "Script", hint: "locals", children: this.names() };
    if (target.map.gicc !== undefined) {
      return [
        ...this.perPe("CPU interfaces (GICC)", "GICC", this.enabled("GICC_CTLR", "enabled")),
        ...shared,
        ...this.perPe("Hypervisor interfaces (GICH)", "GICH", this.inUse("GICH_LR")),
        ...this.timers(),
        interrupts,
        script,
      ];
    }
    return [
      { name: "Registers (GITS)", hint: "registers", children: this.its() },
      ...this.perPe("Redistributors (GICR)", "GICR", this.enabled("GICR_CTLR", "LPIs enabled")),
      ...shared,
      ...this.perPe("CPU interfaces (ICC)", "ICC", this.enabled("ICC_IGRPEN1_EL1", "Group 1 enabled")),
      ...this.perPe("Hypervisor interfaces (ICH)", "ICH", this.inUse("ICH_LR")),
      ...this.timers(),
      interrupts,
      { name: "Devices", children: tables.devices() },
      { name: "Collections", children: tables.collections() },
      ...(hasVpes(target) ? [{ name: "vPEs", children: tables.vpes() }] : []),
      { name: "Pending LPIs", children: pending.pes() },
      script,
    ];
  }

  /** What is about one PE or ITS alone. */
  ofUnit({ kind, number }: { readonly kind: "its" | "pe"; readonly number: number }): readonly ScopeNode[] {
    const { target } = this.run;
    const own = registerGroups(target).filter(
      (group) => group.number === number && (group.kind === "its") === (kind === "its") && group.kind !== "distributor",
    );
    const registers: ScopeNode[] = own.map((group) => ({
      name: `${group.title}${group.secondary ? " (more)" : ""}`,
      hint: "registers",
      children: this.block([group]),
    }));
    return kind === "its"
      ? [...registers, { name: `Queue of ITS ${number}`, children: children(() => [queueNode(target, number)]) }]
      : registers;
  }

  private its(): NodeChildren {
    const { target } = this.run;
    const groups = registerGroups(target).filter(({ kind }) => kind === "its");
    const block = this.block(groups);
    return children((style) => [...block.named(style), queueNode(target)]);
  }

  /** The registers of the first group, the others as nodes below them. */
  private block([first, ...others]: readonly RegisterGroup[]): NodeChildren {
    const { target } = this.run;
    return children((style) => [
      ...first.locations.map((location) => registerNode(target, location, style)),
      ...others.map((group) => ({ ...groupNode(target, group), name: shortTitle(group) })),
    ]);
  }

  /** A section with a node a PE, where the target has such a block. @param state of a PE, in words */
  private perPe(name: string, block: string, state: (group: RegisterGroup) => string): ScopeNode[] {
    const { target } = this.run;
    const groups = registerGroups(target);
    const ownOf = (pe: number): RegisterGroup[] =>
      groups.filter(({ id }) => id === `${block}${pe}` || id === `${block}${pe}.more`);
    if (ownOf(0).length === 0) return [];
    const pes = list(
      () => target.cpus,
      (start, count) =>
        Array.from({ length: Math.max(Math.min(count, target.cpus - start), 0) }, (_, at): DisplayNode => {
          const own = ownOf(start + at);
          return { name: `PE ${start + at}`, value: state(own[0]), children: this.block(own) };
        }),
    );
    return [{ name, hint: "registers", children: pes }];
  }

  private timers(): ScopeNode[] {
    return this.perPe("Timers (CNT)", "CNT", this.enabled("CNTV_CTL_EL0", "virtual timer enabled"));
  }

  /** Whether bit 0 of a register is 1, in the words for that. */
  private enabled(register: string, enabled: string): (group: RegisterGroup) => string {
    return ({ locations }) => {
      const location = locations.find(({ name }) => name === register);
      const value = location === undefined ? undefined : readRegister(this.run.target, location).value;
      if (value === undefined) return "";
      return (value & 1n) === 1n ? enabled : enabled.replace("enabled", "disabled");
    };
  }

  /** How many list registers hold an interrupt. */
  private inUse(prefix: string): (group: RegisterGroup) => string {
    return ({ locations }) => {
      const used = locations
        .filter(({ name }) => name.startsWith(prefix))
        .filter((location) => {
          const { fields } = readRegister(this.run.target, location);
          return fields.some(({ name, raw }) => name === "State" && raw !== 0n);
        }).length;
      return used === 0 ? "list registers empty" : `${used} list ${used === 1 ? "register" : "registers"} in use`;
    };
  }

  private names(): NodeChildren {
    return children((style) =>
      [...this.run.variables].map(([name, value]) => ({ name, value: plainNumber(value, style), expression: name })),
    );
  }
}

function shortTitle({ title }: RegisterGroup): string {
  return title.slice(title.indexOf(":") + 1).trim();
}
