import type { DiagnosticRelatedInformation } from "vscode-languageserver";
import { hex } from "../../architecture/index.ts";
import type { LineDiagnostic, ModelsDiffer } from "../../language/index.ts";
import { statementSpan } from "../../language/index.ts";
import type { MappingChange, MappingLog, Subject } from "../../runner/index.ts";
import { rangeOf, type Script } from "./script.ts";

/** The lines that a problem has to do with, as far as they have run; nothing is run for them. */
export function relatedPlaces(script: Script, problem: LineDiagnostic): DiagnosticRelatedInformation[] | undefined {
  const { data, line, inside } = problem;
  if (inside !== undefined) {
    const uri = script.uriOf(inside.file);
    return uri === undefined
      ? undefined
      : [{ location: { uri, range: rangeOf(inside.line, inside) }, message: inside.message }];
  }
  if (data === undefined) return undefined;
  if (data.kind === "models-differ") return lineOf(script, data);
  if (data.kind === "name-taken") return definitionOf(script, data.name);
  const subjects: Subject[] = [];
  const its = ("its" in data ? data.its : undefined) ?? 0;
  if ("device" in data) {
    const { device } = data;
    if (data.kind === "event-not-mapped" || data.kind === "event-without-target" || data.kind === "event-virtual")
      subjects.push({ kind: "event", its, device, event: data.event });
    subjects.push({ kind: "device", its, device });
  }
  if ("icid" in data && data.icid !== undefined) subjects.unshift({ kind: "collection", its, icid: data.icid });
  const log = subjects.length === 0 ? undefined : script.simulation?.mappingsKnown(line);
  const places = log === undefined ? [] : subjects.flatMap((subject) => placeOf(script, log, subject, line));
  return places.length === 0 ? undefined : places;
}

function definitionOf({ uri, document }: Script, name: string): DiagnosticRelatedInformation[] | undefined {
  const place = document.definition(name);
  if (place === undefined) return undefined;
  return [{ location: { uri, range: rangeOf(place.line, place) }, message: `'${name}' is defined here.` }];
}

/** The first line that comes to something else on another model. */
function lineOf({ uri, document }: Script, data: ModelsDiffer): DiagnosticRelatedInformation[] | undefined {
  const source = document.lines[data.line];
  if (source === undefined) return undefined;
  const message = `${data.model}: ${data.answer}; ${data.other}: ${data.otherAnswer}.`;
  return [{ location: { uri, range: rangeOf(data.line, statementSpan(source)) }, message }];
}

/** The line above that last mapped or unmapped something. */
function placeOf(script: Script, log: MappingLog, subject: Subject, line: number): DiagnosticRelatedInformation[] {
  const change = log.above(subject, line);
  const source = change && script.document.lines[change.line];
  if (change === undefined || source === undefined) return [];
  const range = rangeOf(change.line, statementSpan(source));
  return [{ location: { uri: script.uri, range }, message: `${subjectText(subject)} is ${changeText(change)}.` }];
}

function subjectText(subject: Subject): string {
  switch (subject.kind) {
    case "device":
      return `DeviceID ${hex(subject.device)}`;
    case "event":
      return `EventID ${hex(subject.event)} of DeviceID ${hex(subject.device)}`;
    case "collection":
      return `ICID ${subject.icid}`;
  }
}

function changeText({ to }: MappingChange): string {
  switch (to?.kind) {
    case undefined:
      return "unmapped here";
    case "device":
      return `mapped here with events 0x0 to ${hex(2 ** to.eventBits - 1)}`;
    case "event":
      return `mapped here to pINTID ${to.intid}`;
    case "collection":
      return `mapped here to RDbase ${to.target}`;
  }
}
