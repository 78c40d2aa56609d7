import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CustomRequests, LaunchAttributes } from "./protocol.ts";

type Exchange<Arguments, Response extends { body?: unknown }> = readonly [Arguments, Response["body"]];

/** Every request that is answered: what it takes, and the body of the answer. */
export interface RequestTypes {
  initialize: Exchange<DebugProtocol.InitializeRequestArguments, DebugProtocol.InitializeResponse>;
  launch: readonly [LaunchAttributes, undefined];
  attach: readonly [object, undefined];
  configurationDone: readonly [object, undefined];
  restart: readonly [{ readonly arguments?: LaunchAttributes }, undefined];
  terminate: readonly [object, undefined];
  disconnect: readonly [DebugProtocol.DisconnectArguments, undefined];

  setBreakpoints: Exchange<DebugProtocol.SetBreakpointsArguments, DebugProtocol.SetBreakpointsResponse>;
  setExceptionBreakpoints: readonly [DebugProtocol.SetExceptionBreakpointsArguments, undefined];
  breakpointLocations: Exchange<DebugProtocol.BreakpointLocationsArguments, DebugProtocol.BreakpointLocationsResponse>;
  exceptionInfo: Exchange<DebugProtocol.ExceptionInfoArguments, DebugProtocol.ExceptionInfoResponse>;

  continue: Exchange<DebugProtocol.ContinueArguments, DebugProtocol.ContinueResponse>;
  next: readonly [object, undefined];
  stepIn: readonly [object, undefined];
  stepOut: readonly [object, undefined];
  stepBack: readonly [object, undefined];
  reverseContinue: readonly [object, undefined];
  pause: readonly [object, undefined];

  threads: Exchange<object, DebugProtocol.ThreadsResponse>;
  stackTrace: Exchange<DebugProtocol.StackTraceArguments, DebugProtocol.StackTraceResponse>;
  source: Exchange<DebugProtocol.SourceArguments, DebugProtocol.SourceResponse>;
  scopes: Exchange<DebugProtocol.ScopesArguments, DebugProtocol.ScopesResponse>;
  variables: Exchange<DebugProtocol.VariablesArguments, DebugProtocol.VariablesResponse>;
  setVariable: Exchange<DebugProtocol.SetVariableArguments, DebugProtocol.SetVariableResponse>;
  evaluate: Exchange<DebugProtocol.EvaluateArguments, DebugProtocol.EvaluateResponse>;
  setExpression: Exchange<DebugProtocol.SetExpressionArguments, DebugProtocol.SetExpressionResponse>;
  completions: Exchange<DebugProtocol.CompletionsArguments, DebugProtocol.CompletionsResponse>;

  readMemory: Exchange<DebugProtocol.ReadMemoryArguments, DebugProtocol.ReadMemoryResponse>;
  writeMemory: Exchange<DebugProtocol.WriteMemoryArguments, DebugProtocol.WriteMemoryResponse>;

  "gic/registers": readonly [CustomRequests["gic/registers"]["arguments"], CustomRequests["gic/registers"]["body"]];
}

/** A function for each request. */
export type RequestHandlers = {
  readonly [Command in keyof RequestTypes]: (
    args: RequestTypes[Command][0],
  ) => RequestTypes[Command][1] | Promise<RequestTypes[Command][1]>;
};
