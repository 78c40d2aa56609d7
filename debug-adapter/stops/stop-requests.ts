import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../../architecture/hex.ts";
import { errors } from "../errors.ts";
import { addressOf } from "../memory.ts";
import type { Positions } from "../positions.ts";
import type { RequestArguments } from "../request-arguments.ts";
import type { RequestContext } from "../request-context.ts";
import type { RequestHandlers } from "../request-types.ts";
import { bytesId } from "./data-breakpoints.ts";
import { exceptionBody } from "./exception-info.ts";
import type { SetBreakpoint } from "./hit.ts";
import { type LineBreakpointRequest, statementLine } from "./line-breakpoints.ts";

export type StopCommands =
  | "setBreakpoints"
  | "setFunctionBreakpoints"
  | "dataBreakpointInfo"
  | "setDataBreakpoints"
  | "setInstructionBreakpoints"
  | "setExceptionBreakpoints"
  | "breakpointLocations"
  | "exceptionInfo";

/** Where the script is to stop, and why it did. */
export function stopRequests(context: RequestContext): Pick<RequestHandlers, StopCommands> {
  return {
    setBreakpoints: ({ source, breakpoints = [], lines = [] }) => {
      const requests = breakpoints.length > 0 ? breakpoints : lines.map((line) => ({ line }));
      const file = context.includedFile(source);
      if (file === undefined && !context.isScript(source)) {
        const message = "This file is not the script that is being debugged, and the script does not include it.";
        return { breakpoints: requests.map(({ line }) => ({ verified: false, line, message })) };
      }
      const session = context.launched();
      const { lines: stops } = session.engine.stops;
      const wanted = requests.map((request) => asked(request, context.positions));
      const placed = file === undefined ? stops.set(wanted) : stops.setIncluded(file, wanted);
      return { breakpoints: placed.map((breakpoint) => session.breakpointBody(breakpoint)) };
    },
    setFunctionBreakpoints: ({ breakpoints }) => {
      const requests = breakpoints.map(({ name, condition, hitCondition }) => ({
        name,
        condition: nonEmpty(condition),
        hitCondition: nonEmpty(hitCondition),
      }));
      return { breakpoints: context.launched().engine.stops.commands.set(requests).map(bodyOf) };
    },
    dataBreakpointInfo: (args) => {
      const watched = watchedExpression(args, context);
      if ("refused" in watched) return { dataId: null, description: watched.refused };
      const { expression } = watched;
      const types = context.launched().engine.stops.data.accessTypes(expression);
      if ("refused" in types) return { dataId: null, description: types.refused };
      return { dataId: expression, description: expression, accessTypes: [...types], canPersist: true };
    },
    setDataBreakpoints: ({ breakpoints }) => {
      const { engine, launched } = context.launched();
      const requests = breakpoints.map(({ dataId, accessType, condition, hitCondition }) => ({
        dataId,
        accessType,
        condition: nonEmpty(condition),
        hitCondition: nonEmpty(hitCondition),
      }));
      const set = engine.stops.data.set(requests);
      engine.stops.data.note(launched.run);
      return { breakpoints: set.map(bodyOf) };
    },
    setInstructionBreakpoints: ({ breakpoints }) => {
      const { engine, launched } = context.launched();
      const requests = breakpoints.map(({ instructionReference, offset = 0, condition, hitCondition }) => ({
        reference: instructionReference,
        address: addressOf(instructionReference, offset),
        condition: nonEmpty(condition),
        hitCondition: nonEmpty(hitCondition),
      }));
      const set = engine.stops.slots.set(requests, launched.run.target);
      return {
        breakpoints: set.map((one, at) => ({ ...bodyOf(one), instructionReference: hex(requests[at].address) })),
      };
    },
    setExceptionBreakpoints: ({ filters = [], filterOptions = [] }) => {
      const requests = [...filters.map((filterId) => ({ filterId })), ...filterOptions];
      return { breakpoints: context.launched().engine.stops.exceptions.set(requests).map(bodyOf) };
    },
    breakpointLocations: ({ source, line, endLine }) => {
      const session = context.launched();
      const { document: script } = session.launched;
      const document = context.isScript(source) ? script : script.included(context.includedFile(source) ?? "");
      if (document === undefined) return { breakpoints: [] };
      const last = context.positions.fromLine(endLine ?? line);
      const found: DebugProtocol.BreakpointLocation[] = [];
      let at = statementLine(document, context.positions.fromLine(line));
      while (at !== undefined && at <= last) {
        found.push(context.positions.statement(document, at));
        at = statementLine(document, at + 1);
      }
      return { breakpoints: found };
    },
    exceptionInfo: () => {
      const { engine, launched } = context.launched();
      if (engine.exception === undefined) throw errors.noException();
      return exceptionBody(engine.exception, launched);
    },
  };
}

function bodyOf({ id, verified, message }: SetBreakpoint): DebugProtocol.Breakpoint {
  return { id, verified, ...(message === undefined ? {} : { message }) };
}

/** The expression of a variable, of bytes at an address, or as it was typed. */
function watchedExpression(
  { variablesReference = 0, name, asAddress = false, bytes }: RequestArguments<"dataBreakpointInfo">,
  context: RequestContext,
): { readonly expression: string } | { readonly refused: string } {
  if (asAddress) {
    const width = (bytes ?? 8) * 8;
    if (![8, 16, 32, 64].includes(width)) return { expression: bytesId(name.trim(), bytes ?? 8) };
    return { expression: `mem${width}[${name.trim()}]` };
  }
  if (variablesReference === 0) return { expression: name.trim() };
  const { expression } = context.launched().variables.find(variablesReference, name);
  return expression === undefined ? { refused: `${name} has no value that could be watched.` } : { expression };
}

function asked(
  { line, condition, hitCondition, logMessage, mode }: DebugProtocol.SourceBreakpoint,
  positions: Positions,
): LineBreakpointRequest {
  return {
    after: mode === "after",
    line: positions.fromLine(line),
    condition: nonEmpty(condition),
    hitCondition: nonEmpty(hitCondition),
    logMessage: nonEmpty(logMessage),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
