import path from "node:path";

/** Folders that hold no file of the product: the layer rule is about who may be imported, these may import all. */
export const tools: readonly string[] = ["scripts", "syntaxes", "test", "bench"];

const shared = ["emulator", "language", "dumps", "architecture"];

/** Who may import whom, with `/` paths from the project root. A layer may always import itself. */
export const layers: Readonly<Record<string, readonly string[]>> = {
  architecture: [],
  emulator: ["architecture"],
  language: ["architecture"],
  dumps: ["architecture"],
  runner: shared,
  "debug-adapter": ["runner", ...shared],
  server: ["runner", ...shared],
  client: ["architecture", "dumps"],
  cli: ["server", "debug-adapter", "runner", ...shared],
  library: ["runner", ...shared],
};

/** Layers that run anywhere, a browser's worker included: nothing of Node, VS Code or a package. */
export const pure: readonly string[] = ["architecture", "emulator", "language", "dumps", "runner", "library"];

/** Rooms of the emulator, and which of the other rooms each may import; what lies beside the rooms they share. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  gicv3: [],
  qemu: ["gicv3"],
  arch: ["gicv3"],
  kvm: ["gicv3"],
};

/** Files of the two process layers that the client may import: the types of what goes over the wire. */
const protocolFile = /^(server|debug-adapter)\/(protocol|[\w-]+-protocol)\.ts$/;

/** One import that the rule forbids. */
export interface Violation {
  readonly file: string;
  readonly specifier: string;
  readonly reason: string;
}

/**
 * Imports of one file that the layer rule forbids.
 * @param file path from the project root, with `/`
 */
export function violations(file: string, source: string): Violation[] {
  const layer = file.split("/")[0] ?? "";
  const found: Violation[] = [];
  for (const specifier of importSpecifiers(source)) {
    const reason = reasonAgainst(file, layer, specifier);
    if (reason !== undefined) found.push({ file, specifier, reason });
  }
  return found;
}

function reasonAgainst(file: string, layer: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) {
    if (path.posix.isAbsolute(specifier) || /^[a-z]+:\/\//i.test(specifier))
      return "an import names a package or a path";
    return pure.includes(layer) ? `${layer}/ is pure: it imports no package, no node: and no vscode` : undefined;
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  if (target.startsWith("../")) return "the import leaves the project";
  const other = target.split("/")[0] ?? "";
  if (layer === "emulator" && other === layer) return reasonAgainstRoom(file, target);
  if (other === layer || tools.includes(layer)) return undefined;
  if (layers[layer]?.includes(other)) return undefined;
  if (target === "package.json" && !pure.includes(layer)) return undefined; // The version number is written there only.
  if (layer === "client" && protocolFile.test(target)) return undefined;
  return `${layer}/ may not import ${target.includes("/") ? `${other}/` : other}`;
}

function reasonAgainstRoom(file: string, target: string): string | undefined {
  const [room, other] = [file, target].map((name) => name.split("/")[1] ?? "");
  if (room === other || !Object.hasOwn(rooms, room) || !Object.hasOwn(rooms, other)) return undefined;
  return rooms[room].includes(other) ? undefined : `emulator/${room}/ may not import emulator/${other}/`;
}

/** Specifiers of static imports, re-exports, dynamic imports, `import("…")` types and `require("…")` calls. */
export function importSpecifiers(source: string): string[] {
  const { code, strings } = withStringsNumbered(source);
  const patterns = [
    /\b(?:import|export)\b[^"`;()]*?\bfrom\s*"(\d+)"/g,
    /\bimport\s*"(\d+)"/g,
    /\b(?:import|require)\s*\(\s*"(\d+)"/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => strings[Number(match[1])] ?? ""));
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//.source;
const string = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/.source;
/** A slash that follows an operator, a bracket or `return` begins a regular expression, which may hold any quote. */
const regex = /(?<=(?:[=(,:[!&|?{};\n]|\breturn)[ \t]*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/\w*/.source;
const token = new RegExp(`(${comment})|(${regex})|${string}`, "g");

/** The code without comments, each string as `"N"`: what stands inside a string can no longer look like an import. */
function withStringsNumbered(source: string): { code: string; strings: string[] } {
  const strings: string[] = [];
  const code = source.replace(token, (text, isComment?: string, isRegex?: string) => {
    if (isComment !== undefined || isRegex !== undefined) return " ";
    return `"${strings.push(text.slice(1, -1)) - 1}"`;
  });
  return { code, strings };
}
