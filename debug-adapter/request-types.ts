import type { DebugProtocol } from "@vscode/debugprotocol";
import type { CustomRequests } from "./protocol.ts";
import type { RequestArguments, RequestName } from "./request-arguments.ts";
import type { ViewRequests } from "./views-protocol.ts";

/** The bodies of answers to live views. */
type ViewBodies = { readonly [Name in keyof ViewRequests]: ViewRequests[Name]["body"] };

/** The body of the answer to each request that is answered. What requests take: request-arguments.ts. */
export interface RequestBodies extends ViewBodies {
  initialize: DebugProtocol.InitializeResponse["body"];
  launch: undefined;
  attach: undefined;
  configurationDone: undefined;
  restart: undefined;
  terminate: undefined;
  disconnect: undefined;

  setBreakpoints: DebugProtocol.SetBreakpointsResponse["body"];
  setFunctionBreakpoints: DebugProtocol.SetFunctionBreakpointsResponse["body"];
  dataBreakpointInfo: DebugProtocol.DataBreakpointInfoResponse["body"];
  setDataBreakpoints: DebugProtocol.SetDataBreakpointsResponse["body"];
  setInstructionBreakpoints: DebugProtocol.SetInstructionBreakpointsResponse["body"];
  setExceptionBreakpoints: DebugProtocol.SetExceptionBreakpointsResponse["body"];
  breakpointLocations: DebugProtocol.BreakpointLocationsResponse["body"];
  exceptionInfo: DebugProtocol.ExceptionInfoResponse["body"];

  continue: DebugProtocol.ContinueResponse["body"];
  next: undefined;
  stepIn: undefined;
  stepOut: undefined;
  stepBack: undefined;
  reverseContinue: undefined;
  pause: undefined;

  gotoTargets: DebugProtocol.GotoTargetsResponse["body"];
  goto: undefined;
  restartFrame: undefined;

  threads: DebugProtocol.ThreadsResponse["body"];
  stackTrace: DebugProtocol.StackTraceResponse["body"];
  source: DebugProtocol.SourceResponse["body"];
  scopes: DebugProtocol.ScopesResponse["body"];
  variables: DebugProtocol.VariablesResponse["body"];
  setVariable: DebugProtocol.SetVariableResponse["body"];
  evaluate: DebugProtocol.EvaluateResponse["body"];
  setExpression: DebugProtocol.SetExpressionResponse["body"];
  completions: DebugProtocol.CompletionsResponse["body"];

  readMemory: DebugProtocol.ReadMemoryResponse["body"];
  writeMemory: DebugProtocol.WriteMemoryResponse["body"];

  disassemble: DebugProtocol.DisassembleResponse["body"];
  loadedSources: DebugProtocol.LoadedSourcesResponse["body"];
  modules: DebugProtocol.ModulesResponse["body"];
  cancel: undefined;

  "gic/registers": CustomRequests["gic/registers"]["body"];
  "gic/runBack": CustomRequests["gic/runBack"]["body"];
  "gic/savedMachine": CustomRequests["gic/savedMachine"]["body"];
}

/** A function for each request. */
export type RequestHandlers = {
  readonly [Name in RequestName]: (args: RequestArguments<Name>) => RequestBodies[Name] | Promise<RequestBodies[Name]>;
};
