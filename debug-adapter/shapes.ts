import { errors } from "./errors.ts";

/** The argument that is looked at: `breakpoints[2].line` of the request `setBreakpoints`. */
export interface Place {
  readonly request: string;
  /** Empty for the arguments as a whole. */
  readonly argument: string;
}

/** What a value that came over the wire must be. An editor of any make is at the other end, so anything may have come. */
export interface Shape<Value> {
  /** As a sentence about a wrong value says it: "a whole number". */
  readonly takes: string;
  /** The value, without what was not declared. @throws AdapterError that names the argument and what it takes */
  read(value: unknown, at: Place): Value;
}

/** The values that a shape reads. */
export type Read<S> = S extends Shape<infer Value> ? Value : never;

export const text: Shape<string> = plain("a text", (value) => typeof value === "string");
export const flag: Shape<boolean> = plain("true or false", (value) => typeof value === "boolean");
export const whole: Shape<number> = plain("a whole number", Number.isSafeInteger);
export const count: Shape<number> = plain(
  "a whole number from 0",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
);

/** One of some texts. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Shape<Word> {
  return plain(words.map((word) => `"${word}"`).join(" or "), (value) => words.includes(value as Word));
}

/** An argument that may be left out. Some editors write null for that. */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return {
    takes: shape.takes,
    read: (value, at) => (value === undefined || value === null ? undefined : shape.read(value, at)),
  };
}

export function listOf<Value>(member: Shape<Value>): Shape<readonly Value[]> {
  return {
    takes: "a list",
    read(value, at) {
      if (!Array.isArray(value)) throw wrong(this.takes, value, at);
      // A list from an editor in the same process may have holes, which map() would pass over.
      return Array.from(value, (one, index) => member.read(one, { ...at, argument: `${at.argument}[${index}]` }));
    },
  };
}

/** An object with members. Others may stand beside them and are left out: what is not declared here, no handler sees. */
export function object<Members extends Readonly<Record<string, Shape<unknown>>>>(
  members: Members,
): Shape<{ readonly [Name in keyof Members]: Read<Members[Name]> }> {
  return {
    takes: "an object",
    read(value, at) {
      const given = anyObject.read(value, at);
      const read = Object.entries(members).map(([name, shape]) => {
        const argument = at.argument === "" ? name : `${at.argument}.${name}`;
        return [name, shape.read(Object.hasOwn(given, name) ? given[name] : undefined, { ...at, argument })];
      });
      return Object.fromEntries(read);
    },
  };
}

/** An object as it came. */
export const anyObject: Shape<Readonly<Record<string, unknown>>> = plain(
  "an object",
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
);

function plain<Value>(takes: string, fits: (value: unknown) => boolean): Shape<Value> {
  return {
    takes,
    read(value, at) {
      if (!fits(value)) throw wrong(takes, value, at);
      return value as Value;
    },
  };
}

function wrong(takes: string, value: unknown, { request, argument }: Place): Error {
  return argument === ""
    ? errors.badArguments(request, takes, givenText(value))
    : errors.badArgument(request, argument, takes, givenText(value));
}

/** Characters of a wrong text that are shown. */
const SHOWN = 40;

/** A wrong value for people: short, whatever it is. */
export function givenText(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return value.length <= SHOWN ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, SHOWN))}…`;
}
