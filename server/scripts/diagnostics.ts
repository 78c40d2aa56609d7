import type { Diagnostic, DiagnosticRelatedInformation } from "vscode-languageserver";
import { DiagnosticSeverity } from "vscode-languageserver";
import type { LineDiagnostic, ScriptDocument, Severity } from "../../language/index.ts";
import { argumentValue, commandName, isMapping, packetValue } from "../navigation/mappings.ts";
import { rangeOf, type Script } from "./script.ts";

export interface DiagnosticOptions {
  /** Problems that are sent at most; one more says how many there are. */
  readonly maxProblems: number;
  /** URI of docs/language.md. Absent: codes are no links. */
  readonly documentation?: string;
}

/** Code of the one that stands for all beyond the limit. */
export const MORE_PROBLEMS = "ITS0601";

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/**
 * What is wrong with a script: what reading it finds, then what running it on the emulator finds, in the order of the lines each.
 * Asks the run for what is known now; it does not run anything.
 */
export function scriptDiagnostics(script: Script, options: DiagnosticOptions): Diagnostic[] {
  const { maxProblems } = options;
  const read = script.document.diagnostics(maxProblems);
  const run = script.simulation?.problems(maxProblems - read.list.length) ?? { list: [], total: 0 };
  const found = [...read.list, ...run.list];
  const related = new RelatedPlaces(script);
  const list = found.map((problem) => toDiagnostic(problem, related.of(problem), options));
  const more = read.total + run.total - found.length;
  if (more > 0) list.push(moreProblems(more));
  return list;
}

function toDiagnostic(
  problem: LineDiagnostic,
  relatedInformation: DiagnosticRelatedInformation[] | undefined,
  { documentation }: DiagnosticOptions,
): Diagnostic {
  return {
    range: rangeOf(problem.line, problem),
    severity: severities[problem.severity],
    source: "gic",
    code: problem.code,
    message: problem.message,
    ...(problem.data === undefined ? {} : { data: problem.data }),
    ...(documentation === undefined ? {} : { codeDescription: { href: `${documentation}#diagnostics` } }),
    ...(relatedInformation === undefined ? {} : { relatedInformation }),
  };
}

function moreProblems(count: number): Diagnostic {
  const what = count === 1 ? "1 more problem is" : `${count} more problems are`;
  return {
    range: rangeOf(0, { start: 0, length: 0 }),
    severity: DiagnosticSeverity.Information,
    source: "gic",
    code: MORE_PROBLEMS,
    message: `${what} not shown. Correct the first ones, or raise gicWorkbench.maxProblems.`,
  };
}

/**
 * The lines that a problem has to do with. Problems are asked about in ascending lines, and the script is walked down once for all
 * of them: a thousand problems in 100,000 lines cost one pass.
 */
class RelatedPlaces {
  private readonly script: Script;
  private readonly devices = new Map<number, number>();
  private readonly collections = new Map<number, number>();
  private next = 0;

  constructor(script: Script) {
    this.script = script;
  }

  of(problem: LineDiagnostic): DiagnosticRelatedInformation[] | undefined {
    const { data } = problem;
    if (data === undefined) return undefined;
    const { document } = this.script;
    if (data.kind === "name-taken") return this.definition(data.name);
    this.walkTo(problem.line, document);
    if ("device" in data) return this.place(this.devices.get(data.device), `DeviceID 0x${data.device.toString(16)}`);
    return "icid" in data ? this.place(this.collections.get(data.icid), `ICID ${data.icid}`) : undefined;
  }

  private definition(name: string): DiagnosticRelatedInformation[] | undefined {
    const { uri, document } = this.script;
    const place = document.definition(name);
    if (place === undefined) return undefined;
    return [{ location: { uri, range: rangeOf(place.line, place) }, message: `'${name}' is defined here.` }];
  }

  private place(index: number | undefined, what: string): DiagnosticRelatedInformation[] | undefined {
    const line = index === undefined ? undefined : this.script.document.lines[index];
    if (index === undefined || line === undefined) return undefined;
    const span = { start: line.text.length - line.text.trimStart().length, length: line.text.trim().length };
    const size = argumentValue(line, "Size");
    const events = size === undefined ? "" : ` with events 0x0 to 0x${(2n ** (size + 1n) - 1n).toString(16)}`;
    const message = isMapping(line) ? `${what} is mapped here${events}.` : `${what} is unmapped here.`;
    return [{ location: { uri: this.script.uri, range: rangeOf(index, span) }, message }];
  }

  private walkTo(end: number, document: ScriptDocument): void {
    for (; this.next < end; this.next++) {
      const line = document.lines[this.next];
      const name = commandName(line);
      if (name === "MAPD") this.note(this.devices, packetValue(line, "DeviceID"));
      else if (name === "MAPC") this.note(this.collections, packetValue(line, "ICID"));
    }
  }

  private note(map: Map<number, number>, id: number | undefined): void {
    if (id !== undefined) map.set(id, this.next);
  }
}
