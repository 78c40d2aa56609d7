import { type Diagnostic, type DiagnosticFactory, defineDiagnostic, type Severity } from "../diagnostic.ts";
import type { DiagnosticData } from "../diagnostic-data.ts";

/** Where a rule is checked: at the text of a line while it is read, or at the machine while the script runs. */
export type CheckedAt = "text" | "run";

/** A rule: what scripts should not do, though they may. Its page (pages/) says why, with examples. */
export interface Rule<Details extends readonly unknown[]> extends DiagnosticFactory<Details> {
  /** Its id, such as L-11: the code of its diagnostics. */
  readonly code: string;
  readonly checkedAt: CheckedAt;
}

interface RuleOptions<Details extends readonly unknown[]> {
  /** Default: warning. */
  readonly severity?: Exclude<Severity, "error">;
  /** Default: run. */
  readonly checkedAt?: CheckedAt;
  readonly data?: (...details: Details) => DiagnosticData | undefined;
}

/**
 * Declares a rule.
 * @param title what is wrong where it is broken, without a full stop
 * @param message of one case: what happens, on this machine, and what to do
 */
export function defineRule<Details extends readonly unknown[]>(
  code: string,
  title: string,
  message: (...details: Details) => string,
  { severity = "warning", checkedAt = "run", data }: RuleOptions<NoInfer<Details>> = {},
): Rule<Details> {
  const factory = defineDiagnostic(code, title, message, data === undefined ? { severity } : { severity, data });
  return Object.assign(factory, { checkedAt });
}

/** A diagnostic with another severity. */
export function withSeverity(diagnostic: Diagnostic, severity: Severity): Diagnostic {
  return { ...diagnostic, severity };
}
