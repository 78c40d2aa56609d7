import type { Severity } from "../diagnostic.ts";
import { defineRule, type Rule } from "./rule.ts";

/** What models do where a rule is broken, sentences without a full stop: by a model's name, else by what its name begins with. */
export type Effects = Readonly<Record<"kvm" | "qemu" | "arch", string>> & Readonly<Record<string, string>>;

/** A rule that is checked at the machine. */
export interface ModelRule<Details extends readonly unknown[]> extends Rule<readonly [model: string, ...Details]> {
  readonly effects: Effects;
  /** What to do, a sentence without a full stop. */
  readonly advice: string;
}

interface ModelRuleText<Details extends readonly unknown[]> {
  /** What is wrong in one case, without a full stop. */
  readonly what: (...details: Details) => string;
  readonly effects: Effects;
  readonly advice: string;
  /** Default: warning. */
  readonly severity?: Exclude<Severity, "error">;
}

/** What a model does, a sentence without a full stop. */
export function effectOn(effects: Effects, model: string): string {
  const family = model.split("-", 1)[0] ?? model;
  return effects[model] ?? effects[family] ?? effects.arch;
}

/** One sentence for all models. */
export function everywhere(text: string): Effects {
  return { kvm: text, qemu: text, arch: text };
}

/** Declares a rule that looks at the machine. Its diagnostics say what happened, what this machine's model does then, and what to do. */
export function modelRule<Details extends readonly unknown[]>(
  code: string,
  title: string,
  { what, effects, advice, severity = "warning" }: ModelRuleText<Details>,
): ModelRule<Details> {
  const message = (model: string, ...details: Details): string =>
    `${what(...details)}. On ${model}: ${effectOn(effects, model)}. ${advice}.`;
  return Object.assign(defineRule<readonly [model: string, ...Details]>(code, title, message, { severity }), {
    effects,
    advice,
  });
}
