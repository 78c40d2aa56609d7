import type { LaunchAttributes } from "./protocol.ts";
import {
  anyObject,
  count,
  flag,
  listOf,
  object,
  oneOf,
  optional,
  type Read,
  type Shape,
  text,
  whole,
} from "./shapes.ts";
import { viewShapes } from "./views/view-requests.ts";

const nothing = object({});
const format = optional(object({ hex: optional(flag) }));
const source = object({ path: optional(text), sourceReference: optional(whole) });

/**
 * What stands in launch.json. A user has written it, and editors show nothing of a failed launch whose error is not for the user: each
 * attribute is looked at where it is used, and answered with a sentence about the launch configuration (errors 1xx).
 */
const launchAttributes = anyObject as Shape<LaunchAttributes>;

const breakpoint = object({
  line: count,
  condition: optional(text),
  hitCondition: optional(text),
  logMessage: optional(text),
  mode: optional(oneOf("before", "after")),
});

const step = object({ granularity: optional(oneOf("statement", "line", "instruction")) });

/** What each request takes. Arguments of the protocol that nothing here makes use of are not declared, and never looked at. */
const shapes = {
  initialize: object({
    pathFormat: optional(text),
    linesStartAt1: optional(flag),
    columnsStartAt1: optional(flag),
    supportsVariableType: optional(flag),
    supportsMemoryReferences: optional(flag),
    supportsMemoryEvent: optional(flag),
    supportsProgressReporting: optional(flag),
  }),
  launch: launchAttributes,
  attach: nothing,
  configurationDone: nothing,
  restart: object({ arguments: optional(launchAttributes) }),
  terminate: nothing,
  disconnect: nothing,

  setBreakpoints: object({ source, breakpoints: optional(listOf(breakpoint)), lines: optional(listOf(count)) }),
  setFunctionBreakpoints: object({
    breakpoints: listOf(object({ name: text, condition: optional(text), hitCondition: optional(text) })),
  }),
  dataBreakpointInfo: object({
    variablesReference: optional(whole),
    name: text,
    bytes: optional(count),
    asAddress: optional(flag),
  }),
  setDataBreakpoints: object({
    breakpoints: listOf(
      object({
        dataId: text,
        accessType: optional(oneOf("read", "write", "readWrite")),
        condition: optional(text),
        hitCondition: optional(text),
      }),
    ),
  }),
  setInstructionBreakpoints: object({
    breakpoints: listOf(
      object({
        instructionReference: text,
        offset: optional(whole),
        condition: optional(text),
        hitCondition: optional(text),
      }),
    ),
  }),
  setExceptionBreakpoints: object({
    filters: optional(listOf(text)),
    filterOptions: optional(listOf(object({ filterId: text, condition: optional(text) }))),
  }),
  breakpointLocations: object({ source, line: count, endLine: optional(count) }),
  exceptionInfo: nothing,

  continue: nothing,
  next: step,
  stepIn: step,
  stepOut: step,
  stepBack: step,
  reverseContinue: nothing,
  pause: nothing,

  gotoTargets: object({ source, line: count }),
  goto: object({ targetId: whole }),
  restartFrame: nothing,

  threads: nothing,
  stackTrace: object({ threadId: optional(whole), startFrame: optional(count), levels: optional(count) }),
  source: object({ source: optional(source), sourceReference: optional(whole) }),
  scopes: object({ frameId: optional(whole) }),
  variables: object({
    variablesReference: whole,
    filter: optional(oneOf("named", "indexed")),
    start: optional(count),
    count: optional(count),
    format,
  }),
  setVariable: object({ variablesReference: whole, name: text, value: text, format }),
  evaluate: object({ expression: text, context: optional(text), format }),
  setExpression: object({ expression: text, value: text, format }),
  completions: object({ text, column: count, line: optional(count) }),

  readMemory: object({ memoryReference: text, offset: optional(whole), count }),
  writeMemory: object({ memoryReference: text, offset: optional(whole), data: text, allowPartial: optional(flag) }),

  disassemble: object({
    memoryReference: text,
    offset: optional(whole),
    instructionOffset: optional(whole),
    instructionCount: count,
  }),
  loadedSources: nothing,
  modules: object({ startModule: optional(count), moduleCount: optional(count) }),
  cancel: object({ requestId: optional(whole), progressId: optional(text) }),

  "gic/registers": object({ groups: optional(listOf(text)) }),
  "gic/runBack": object({ expression: optional(text), variablesReference: optional(whole), name: optional(text) }),
  "gic/savedMachine": nothing,
  ...viewShapes,
};

/** Name of a request that is answered. */
export type RequestName = keyof typeof shapes;

/** What the handler of a request gets. */
export type RequestArguments<Name extends RequestName> = Read<(typeof shapes)[Name]>;

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(shapes, name);
}

/**
 * The arguments of a request, every declared one of its type; without arguments, those of an empty object.
 * @throws AdapterError that names the request, the argument and what it takes
 */
export function readArguments<Name extends RequestName>(request: Name, value: unknown): RequestArguments<Name> {
  return (shapes[request] as Shape<RequestArguments<Name>>).read(value ?? {}, { request, argument: "" });
}
