import type { DebugProtocol } from "@vscode/debugprotocol";

/** Failing commands: the ITS refused, nothing answers, no RAM. */
export const COMMAND_ERRORS = "command-errors";
/** `expect` that does not hold, and outcomes other than the one behind `=>`. */
export const FAILED_EXPECTATIONS = "failed-expectations";

/** Every key of the protocol's capabilities, so that what is not offered is said and not forgotten. */
export const capabilities: Required<DebugProtocol.Capabilities> = {
  supportsConfigurationDoneRequest: true,
  supportsFunctionBreakpoints: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsEvaluateForHovers: true,
  exceptionBreakpointFilters: [
    {
      filter: COMMAND_ERRORS,
      label: "Failing commands",
      description: "Stops after a line that the GIC refused or that met memory that is not there.",
      default: true,
      supportsCondition: false,
    },
    {
      filter: FAILED_EXPECTATIONS,
      label: "Failed expectations",
      description: "Stops after an expect that does not hold, and after another outcome than the one behind =>.",
      default: true,
      supportsCondition: false,
    },
  ],
  supportsStepBack: true,
  supportsSetVariable: true,
  supportsRestartFrame: true,
  supportsGotoTargetsRequest: true,
  supportsStepInTargetsRequest: false,
  supportsCompletionsRequest: true,
  completionTriggerCharacters: [".", "=", " ", "["],
  supportsModulesRequest: false,
  additionalModuleColumns: [],
  supportedChecksumAlgorithms: [],
  supportsRestartRequest: true,
  supportsExceptionOptions: false,
  supportsValueFormattingOptions: true,
  supportsExceptionInfoRequest: true,
  supportTerminateDebuggee: false,
  supportSuspendDebuggee: false,
  supportsDelayedStackTraceLoading: true,
  supportsLoadedSourcesRequest: false,
  supportsLogPoints: true,
  supportsTerminateThreadsRequest: false,
  supportsSetExpression: true,
  supportsTerminateRequest: true,
  supportsDataBreakpoints: true,
  supportsReadMemoryRequest: true,
  supportsWriteMemoryRequest: true,
  supportsDisassembleRequest: false,
  supportsCancelRequest: false,
  supportsBreakpointLocationsRequest: true,
  supportsClipboardContext: true,
  supportsSteppingGranularity: true,
  supportsInstructionBreakpoints: false,
  supportsExceptionFilterOptions: false,
  supportsSingleThreadExecutionRequests: false,
  supportsDataBreakpointBytes: true,
  breakpointModes: [],
  supportsANSIStyling: false,
};
