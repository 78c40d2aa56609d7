import type { DiagnosticData } from "./diagnostic-data.ts";
import type { Span } from "./parse/syntax.ts";

export type Severity = "error" | "warning" | "information";

/** What is wrong with a line: where in it, and a sentence that says what happened and what to do. */
export interface Diagnostic extends Span {
  /** `ITS` and four digits; docs/language.md lists them all. */
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
  const plain = ({ start, length }: Span, ...details: Details): Diagnostic => ({
    code,
    severity,
    start,
    length,
    get message() {
      return message(...details);
    },
  });
  const withData = ({ start, length }: Span, ...details: Details): Diagnostic => ({
    code,
    severity,
    start,
    length,
    get message() {
      return message(...details);
    },
    get data() {
      return data?.(...details);
    },
  });
  return Object.assign(data === undefined ? plain : withData, { code, severity, title });
}

/** Tells a diagnostic from what a function gives when nothing is wrong. */
export function isProblem<Value>(value: Value | Diagnostic): value is Diagnostic {
  return typeof value === "object" && value !== null && "severity" in value && "message" in value;
}
