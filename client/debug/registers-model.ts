import type { FieldBody, RegisterBody, RegisterGroupBody, RegistersBody } from "../../debug-adapter/protocol.ts";

/** Asks a session for registers; see the request `gic/registers`. */
export type AskRegisters = (groups: readonly string[] | undefined) => Promise<RegistersBody>;

/** A line of the view. */
export type RegisterNode = GroupNode | ValueNode | FieldNode;

export interface GroupNode {
  readonly kind: "group";
  /** Stable over stops and sessions, so that what is open stays open. */
  readonly id: string;
  readonly group: RegisterGroupBody;
  /** The seldom used registers of the same block. */
  readonly more: readonly GroupNode[];
}

export interface ValueNode {
  readonly kind: "register";
  readonly id: string;
  readonly register: RegisterBody;
  /** The value at the stop before, when it was known and is another. */
  readonly previous: string | undefined;
}

export interface FieldNode {
  readonly kind: "field";
  readonly id: string;
  readonly register: RegisterBody;
  readonly field: FieldBody;
  readonly changed: boolean;
}

/**
 * Registers of one session as a tree. Only what is looked at is read; groups that are opened in one go are asked for in one request.
 * Values of the stop before are kept to mark what has changed.
 */
export class RegistersModel {
  private readonly ask: AskRegisters;
  private previous = new Map<string, string>();
  private current = new Map<string, string>();
  private wanted = new Set<string>();
  private batch: Promise<ReadonlyMap<string, RegisterGroupBody>> | undefined;

  constructor(ask: AskRegisters) {
    this.ask = ask;
  }

  /** The machine has moved on: what was current is the state before. */
  moved(): void {
    this.previous = this.current;
    this.current = new Map();
    this.batch = undefined;
    this.wanted = new Set();
  }

  async groups(): Promise<GroupNode[]> {
    const { groups } = await this.ask(undefined);
    const nodes = (secondary: boolean, of?: RegisterGroupBody): GroupNode[] =>
      groups
        .filter((group) => group.secondary === secondary && (of === undefined || belongs(group, of)))
        .map((group) => ({ kind: "group", id: group.id, group, more: secondary ? [] : nodes(true, group) }));
    return nodes(false);
  }

  async children(node: RegisterNode): Promise<RegisterNode[]> {
    if (node.kind === "group") return [...(await this.registers(node.group.id)), ...node.more];
    return node.kind === "register" ? fieldNodes(node) : [];
  }

  private async registers(group: string): Promise<ValueNode[]> {
    const registers = (await this.read(group))?.registers ?? [];
    return registers.map((register) => {
      const before = this.previous.get(register.expression);
      if (register.value !== undefined) this.current.set(register.expression, register.value);
      const previous = register.value !== undefined && before !== register.value ? before : undefined;
      return { kind: "register", id: `${group}/${register.name}`, register, previous };
    });
  }

  /** Reads a group together with all others that are asked for in the same turn. */
  private async read(group: string): Promise<RegisterGroupBody | undefined> {
    this.wanted.add(group);
    this.batch ??= Promise.resolve().then(async () => {
      const wanted = [...this.wanted];
      this.wanted = new Set();
      this.batch = undefined;
      const { groups } = await this.ask(wanted);
      return new Map(groups.map((body) => [body.id, body]));
    });
    return (await this.batch).get(group);
  }
}

function belongs(group: RegisterGroupBody, main: RegisterGroupBody): boolean {
  return group.kind === main.kind && group.number === main.number;
}

/** Fields from the highest bits down, as the manual's tables have them. */
function fieldNodes({ id, register, previous }: ValueNode): FieldNode[] {
  if (register.value === undefined) return [];
  const value = BigInt(register.value);
  const difference = previous === undefined ? 0n : value ^ BigInt(previous);
  return [...register.fields]
    .sort((a, b) => b.msb - a.msb)
    .map((field) => {
      const mask = ((1n << BigInt(field.msb - field.lsb + 1)) - 1n) << BigInt(field.lsb);
      return { kind: "field", id: `${id}.${field.name}`, register, field, changed: (difference & mask) !== 0n };
    });
}
