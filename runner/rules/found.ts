import type { Diagnostic, ModelRule, Span } from "../../language/index.ts";
import type { Target } from "../target.ts";

/** Findings of one kind in one statement that are kept; a queue that is started late may earn thousands. */
const MOST_OF_A_RULE = 3;

/** What rules find during one statement. */
export class Found {
  private readonly target: Target;
  private list: ((place: Span) => Diagnostic)[] = [];
  private codes: string[] = [];
  /** Where what is found now stands in the line; undefined: the whole statement. */
  private place: Span | undefined;

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
    const own = this.place;
    this.codes.push(rule.code);
    this.list.push((place) => rule(own ?? place, name, ...details));
  }

  /** Looks for what is broken by a part of a statement. @param place of the part in its line; undefined: it stands elsewhere */
  within(place: Span | undefined, look: () => void): void {
    this.place = place;
    look();
    this.place = undefined;
  }

  has(code: string): boolean {
    return this.codes.includes(code);
  }

  clear(): void {
    this.list = [];
    this.codes = [];
  }

  /** All that was found, each at its own place; nothing is left. @param place of what has none */
  take(place: Span): Diagnostic[] {
    const { list } = this;
    this.list = [];
    this.codes = [];
    return list.map((make) => make(place));
  }
}
