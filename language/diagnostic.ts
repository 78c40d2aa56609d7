import type { DiagnosticData } from "./diagnostic-data.ts";
import type { Span } from "./parse/syntax.ts";

/** How bad it is: an error keeps a line from doing what it says; the others are remarks on a line that runs. */
export type Severity = "error" | "warning" | "information" | "hint";

/** Every severity, the worst first. */
export const severities: readonly Severity[] = ["error", "warning", "information", "hint"];

/** What is wrong with a line: where in it, and a sentence that says what happened and what to do. */
export interface Diagnostic extends Span {
  /** `ITS` and four digits, which docs/language.md lists, or the id of a rule, which docs/rules lists. */
  readonly code: string;
  readonly severity: Severity;
  /** For people alone. */
  readonly message: string;
  /** What the message is about, for programs; absent where nothing can be done with it. */
  readonly data?: DiagnosticData | undefined;
  /** Of what is wrong in an included file: where. The diagnostic itself is at the line that includes it, or that calls its macro. */
  readonly inside?: IncludedPlace | undefined;
}

/** A place in a file that a script includes. */
export interface IncludedPlace extends Span {
  /** Identity of the file. */
  readonly file: string;
  /** Its path as the script has it. */
  readonly path: string;
  /** From 0. */
  readonly line: number;
  /** What is wrong there, without the place. */
  readonly message: string;
  /** As {@link Diagnostic.data}; no fix of it is one of the script's text. */
  readonly data?: DiagnosticData | undefined;
}

/** One entry of the catalogue: makes the diagnostic at a place from the details of its message. */
export interface DiagnosticFactory<Details extends readonly unknown[]> {
  (place: Span, ...details: Details): Diagnostic;
  readonly code: string;
  readonly severity: Severity;
  /** What the code stands for, without the details of one case. */
  readonly title: string;
}

interface DiagnosticOptions<Details extends readonly unknown[]> {
  /** Default: error. */
  readonly severity?: Severity;
  /** What the diagnostic of these details is about. */
  readonly data?: (...details: Details) => DiagnosticData | undefined;
}

/** Declares an entry of the catalogue. `message` says what happened and what to do. */
export function defineDiagnostic<Details extends readonly unknown[]>(
  code: string,
  title: string,
  message: (...details: Details) => string,
  { severity = "error", data }: DiagnosticOptions<NoInfer<Details>> = {},
): DiagnosticFactory<Details> {
  // Message and data are made when they are read: a text that is no script has a problem in every line, and only some of them are ever shown.
  const make = ({ start, length }: Span, ...details: Details): Diagnostic => {
    const made = { code, severity, start, length };
    hidden.value = { message, data, details };
    Object.defineProperty(made, ORIGIN, hidden);
    Object.defineProperty(made, "message", lazyMessage);
    if (data !== undefined) Object.defineProperty(made, "data", lazyData);
    return made as Diagnostic;
  };
  return Object.assign(make, { code, severity, title });
}

/** What a diagnostic makes its message and data from; copies have those, and not this. */
const ORIGIN = Symbol("origin");

interface Origin<Details extends readonly unknown[]> {
  readonly message: (...details: Details) => string;
  readonly data: ((...details: Details) => DiagnosticData | undefined) | undefined;
  readonly details: Details;
}

interface WithOrigin {
  readonly [ORIGIN]: Origin<never>;
}

// The same descriptors for all: diagnostics with getters of their own would have no shape in common, and take four times the room.
const hidden: PropertyDescriptor & { value: unknown } = { value: undefined };
const lazyMessage: PropertyDescriptor = {
  get(this: WithOrigin) {
    return this[ORIGIN].message(...this[ORIGIN].details);
  },
  enumerable: true,
  configurable: true,
};
const lazyData: PropertyDescriptor = {
  get(this: WithOrigin) {
    return this[ORIGIN].data?.(...this[ORIGIN].details);
  },
  enumerable: true,
  configurable: true,
};

/** Tells a diagnostic from what a function gives when nothing is wrong. */
export function isProblem<Value>(value: Value | Diagnostic): value is Diagnostic {
  return typeof value === "object" && value !== null && "severity" in value && "message" in value;
}
