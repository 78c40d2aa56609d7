import { explainText, type Reading } from "../../dumps/explain-value/index.ts";
import { suggest } from "../../language/bind/suggest.ts";
import { pageText } from "../../runner/rules/pages/index.ts";

/** What a text means: readings, the page of a rule or problem, or a sentence that says why it means nothing. */
export type Explained =
  | { readonly kind: "readings"; readonly readings: readonly Reading[] }
  | { readonly kind: "page"; readonly page: string }
  | { readonly kind: "nothing"; readonly message: string };

/** What a number from a log, a register dump or a bug report means. */
export function explained(text: string): Explained {
  const page = pageText(text.trim());
  if (page !== undefined) return { kind: "page", page };
  const explanation = explainText(text);
  if (explanation.ok) return { kind: "readings", readings: explanation.readings };
  const { message, word, candidates } = explanation;
  const near = word === undefined || candidates === undefined ? undefined : suggest(word, candidates);
  return { kind: "nothing", message: near === undefined ? message : `${message} Did you mean ${near}?` };
}

/** A reading as JSON has it. Values are strings with `0x`: 64 bits do not fit a JSON number. */
export function jsonReading({ kind, title, summary, fields, notes }: Reading) {
  return {
    kind,
    title,
    summary,
    fields: fields.map(({ name, msb, lsb, raw, meaning, text, summary: about }) => {
      return { name, msb, lsb, raw: `0x${raw.toString(16)}`, value: `0x${meaning.toString(16)}`, text, summary: about };
    }),
    notes,
  };
}
