import type { Diagnostic, ModelRule, Span } from "../../language/index.ts";
import type { Target } from "../target.ts";

/** Findings of one kind in one statement that are kept; a queue that is started late may earn thousands. */
const MOST_OF_A_RULE = 3;

/** What rules find during one statement. */
export class Found {
  private readonly target: Target;
  private list: ((place: Span) => Diagnostic)[] = [];
  private codes: string[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  get empty(): boolean {
    return this.list.length === 0;
  }

  /** A rule is broken. */
  add<Details extends readonly unknown[]>(rule: ModelRule<Details>, ...details: Details): void {
    if (this.codes.filter((code) => code === rule.code).length >= MOST_OF_A_RULE) return;
    const { name } = this.target;
    this.codes.push(rule.code);
    this.list.push((place) => rule(place, name, ...details));
  }

  has(code: string): boolean {
    return this.codes.includes(code);
  }

  clear(): void {
    this.list = [];
    this.codes = [];
  }

  /** All that was found, at a place; nothing is left. */
  take(place: Span): Diagnostic[] {
    const { list } = this;
    this.list = [];
    this.codes = [];
    return list.map((make) => make(place));
  }
}
