import {
  children,
  type DisplayNode,
  groupNode,
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
} from "../runner/index.ts";

/** One section of the Variables view. */
export interface ScopeNode {
  readonly name: string;
  readonly hint?: "registers" | "locals";
  readonly children: NodeChildren;
}

/** What the Variables view shows of a run. Everything below the sections is read when it is opened. */
export class Scopes {
  private readonly run: ScriptRun;
  private tables: TableInspector;
  private pending: PendingInspector;

  constructor(run: ScriptRun) {
    this.run = run;
    this.tables = new TableInspector(run.target);
    this.pending = new PendingInspector(run.target);
  }

  /** Tells that the state has changed, or that the run is on another machine. */
  invalidate(): void {
    this.tables = new TableInspector(this.run.target);
    this.pending = new PendingInspector(this.run.target);
  }

  sections(): readonly ScopeNode[] {
    const { target } = this.run;
    const distributor = registerGroups(target).filter(({ kind }) => kind === "distributor");
    const shared: readonly ScopeNode[] =
      distributor.length === 0
        ? []
        : [{ name: "Distributor (GICD)", hint: "registers", children: this.block(distributor) }];
    const script: ScopeNode = { name: "Script", hint: "locals", children: this.names() };
    if (target.map.gicc !== undefined) {
      const cpus = this.perPe("cpu-interface", "GICC_CTLR", "enabled");
      return [{ name: "CPU interfaces (GICC)", hint: "registers", children: cpus }, ...shared, script];
    }
    const redistributors = this.perPe("redistributor", "GICR_CTLR", "LPIs enabled");
    return [
      { name: "Registers (GITS)", hint: "registers", children: this.its() },
      { name: "Redistributors (GICR)", hint: "registers", children: redistributors },
      ...shared,
      { name: "Devices", children: this.tables.devices() },
      { name: "Collections", children: this.tables.collections() },
      { name: "Pending LPIs", children: this.pending.pes() },
      script,
    ];
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

  /** A node a PE; bit 0 of its control register tells whether it is what `enabled` says. */
  private perPe(of: RegisterGroup["kind"], register: string, enabled: string): NodeChildren {
    const { target } = this.run;
    const groups = registerGroups(target).filter(({ kind }) => kind === of);
    return list(
      () => target.cpus,
      (start, count) =>
        Array.from({ length: Math.max(Math.min(count, target.cpus - start), 0) }, (_, at): DisplayNode => {
          const pe = start + at;
          const own = groups.filter(({ number }) => number === pe);
          const control = own[0].locations.find(({ name }) => name === register);
          const value = control === undefined ? undefined : readRegister(target, control).value;
          return {
            name: `PE ${pe}`,
            value: value === undefined ? "" : (value & 1n) === 1n ? enabled : enabled.replace("enabled", "disabled"),
            children: this.block(own),
          };
        }),
    );
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
