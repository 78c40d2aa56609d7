import { nodeAt } from "../../language/index.ts";
import type { Span } from "../../language/parse/syntax.ts";
import { type Cursor, holds } from "../scripts/script.ts";
import { type Mention, mentionsOf, type Named } from "./mentions.ts";

/** What the cursor points to that can be found elsewhere: a `let` name, or a device, event, collection or interrupt. */
export type Target = Span &
  ({ readonly kind: "name"; readonly name: string } | { readonly kind: "subject"; readonly subject: Named });

/** What stands at the cursor. A name is the name; its value's device or event is found at the argument's name. */
export function targetAt({ line, column }: Cursor): Target | undefined {
  const node = nodeAt(line, column);
  if (node?.kind === "name") return { kind: "name", name: node.name, start: node.start, length: node.length };
  const mention: Mention | undefined = mentionsOf(line).find((candidate) => holds(candidate, column));
  if (mention === undefined) return undefined;
  const { subject, start, length } = mention;
  return { kind: "subject", subject, start, length };
}
