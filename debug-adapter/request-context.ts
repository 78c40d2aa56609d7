import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Scheduler } from "./engine/stop.ts";
import type { Positions } from "./positions.ts";
import type { ScriptSession } from "./script-session.ts";
import type { VariableOptions } from "./variables.ts";

/** What the handlers of requests share. */
export interface RequestContext {
  readonly schedule: Scheduler;
  readonly positions: Positions;
  readonly variableOptions: VariableOptions;
  /** The session. @throws AdapterError before a launch */
  launched(): ScriptSession;
  /** The session, for what must not be done while the script runs. @throws AdapterError */
  stopped(): ScriptSession;
  /** Whether a source is the script that is debugged; false before a launch. */
  isScript(source: DebugProtocol.Source): boolean;
  /** The file that the script includes: its identity; undefined: it is none, or before a launch. */
  includedFile(source: DebugProtocol.Source): string | undefined;
}
