import type { Position, SignatureHelp } from "vscode-languageserver";
import { completionContext, findCommand, msiArguments } from "../../language/index.ts";
import { placeOf, withoutName } from "../hover/values-text.ts";
import { plain } from "../markdown.ts";
import { cursorAt, type Script } from "../scripts/script.ts";

/** The arguments of the command that a position is in, the one that is being written marked. */
export function signatureHelp(script: Script, position: Position): SignatureHelp | null {
  const cursor = cursorAt(script, position);
  if (cursor === undefined) return null;
  const { line, column } = cursor;
  const word = /^\s*([A-Za-z_]\w*)\s/.exec(line.text);
  if (word === null || column < word[0].length) return null;
  const command = findCommand(word[1]);
  const owner = command ?? (word[1] === "msi" ? msiArguments : undefined);
  if (owner === undefined || owner.fields.length === 0) return null;
  const context = completionContext(line, column);
  if (context.kind !== "argument" && context.kind !== "value") return null;
  const active = context.kind === "value" ? context.field : nextField(owner.fields, context.used);
  const activeParameter = active === undefined ? owner.fields.length : owner.fields.indexOf(active);
  const labels = owner.fields.map(({ name, defaultRaw }) => (defaultRaw === undefined ? name : `[${name}]`));
  return {
    signatures: [
      {
        label: `${owner.name} ${labels.join(", ")}`,
        documentation: command && { kind: "markdown", value: plain(command.summary) },
        parameters: owner.fields.map((field, index) => ({
          label: labels[index],
          documentation: { kind: "markdown", value: `${placeOf(field)}: ${plain(withoutName(field))}` },
        })),
        activeParameter,
      },
    ],
    activeSignature: 0,
    activeParameter,
  };
}

/** The first argument that has not been given. */
function nextField<Field extends { readonly name: string }>(
  fields: readonly Field[],
  used: readonly string[],
): Field | undefined {
  const given = new Set(used.map((name) => name.toLowerCase()));
  return fields.find(({ name }) => !given.has(name.toLowerCase()));
}
