import { limits } from "../limits.ts";

/** Kinds of tokens. White space is not a token: it is the gap between two. A comment is the last token of its line. */
export const Token = {
  end: 0,
  identifier: 1,
  number: 2,
  string: 3,
  /** A string without its closing quote. */
  openString: 4,
  /** A character, or a run of non-ASCII characters, that begins no token. */
  bad: 5,
  comment: 6,
  comma: 7,
  assign: 8,
  arrow: 9,
  openParenthesis: 10,
  closeParenthesis: 11,
  openBracket: 12,
  closeBracket: 13,
  openBrace: 14,
  closeBrace: 15,
  dot: 16,
  colon: 17,
  at: 18,
  logicalOr: 19,
  logicalAnd: 20,
  or: 21,
  xor: 22,
  and: 23,
  equal: 24,
  notEqual: 25,
  less: 26,
  lessEqual: 27,
  greater: 28,
  greaterEqual: 29,
  shiftLeft: 30,
  shiftRight: 31,
  plus: 32,
  minus: 33,
  times: 34,
  divide: 35,
  remainder: 36,
  complement: 37,
  not: 38,
  range: 39,
} as const;

export type TokenKind = (typeof Token)[keyof typeof Token];

/** Binding strength of a binary operator as in C, 0 for a token that is none. */
export const precedence = new Uint8Array(64);
const ladder: readonly (readonly TokenKind[])[] = [
  [Token.logicalOr],
  [Token.logicalAnd],
  [Token.or],
  [Token.xor],
  [Token.and],
  [Token.equal, Token.notEqual],
  [Token.less, Token.lessEqual, Token.greater, Token.greaterEqual],
  [Token.shiftLeft, Token.shiftRight],
  [Token.plus, Token.minus],
  [Token.times, Token.divide, Token.remainder],
];
ladder.forEach((kinds, level) => {
  for (const kind of kinds) precedence[kind] = level + 1;
});

// Character classes, one lookup a character: this loop is where a full parse spends most of its time.
const SPACE = 1;
const DIGIT = 2;
const LETTER = 4;
const classes = new Uint8Array(128);
for (const character of " \t\v\f\uFEFF") if (character.charCodeAt(0) < 128) classes[character.charCodeAt(0)] = SPACE;
for (let code = 48; code <= 57; code++) classes[code] = DIGIT;
for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] = LETTER;
classes[95] = LETTER;

const single = new Uint8Array(128);
for (const [character, kind] of Object.entries({
  ",": Token.comma,
  "(": Token.openParenthesis,
  ")": Token.closeParenthesis,
  "[": Token.openBracket,
  "]": Token.closeBracket,
  "{": Token.openBrace,
  "}": Token.closeBrace,
  ".": Token.dot,
  ":": Token.colon,
  "@": Token.at,
  "^": Token.xor,
  "+": Token.plus,
  "-": Token.minus,
  "*": Token.times,
  "/": Token.divide,
  "%": Token.remainder,
  "~": Token.complement,
  "=": Token.assign,
  "|": Token.or,
  "&": Token.and,
  "<": Token.less,
  ">": Token.greater,
  "!": Token.not,
}))
  single[character.charCodeAt(0)] = kind;

/** Two-character tokens, by first and second character; 0 where the two are none. */
const double = new Uint8Array(128 * 128);
for (const [text, kind] of Object.entries({
  "||": Token.logicalOr,
  "&&": Token.logicalAnd,
  "==": Token.equal,
  "!=": Token.notEqual,
  "<=": Token.lessEqual,
  ">=": Token.greaterEqual,
  "<<": Token.shiftLeft,
  ">>": Token.shiftRight,
  "=>": Token.arrow,
  "..": Token.range,
}))
  double[(text.charCodeAt(0) << 7) | text.charCodeAt(1)] = kind;

/** True for a character that an identifier may begin with. */
export function isLetter(code: number): boolean {
  return code < 128 && classes[code] === LETTER;
}

/** True for a character that may stand inside an identifier or a number. */
export function isWordPart(code: number): boolean {
  return code < 128 && (classes[code] & (DIGIT | LETTER)) !== 0;
}

/** One token of a line; positions are UTF-16 units from the start of the line. */
export interface LineToken {
  readonly kind: TokenKind;
  readonly start: number;
  readonly length: number;
}

/**
 * The tokens of one line in flat arrays that are used again for the next line: a full parse makes no token objects.
 * Entry `count` is always {@link Token.end} at the end of the code (before a comment).
 */
export class TokenBuffer {
  readonly kinds = new Uint8Array(limits.lineLength + 2);
  readonly starts = new Int32Array(limits.lineLength + 2);
  readonly ends = new Int32Array(limits.lineLength + 2);
  count = 0;
  /** Start of the comment, or -1. */
  commentStart = -1;

  /** Reads a line of at most {@link limits.lineLength} characters. */
  read(text: string): void {
    const { kinds, starts, ends } = this;
    const length = text.length;
    let count = 0;
    let at = 0;
    this.commentStart = -1;
    while (at < length) {
      const code = text.charCodeAt(at);
      const kindOfCharacter = code < 128 ? classes[code] : code === 0xfeff || code === 0xa0 ? SPACE : 0;
      if (kindOfCharacter === SPACE) {
        at++;
        continue;
      }
      const start = at++;
      let kind: number;
      if (kindOfCharacter !== 0) {
        kind = kindOfCharacter === LETTER ? Token.identifier : Token.number;
        while (at < length && isWordPart(text.charCodeAt(at))) at++;
      } else if (code === 35) {
        this.commentStart = start;
        break;
      } else if (code === 34) {
        at = endOfString(text, at);
        kind =
          text.charCodeAt(at - 1) === 34 && at - 1 > start && !endsEscaped(text, start, at - 1)
            ? Token.string
            : Token.openString;
      } else if (code >= 128) {
        kind = Token.bad;
        while (at < length && text.charCodeAt(at) >= 128) at++;
      } else {
        kind = single[code] === 0 ? Token.bad : single[code];
        const next = at < length ? text.charCodeAt(at) : 0;
        const pair = next < 128 ? double[(code << 7) | next] : 0;
        if (pair !== 0) {
          kind = pair;
          at++;
        }
      }
      kinds[count] = kind;
      starts[count] = start;
      ends[count] = at;
      count++;
    }
    kinds[count] = Token.end;
    starts[count] = ends[count] = count === 0 ? 0 : ends[count - 1];
    this.count = count;
  }
}

/** Position after the closing quote of a string whose opening quote stands before `at`, or the end of the line. */
function endOfString(text: string, at: number): number {
  while (at < text.length) {
    const code = text.charCodeAt(at++);
    if (code === 92) at++;
    else if (code === 34) return at;
  }
  return text.length;
}

/** True when the quote at `quote` is escaped: an odd number of backslashes stands before it. */
function endsEscaped(text: string, start: number, quote: number): boolean {
  let backslashes = 0;
  while (quote - 1 - backslashes > start && text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
  return backslashes % 2 === 1;
}

// A buffer is as long as the longest line: one for all calls.
const buffer = new TokenBuffer();

/** The tokens of a line as objects, a comment included. Lines beyond the length limit have none. */
export function tokenize(text: string): LineToken[] {
  if (text.length > limits.lineLength) return [];
  buffer.read(text);
  const tokens: LineToken[] = [];
  for (let index = 0; index < buffer.count; index++) {
    const start = buffer.starts[index];
    tokens.push({ kind: buffer.kinds[index] as TokenKind, start, length: buffer.ends[index] - start });
  }
  if (buffer.commentStart >= 0)
    tokens.push({ kind: Token.comment, start: buffer.commentStart, length: text.length - buffer.commentStart });
  return tokens;
}
