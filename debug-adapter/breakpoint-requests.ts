import type { DebugProtocol } from "@vscode/debugprotocol";
import { type BreakpointRequest, statementLine } from "./breakpoints.ts";
import { errors } from "./errors.ts";
import type { Positions } from "./positions.ts";
import type { RequestContext } from "./request-context.ts";
import type { RequestHandlers } from "./request-types.ts";

export type BreakpointCommands = "setBreakpoints" | "setExceptionBreakpoints" | "breakpointLocations" | "exceptionInfo";

/** Where the script is to stop, and why it did. */
export function breakpointRequests(context: RequestContext): Pick<RequestHandlers, BreakpointCommands> {
  return {
    setBreakpoints: ({ source, breakpoints = [], lines = [] }) => {
      const requests = breakpoints.length > 0 ? breakpoints : lines.map((line) => ({ line }));
      if (!context.isScript(source)) {
        const message = "This file is not the script that is being debugged.";
        return { breakpoints: requests.map(({ line }) => ({ verified: false, line, message })) };
      }
      const session = context.launched();
      const placed = session.engine.breakpoints.set(requests.map((request) => asked(request, context.positions)));
      return { breakpoints: placed.map((breakpoint) => session.breakpointBody(breakpoint)) };
    },
    setExceptionBreakpoints: ({ filters = [] }) => {
      context.launched().engine.filters = new Set(filters);
      return undefined;
    },
    breakpointLocations: ({ source, line, endLine }) => {
      const session = context.launched();
      if (!context.isScript(source)) return { breakpoints: [] };
      const { document } = session.launched;
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
      const { line, problem } = engine.exception;
      const where = `${launched.name}:${line + 1}:${problem.start + 1}`;
      return {
        exceptionId: problem.code,
        description: problem.message,
        breakMode: "always",
        details: { message: problem.message, typeName: problem.code, stackTrace: `at ${where}` },
      };
    },
  };
}

function asked(
  { line, condition, hitCondition, logMessage }: DebugProtocol.SourceBreakpoint,
  positions: Positions,
): BreakpointRequest {
  return {
    line: positions.fromLine(line),
    condition: nonEmpty(condition),
    hitCondition: nonEmpty(hitCondition),
    logMessage: nonEmpty(logMessage),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
