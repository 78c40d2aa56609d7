import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../architecture/hex.ts";
import type { DisplayNode, NodeChildren, NumberStyle } from "../runner/index.ts";
import { errors } from "./errors.ts";

/** What the editor can show. */
export interface VariableOptions {
  readonly types: boolean;
  readonly memoryReferences: boolean;
}

/** Children of a node that the editor may ask for. */
interface Container {
  readonly path: string;
  readonly children: NodeChildren;
}

/** A piece of a container's children. */
export interface VariableRange {
  readonly filter?: "named" | "indexed";
  readonly start?: number;
  readonly count?: number;
}

/** Members of a long list that are given to an editor that did not ask for a range. */
const UNASKED_MEMBERS = 1000;

/** Members of a long list among which a name is looked for. */
const MEMBERS_SEARCHED = 10_000;

/**
 * Display trees as the protocol's variables. A reference belongs to a path of names and stays the same for the whole session, so that
 * an editor keeps open what is open and sees which values have changed.
 */
export class VariableStore {
  private readonly containers = new Map<number, Container>();
  private readonly references = new Map<string, number>();

  /** The reference of a node's children; 0 when it has none. */
  reference(path: string, children: NodeChildren | undefined): number {
    if (children === undefined) return 0;
    const reference = this.references.get(path) ?? this.references.size + 1;
    this.references.set(path, reference);
    this.containers.set(reference, { path, children });
    return reference;
  }

  /** @throws AdapterError when the reference is not one of this session */
  list(
    reference: number,
    range: VariableRange,
    style: NumberStyle,
    options: VariableOptions,
  ): DebugProtocol.Variable[] {
    const { path, children } = this.container(reference);
    const nodes: DisplayNode[] = [];
    if (range.filter !== "indexed") nodes.push(...children.named(style));
    if (range.filter !== "named" && children.indexed !== undefined) {
      const start = Math.max(range.start ?? 0, 0);
      const count = range.count === undefined || range.count <= 0 ? UNASKED_MEMBERS : range.count;
      nodes.push(...children.indexed.slice(start, count, style));
    }
    return nodes.map((node) => this.variable(`${path}/${node.name}`, node, options));
  }

  /** A child of a container by its name; of a long list among the first {@link MEMBERS_SEARCHED}. @throws AdapterError when it is not there */
  find(reference: number, name: string): DisplayNode {
    const { children } = this.container(reference);
    const found = [...children.named({}), ...(children.indexed?.slice(0, MEMBERS_SEARCHED, {}) ?? [])].find(
      (node) => node.name === name,
    );
    if (found === undefined) throw errors.noVariable(name);
    return found;
  }

  /** @param path names from the root down, for the reference */
  variable(path: string, node: DisplayNode, options: VariableOptions): DebugProtocol.Variable {
    return {
      name: node.name,
      value: node.value,
      ...(options.types && node.type !== undefined ? { type: node.type } : {}),
      ...(options.memoryReferences && node.address !== undefined ? { memoryReference: hex(node.address) } : {}),
      ...(node.expression === undefined ? {} : { evaluateName: node.expression }),
      ...(node.writable === true ? {} : { presentationHint: { attributes: ["readOnly"] } }),
      variablesReference: this.reference(path, node.children),
      ...counts(node.children),
    };
  }

  private container(reference: number): Container {
    const found = this.containers.get(reference);
    if (found === undefined) throw errors.noReference();
    return found;
  }
}

/** Number of members, so that the editor asks for them piece by piece. */
export function counts(children: NodeChildren | undefined): { indexedVariables?: number } {
  return children?.indexed === undefined ? {} : { indexedVariables: children.indexed.count() };
}
