import { hex } from "../architecture/hex.ts";
import {
  type FieldView,
  hexWord,
  type RegisterView,
  readGroup,
  registerExpression,
  registerGroups,
  type Target,
} from "../runner/index.ts";
import type { FieldBody, RegisterBody, RegistersArguments, RegistersBody } from "./protocol.ts";

/** Answers `gic/registers`. */
export function registersBody(target: Target, { groups }: RegistersArguments): RegistersBody {
  const wanted = groups === undefined ? undefined : new Set(groups);
  return {
    model: target.title,
    groups: registerGroups(target)
      .filter(({ id }) => wanted?.has(id) ?? true)
      .map((group) => {
        const { id, title, kind, number, secondary, locations } = group;
        const about = { id, title, kind, number, secondary, count: locations.length };
        return wanted === undefined ? about : { ...about, registers: readGroup(target, group).map(registerBody) };
      }),
  };
}

function registerBody(view: RegisterView): RegisterBody {
  const { name, address, width, access, value, text, resetValue, summary, readEffect, fields, location } = view;
  const expression = registerExpression(location);
  return {
    name,
    expression,
    address: address === undefined ? undefined : hex(address),
    width,
    access,
    value: value === undefined ? undefined : hexWord(value, width),
    text,
    resetValue: resetValue === undefined ? undefined : hexWord(resetValue, width),
    summary,
    readEffect,
    fields: fields.map((field) => fieldBody(expression, field)),
  };
}

function fieldBody(register: string, view: FieldView): FieldBody {
  const { name, msb, lsb, raw, meaning, text, access, summary } = view;
  const expression = `${register}.${name}`;
  return { name, expression, msb, lsb, raw: hex(raw), meaning: hex(meaning), text, access, summary };
}
