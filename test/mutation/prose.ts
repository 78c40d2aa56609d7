// Sentences and sources are read by people: what a mutant makes of them is no matter of behaviour.

interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly name?: unknown;
  readonly key?: Node;
  readonly id?: Node;
  readonly quasis?: readonly { readonly value: { readonly raw: string } }[];
}

interface NodePath {
  readonly node: Node;
  readonly parent?: Node;
}

/** Names of properties and variables that hold nothing else. */
const PROSE = new Set(["summary", "source", "documentation", "advice", "cause", "linux", "qemu", "manual", "header"]);
/** A text with as many blanks is a sentence, not a name. */
const BLANKS = 2;

/** Stryker's plugin that leaves prose out. */
class ProseIgnorer {
  shouldIgnore({ node, parent }: NodePath): string | undefined {
    const text = textOf(node);
    if (text === undefined) return undefined;
    const name = parent?.type === "ObjectProperty" ? nameOf(parent.key) : nameOf(parent?.id);
    return text.split(" ").length > BLANKS || PROSE.has(name ?? "") ? "prose" : undefined;
  }
}

function textOf({ type, value, quasis }: Node): string | undefined {
  if (type === "StringLiteral") return String(value);
  return type === "TemplateLiteral" ? quasis?.map((part) => part.value.raw).join("") : undefined;
}

function nameOf(node: Node | undefined): string | undefined {
  const name = node?.name ?? node?.value;
  return typeof name === "string" ? name : undefined;
}

export const strykerPlugins = [{ kind: "Ignore", name: "prose", injectableClass: ProseIgnorer }];
