import { parseNumber } from "../../dumps/hex-text/hints.ts";
import type { Option } from "../options.ts";
import { limits } from "./limits.ts";
import { toolErrors } from "./tool-errors.ts";

/** An argument of a tool: one as an option of the command line is, or a small whole number. */
export type Argument = (
  | Option
  | {
      readonly type: "count";
      readonly least: number;
      readonly most: number;
      readonly default?: number;
      readonly summary: string;
    }
) & { readonly required?: true };

export type ArgumentTable = Readonly<Record<string, Argument>>;

type GivenAs<A extends Argument> = A extends { type: "flag" }
  ? boolean
  : A extends { type: "number" }
    ? bigint
    : A extends { type: "count" }
      ? number
      : A extends { type: "choice"; choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type ValueOf<A extends Argument> = A extends { required: true } | { type: "flag" } | { default: number }
  ? GivenAs<A>
  : GivenAs<A> | undefined;

/** Values by argument name; a flag that was not given is false. */
export type ArgumentValues<Table extends ArgumentTable> = { readonly [Name in keyof Table]: ValueOf<Table[Name]> };

/** A part of JSON Schema, as clients read it. */
export type JsonSchema = { readonly [Key in string]: unknown };

/** The JSON schema of the arguments. Numbers of 64 bits are texts, as JSON numbers are exact to 2^53 only. */
export function argumentsSchema(table: ArgumentTable): JsonSchema & { readonly type: "object" } {
  const names = Object.keys(table);
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, schemaOf(table[name])])),
    required: names.filter((name) => table[name].required === true),
    additionalProperties: false,
  };
}

function schemaOf(argument: Argument): JsonSchema {
  const { summary: description } = argument;
  switch (argument.type) {
    case "flag":
      return { type: "boolean", description };
    case "number":
      return { type: "string", pattern: "^(0[xX][0-9a-fA-F]+|[0-9]+)$", description: `${description}; decimal or 0x…` };
    case "count": {
      const { least, most, default: value } = argument;
      const range = { type: "integer", minimum: least, maximum: most, description };
      return value === undefined ? range : { ...range, default: value };
    }
    case "choice":
      return { type: "string", enum: argument.choices, description };
    case "text":
      return { type: "string", minLength: 1, maxLength: limits.textCharacters, description };
  }
}

/**
 * The arguments of a call as they came: anything may be in them.
 * @throws ToolError that names the argument and says what it has to be
 */
export function readArguments<Table extends ArgumentTable>(table: Table, given: unknown): ArgumentValues<Table> {
  const object = given ?? {};
  if (typeof object !== "object" || Array.isArray(object)) throw toolErrors.noArguments();
  const members = new Map<string, unknown>(Object.entries(object));
  for (const name of members.keys())
    if (!Object.hasOwn(table, name)) throw toolErrors.unknownArgument(name, Object.keys(table));
  const values = Object.keys(table).map((name) => [name, readValue(name, table[name], members.get(name))]);
  // Each value was read by the entry of the table that its type is made of.
  return Object.fromEntries(values) as ArgumentValues<Table>;
}

function readValue(name: string, argument: Argument, given: unknown): unknown {
  // Models send null and "" for what they leave out.
  if (given === undefined || given === null || (given === "" && argument.required !== true)) {
    if (argument.required === true) throw toolErrors.argument(name, "is needed", argument.summary);
    if (argument.type === "flag") return false;
    return argument.type === "count" ? argument.default : undefined;
  }
  switch (argument.type) {
    case "flag":
      if (typeof given !== "boolean") throw toolErrors.argument(name, "has to be true or false", argument.summary);
      return given;
    case "number": {
      const isWhole = typeof given === "number" && Number.isSafeInteger(given) && given >= 0;
      const value = isWhole ? BigInt(given) : typeof given === "string" ? parseNumber(given.trim()) : undefined;
      if (value === undefined || value >= 1n << 64n)
        throw toolErrors.argument(name, "has to be a number of 64 bits, decimal or 0x…, as a text", argument.summary);
      return value;
    }
    case "count": {
      const { least, most, summary } = argument;
      if (typeof given !== "number" || !Number.isInteger(given) || given < least || given > most)
        throw toolErrors.argument(name, `has to be a whole number from ${least} to ${most}`, summary);
      return given;
    }
    case "choice":
      if (typeof given !== "string" || !argument.choices.includes(given))
        throw toolErrors.argument(name, `has to be one of ${argument.choices.join(", ")}`, argument.summary);
      return given;
    case "text":
      if (typeof given !== "string" || given === "")
        throw toolErrors.argument(name, "has to be a text", argument.summary);
      if (given.length > limits.textCharacters) throw toolErrors.longText(name, given.length);
      return given;
  }
}
