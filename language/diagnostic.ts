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
  // The getters are the same for all of an entry: with some of its own a diagnostic takes four times the room.
  const hidden: PropertyDescriptor & { value: Details | undefined } = { value: undefined };
  const messageOf = lazy<Details>(message);
  const dataOf = data && lazy<Details>(data);
  const make = ({ start, length }: Span, ...details: Details): Diagnostic => {
    const made = { code, severity, start, length };
    hidden.value = details;
    Object.defineProperty(made, DETAILS, hidden);
    Object.defineProperty(made, "message", messageOf);
    if (dataOf !== undefined) Object.defineProperty(made, "data", dataOf);
    return made as Diagnostic;
  };
  return Object.assign(make, { code, severity, title });
}

/** What a diagnostic makes its message and data from; copies have those, and not this. */
const DETAILS = Symbol("details");

/** A property that is computed from the details whenever it is read. */
function lazy<Details extends readonly unknown[]>(compute: (...details: Details) => unknown): PropertyDescriptor {
  return {
    get(this: { readonly [DETAILS]: Details }) {
      return compute(...this[DETAILS]);
    },
    enumerable: true,
    configurable: true,
  };
}

/** Tells a diagnostic from what a function gives when nothing is wrong. */
export function isProblem<Value>(value: Value | Diagnostic): value is Diagnostic {
  return typeof value === "object" && value !== null && "severity" in value && "message" in value;
}
