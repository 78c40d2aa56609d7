import type { Diagnostic } from "../diagnostic.ts";
import type { ScriptLine } from "../parse/line.ts";
import type { Span } from "../parse/syntax.ts";
import { type AllowedId, allowedLine } from "./allow.ts";
import { asSet, keptOf } from "./apply.ts";
import { isRuleId, rules, rulesById } from "./rules.ts";
import { defaultRuleSettings, type RuleSettings } from "./settings.ts";

/** What there is to say about the text of a line without a problem: rules that it breaks, and ids in its comment that are none. */
export function remarksOf(lines: readonly ScriptLine[], line: number, settings: RuleSettings): readonly Diagnostic[] {
  const { binding, allowance } = lines[line];
  const found = binding.remarks === undefined ? [] : keptOf(binding.remarks, lines, line, settings).kept;
  if (allowance === undefined) return found;
  const unknown = allowance.ids.filter(({ id }) => !isRuleId(id)).map(unknownId);
  return [...found, ...unknown.flatMap((remark) => asSet(remark, settings) ?? [])];
}

function unknownId({ id, start, length }: AllowedId): Diagnostic {
  return rules.unknownAllowed({ start, length }, id, [...rulesById.keys()].join(", "));
}

/**
 * Comments that allow what does not happen, when the whole script has run.
 * @param silenced whether a comment on a line has silenced a rule while the script ran
 */
export function* unusedAllowances(
  lines: readonly ScriptLine[],
  silenced: (line: number, id: string) => boolean,
  settings: RuleSettings = defaultRuleSettings,
): Iterable<{ readonly line: number; readonly remark: Diagnostic }> {
  for (let line = 0; line < lines.length; line++) {
    const { allowance } = lines[line];
    if (allowance === undefined) continue;
    const spoken = lines[allowedLine(lines, line)];
    for (const { id, start, length } of allowance.ids) {
      const used = silenced(line, id) || spoken?.binding.remarks?.some(({ code }) => code === id) === true;
      const remark = used || !isRuleId(id) ? undefined : asSet(nothing({ start, length }, id), settings);
      if (remark !== undefined) yield { line, remark };
    }
  }
}

function nothing(place: Span, id: string): Diagnostic {
  return rules.nothingAllowed(place, id);
}
