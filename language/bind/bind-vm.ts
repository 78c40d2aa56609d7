import { models, resolveModel } from "../../architecture/index.ts";
import { type Diagnostic, isProblem } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { Argument, Expression, LoadStatement, LpiStatement, VmStatement } from "../parse/syntax.ts";
import { checkAddress, checkPe, checkStored } from "./bind-access.ts";
import { bindExpression, type NameTable } from "./bind-expression.ts";
import type { BoundLoad, BoundLpi, BoundVm } from "./bound.ts";
import { resolveOutcome } from "./outcomes.ts";
import { lazily, suggest } from "./suggest.ts";

/** INTIDs have 24 bits at most. */
const INTID_BITS = 24;
const fieldNames = ["priority", "enabled"] as const;

export function bindVm({ verb, name, outcome }: VmStatement): BoundVm | Diagnostic {
  const expected = outcome && resolveOutcome(outcome);
  if (isProblem(expected)) return expected;
  if (verb !== "migrate") return { kind: "vm", verb, name: name?.text, expected };
  const model = name && resolveModel(name.text);
  if (name === undefined || model !== undefined) return { kind: "vm", verb, model, expected };
  const all = models.map((one) => one.name);
  return errors.unknownModel(
    name,
    name.text,
    all.join(", "),
    lazily(() => suggest(name.text, all)),
  );
}

export function bindLoad({ file, address }: LoadStatement, names: NameTable): BoundLoad | Diagnostic {
  const problem = problemOf(address, names) ?? checkAddress(address, names);
  if (problem !== undefined) return problem;
  return { kind: "load", file: file.text.slice(1, -1).replace(/\\(.)/g, "$1"), address };
}

/** Whether the machine has such an LPI is found out when it runs. */
export function bindLpi(statement: LpiStatement, names: NameTable): BoundLpi | Diagnostic {
  const { intid, pe, value, fields = [] } = statement;
  for (const part of [intid, pe, value]) {
    const problem = part && problemOf(part, names);
    if (problem !== undefined) return problem;
  }
  const wrong = checkStored("INTID", intid, INTID_BITS, names) ?? (pe && checkPe(pe, names));
  if (wrong !== undefined) return wrong;
  if (value !== undefined) return checkStored("VALUE", value, 1, names) ?? { kind: "lpi", intid, pe, pending: value };
  const known = fieldsOf(fields, names);
  if (isProblem(known)) return known;
  return { kind: "lpi", intid, pe, priority: known.get("priority"), enabled: known.get("enabled") };
}

function fieldsOf(list: readonly Argument[], names: NameTable): Map<string, Expression> | Diagnostic {
  const known = new Map<string, Expression>();
  for (const { name, value } of list) {
    const field = fieldNames.find((one) => one === name.text.toLowerCase());
    if (field === undefined) {
      const suggestion = lazily(() => suggest(name.text, fieldNames));
      return errors.unknownField(name, "lpi-config", name.text, fieldNames.join(", "), suggestion);
    }
    if (known.has(field)) return errors.duplicateArgument(name, field);
    const wrong = problemOf(value, names) ?? checkStored(field, value, field === "priority" ? 8 : 1, names);
    if (wrong !== undefined) return wrong;
    known.set(field, value);
  }
  return known;
}

function problemOf(expression: Expression, names: NameTable): Diagnostic | undefined {
  const bound = bindExpression(expression, names);
  return isProblem(bound) ? bound : undefined;
}
