import path from "node:path";

/** Files by their path from the project root, with `/`, and the specifiers that each imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * Circles of files: sets in which every file imports every other, over one or more steps. A circle's files and the circles are in order
 * of their names. Imports of types count like others: what is declared in a circle cannot be read in any order either.
 */
export function circles(imports: Imports): string[][] {
  const graph = new Map([...imports].map(([file, specifiers]) => [file, targets(file, specifiers, imports)]));
  const found = strongComponents(graph).filter(
    (files) => files.length > 1 || (graph.get(files[0]) ?? []).includes(files[0]),
  );
  return found.map((files) => files.sort()).sort(([a], [b]) => (a < b ? -1 : 1));
}

function targets(file: string, specifiers: readonly string[], imports: Imports): string[] {
  return specifiers
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => path.posix.join(path.posix.dirname(file), specifier))
    .filter((target) => imports.has(target));
}

/** Tarjan's algorithm: the sets of nodes that reach one another. */
function strongComponents(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const own = order.size;
    order.set(node, own);
    stack.push(node);
    let low = own;
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? own);
    }
    if (low === own) found.push(stack.splice(stack.indexOf(node)));
    return low;
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
