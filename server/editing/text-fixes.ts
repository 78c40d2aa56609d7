import type { Diagnostic } from "vscode-languageserver";
import { errors, type LineState, parseLine, ScriptDocument } from "../../language/index.ts";
import { endingOf, rangeOf, type Script } from "../scripts/script.ts";
import type { Fix } from "./fix.ts";

/** Fixes that follow from the text alone: what other languages write, and a sign that is missing. The first is the one that is meant. */
export function textFixes(script: Script, { code, range }: Diagnostic): Fix[] {
  const index = range.start.line;
  const { text, stateBefore } = script.document.lines[index];
  const at = range.start.character;
  const foreign = foreignSign(index, text, at, range.end.character);
  if (foreign !== undefined) return [foreign];
  switch (code) {
    case errors.expected.code:
    case errors.unexpected.code:
      return missingSigns(index, text, stateBefore, at);
    case errors.notClosed.code:
    case errors.closedByStatement.code:
      return blockEnd(script, index, code === errors.notClosed.code);
    case errors.nothingToClose.code:
      return [{ title: "Remove the }", edits: [{ range, newText: "" }], preferred: true }];
    case errors.unknownName.code:
      return defineName(script, index, text.slice(at, range.end.character));
    default:
      return [];
  }
}

/** Signs of other languages around the place of a problem, and what they are here. */
function foreignSign(index: number, text: string, start: number, end: number): Fix | undefined {
  const signs: readonly (readonly [sign: string, instead: string])[] = [
    ["//", "#"],
    ["->", "=>"],
    [";", "#"],
  ];
  for (const [sign, instead] of signs) {
    // The parser stops at the sign, or at its second character.
    const found = text.indexOf(sign, Math.max(start - 1, 0));
    if (found < 0 || found > Math.max(end, start + 1)) continue;
    const rest = text.slice(found + sign.length);
    if (sign === ";" && rest.trim() === "")
      return {
        title: "Remove the ;",
        edits: [{ range: rangeOf(index, { start: found, length: 1 }), newText: "" }],
        preferred: true,
      };
    const edits = [{ range: rangeOf(index, { start: found, length: sign.length }), newText: instead }];
    return { title: `Change ${sign} to ${instead}`, edits, preferred: true };
  }
  return undefined;
}

/** Signs that may be missing, with the space that belongs to them. */
const signs = [",", " =", "]", ")", " }", " {"] as const;

/** A sign that, put at the place or behind the word before it, lets the parser read further than now. */
function missingSigns(index: number, text: string, state: LineState, place: number): Fix[] {
  const before = text.slice(0, place).trimEnd().length;
  const now = reach(text, state);
  const better = signs
    .map((sign) => ({
      sign,
      reached: reach(`${text.slice(0, before)}${sign}${text.slice(before)}`, state) - sign.length,
    }))
    .filter(({ reached }) => reached > now);
  const furthest = Math.max(...better.map(({ reached }) => reached));
  return better
    .filter(({ reached }) => reached === furthest)
    .map(({ sign }, number) => ({
      title: `Add ${sign.trim()}`,
      edits: [{ range: rangeOf(index, { start: before, length: 0 }), newText: sign }],
      preferred: number === 0,
    }));
}

/** The column up to which a line can be read; beyond its end when it can be read whole. */
function reach(text: string, state: LineState): number {
  const { problem } = parseLine(text, state);
  return problem === undefined ? text.length + 2 : problem.start;
}

/** The brace that ends a block: behind its last property, or above the statement that stands in it. */
function blockEnd(script: Script, index: number, isOpening: boolean): Fix[] {
  const { lines } = script.document;
  let line = index;
  if (isOpening) {
    line++;
    while (line < lines.length && lines[line].kind === "machine") line++;
  }
  const text = `}${endingOf(script)}`;
  const last = lines[line - 1];
  if (line < lines.length) {
    const place = { line, character: 0 };
    return [
      {
        title: "Add } that ends the block",
        edits: [{ range: { start: place, end: place }, newText: text }],
        preferred: true,
      },
    ];
  }
  const end = { line: line - 1, character: last.text.length };
  const newText = `${endingOf(script)}}`;
  return [{ title: "Add } that ends the block", edits: [{ range: { start: end, end }, newText }], preferred: true }];
}

/** A `let` above the line that defines a name which nothing defines. */
function defineName(script: Script, index: number, name: string): Fix[] {
  if (new ScriptDocument(`let ${name} = 0`).diagnostics().total > 0) return [];
  const { text } = script.document.lines[index];
  const indent = /^\s*/.exec(text)?.[0] ?? "";
  const place = { line: index, character: 0 };
  const newText = `${indent}let ${name} = 0${endingOf(script)}`;
  return [{ title: `Define ${name} above`, edits: [{ range: { start: place, end: place }, newText }] }];
}
