import type { Diagnostic } from "../diagnostic.ts";
import { errors } from "../errors.ts";
import type { Span, Word } from "./syntax.ts";
import { Token, TokenBuffer, type TokenKind } from "./token.ts";

// A script says the same words over and over. The last one of each shape is kept and used again, so that a long
// script holds each of its words about once. The length is a power of two.
const recent: string[] = new Array(1024).fill("");

/** The part of a line as a string; an equal one from before when there is one. */
function wordText(text: string, start: number, end: number): string {
  const length = end - start;
  const middle = text.charCodeAt(start + (length >> 1));
  const slot = (text.charCodeAt(start) * 31 + text.charCodeAt(end - 1) * 7 + middle * 13 + length) & 1023;
  const known = recent[slot];
  if (known.length === length && text.startsWith(known, start)) return known;
  const word = text.slice(start, end);
  // V8 copies strings below 13 characters; a longer one would keep the whole text alive that it was cut from.
  if (length < 13) recent[slot] = word;
  return word;
}

/**
 * A cursor over the tokens of one line. It is used again for the next line. Only the first diagnostic of a line is kept:
 * what follows a mistake on the same line is mostly the parser's confusion, not the user's.
 */
export class LineParser {
  text = "";
  problem: Diagnostic | undefined;
  private readonly tokens = new TokenBuffer();
  private at = 0;

  begin(text: string): void {
    this.text = text;
    this.problem = undefined;
    this.tokens.read(text);
    this.at = 0;
  }

  get kind(): TokenKind {
    return this.tokens.kinds[this.at] as TokenKind;
  }

  get start(): number {
    return this.tokens.starts[this.at];
  }

  get end(): number {
    return this.tokens.ends[this.at];
  }

  /** Kind of the token after the current one. */
  get nextKind(): TokenKind {
    return this.kind === Token.end ? Token.end : (this.tokens.kinds[this.at + 1] as TokenKind);
  }

  /** End of the token before the current one, 0 at the start of the line. */
  get previousEnd(): number {
    return this.at === 0 ? 0 : this.tokens.ends[this.at - 1];
  }

  get atEnd(): boolean {
    return this.kind === Token.end;
  }

  /** True when no white space stands between the token before and the current one. */
  get isAdjacent(): boolean {
    return !this.atEnd && this.start === this.previousEnd;
  }

  advance(): void {
    if (this.kind !== Token.end) this.at++;
  }

  /** Passes the current token when it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.kind !== kind) return false;
    this.at++;
    return true;
  }

  /** Passes a token of this kind or reports that `what` is missing. */
  expect(kind: TokenKind, what: string): boolean {
    if (this.accept(kind)) return true;
    this.reportExpected(what);
    return false;
  }

  /** Passes an identifier, or reports that `what` is missing. */
  expectWord(what: string): Word | undefined {
    if (this.kind === Token.identifier) return this.takeWord();
    this.reportExpected(what);
    return undefined;
  }

  /** The current token as a word, whatever it is. */
  takeWord(): Word {
    const { start, end } = this;
    this.advance();
    return { start, length: end - start, text: wordText(this.text, start, end) };
  }

  /** The current token with all that touch it: `save-pending`, `kvm-7.2`. Stops before the kinds in `stop`. */
  takeJoinedWord(stop: readonly TokenKind[]): Word {
    const { start } = this;
    this.advance();
    while (this.isAdjacent && !stop.includes(this.kind)) this.advance();
    return { start, length: this.previousEnd - start, text: this.text.slice(start, this.previousEnd) };
  }

  report(problem: Diagnostic): void {
    this.problem ??= problem;
  }

  /** Reports the current token, or the end of the line, where `what` should be. */
  reportExpected(what: string): void {
    if (this.reportBadToken()) return;
    // At the end of a line the place is one character behind the last token, where the missing text belongs.
    const place: Span = this.atEnd ? { start: this.previousEnd, length: 1 } : this.here();
    this.report(errors.expected(place, what, this.found()));
  }

  /** Reports what is left of the line after a complete statement. */
  reportRest(advice: string): void {
    if (this.atEnd || this.reportBadToken()) return;
    this.report(errors.unexpected(this.here(), this.found(), advice));
  }

  /** The current token for a message. */
  found(): string {
    if (this.atEnd) return "the end of the line";
    const text = this.text.slice(this.start, this.end);
    return `'${text.length > 40 ? `${text.slice(0, 40)}…` : text}'`;
  }

  /** Reports a token that is wrong wherever it stands. */
  reportBadToken(): boolean {
    if (this.kind === Token.bad) this.report(errors.badCharacter(this.here(), this.found()));
    else if (this.kind === Token.openString) this.report(errors.openString(this.here()));
    else return false;
    return true;
  }

  private here(): Span {
    return { start: this.start, length: this.end - this.start };
  }
}
