import type { Diagnostic } from "../diagnostic.ts";
import { allowedBy } from "./allow.ts";
import { withSeverity } from "./rule.ts";
import { isRuleId } from "./rules.ts";
import type { RuleSettings } from "./settings.ts";

/** A diagnostic as users want it; undefined when they have turned its rule off. */
export function asSet(diagnostic: Diagnostic, settings: RuleSettings): Diagnostic | undefined {
  if (settings.size === 0) return diagnostic;
  const level = settings.get(diagnostic.code);
  if (level === undefined || level === diagnostic.severity) return diagnostic;
  return level === "off" ? undefined : withSeverity(diagnostic, level);
}

/** What is left of the diagnostics of a line. */
export interface Kept {
  readonly kept: readonly Diagnostic[];
  /** Rules that comments have silenced, with the line of the comment. */
  readonly silenced: readonly { readonly id: string; readonly by: number }[];
}

const NOTHING: readonly never[] = [];

/**
 * Applies settings and comments (`# allow L-11`) to what was found on a line. Only rules can be silenced, no errors.
 * @param lines of the script
 */
export function keptOf(
  found: readonly Diagnostic[],
  lines: Parameters<typeof allowedBy>[0],
  line: number,
  settings: RuleSettings,
): Kept {
  if (!found.some(({ code }) => isRuleId(code))) return { kept: found, silenced: NOTHING };
  const kept: Diagnostic[] = [];
  const silenced: { id: string; by: number }[] = [];
  for (const diagnostic of found) {
    const by = isRuleId(diagnostic.code) ? allowedBy(lines, line, diagnostic.code) : undefined;
    if (by !== undefined) silenced.push({ id: diagnostic.code, by });
    else {
      const set = asSet(diagnostic, settings);
      if (set !== undefined) kept.push(set);
    }
  }
  return { kept, silenced };
}
