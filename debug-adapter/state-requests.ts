import type { DebugProtocol } from "@vscode/debugprotocol";
import { hex } from "../architecture/hex.ts";
import { consoleText, type NumberStyle } from "../runner/index.ts";
import { assign } from "./assign/assign.ts";
import { consoleCompletions } from "./console/completions.ts";
import { consoleHelp } from "./console/help.ts";
import { answerTraceMsi, traceMsiArguments } from "./console/trace-msi.ts";
import { answerWho, backExpression, lastWriter, whoExpression } from "./console/who.ts";
import { disassembled } from "./disassembly.ts";
import { workTitles } from "./engine/progress.ts";
import { errors } from "./errors.ts";
import { consoleStatement, evaluateExpression, performStatement } from "./evaluate.ts";
import { threadsOf } from "./frames/threads.ts";
import { addressOf, readMemory, writeMemory } from "./memory.ts";
import { checksumOf, modulesOf } from "./modules.ts";
import { momentOf } from "./moment.ts";
import { OVERVIEW_REFERENCE, SCRIPT_REFERENCE, sourceOf } from "./positions.ts";
import { registersBody } from "./registers.ts";
import type { RequestContext } from "./request-context.ts";
import type { RequestHandlers } from "./request-types.ts";
import type { ScriptSession } from "./script-session.ts";
import { counts } from "./variables.ts";

export type StateCommands =
  | "threads"
  | "stackTrace"
  | "source"
  | "scopes"
  | "variables"
  | "setVariable"
  | "setExpression"
  | "evaluate"
  | "completions"
  | "readMemory"
  | "writeMemory"
  | "disassemble"
  | "loadedSources"
  | "modules"
  | "cancel"
  | "gic/registers"
  | "gic/runBack"
  | "gic/savedMachine";

/** What the machine and the script look like, and changing it by hand. */
export function stateRequests(context: RequestContext): Pick<RequestHandlers, StateCommands> {
  return {
    threads: () => ({ threads: threadsOf(context.launched().launched.run.target) }),
    stackTrace: ({ threadId, startFrame = 0, levels = 0 }) => {
      const frames = context.launched().frames(threadId);
      // No levels, or 0 of them, are all.
      const end = levels === 0 ? frames.length : startFrame + levels;
      return { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
    },
    source: ({ source, sourceReference }) => {
      const { saved, imported, document } = context.launched().launched;
      const reference = source?.sourceReference ?? sourceReference;
      if (imported && reference === SCRIPT_REFERENCE) return { content: document.text, mimeType: "text/x-itscmd" };
      if (saved === undefined || reference !== OVERVIEW_REFERENCE) throw errors.noSource();
      return { content: saved.overview(), mimeType: "text/plain" };
    },
    scopes: ({ frameId }) => {
      const session = context.launched();
      const { variables } = session;
      return {
        scopes: session.sections(frameId).map(({ name, hint, children }) => ({
          name,
          ...(hint === undefined ? {} : { presentationHint: hint }),
          variablesReference: variables.reference(name, children),
          ...counts(children),
          expensive: false,
        })),
      };
    },
    variables: ({ variablesReference, filter, start, count, format }) => ({
      variables: context
        .launched()
        .variables.list(variablesReference, { filter, start, count }, ofList(format), context.variableOptions),
    }),
    setVariable: async ({ variablesReference, name, value, format }) => {
      const session = context.stopped();
      const node = session.variables.find(variablesReference, name);
      if (node.writable !== true || node.expression === undefined) {
        throw session.launched.run.lookup(name) === undefined ? errors.notWritable(name) : errors.letIsFixed(name);
      }
      session.beforeEdit();
      const { result, note } = await session.engine.carryOut(assign(node.expression, value, session.launched.run));
      context.schedule(() => session.edited(result, note));
      return valueBody(context, node.expression, ofList(format), session);
    },
    setExpression: async ({ expression, value, format }) => {
      const session = context.stopped();
      session.beforeEdit();
      const { result, note } = await session.engine.carryOut(assign(expression, value, session.launched.run));
      context.schedule(() => session.edited(result, note));
      return valueBody(context, expression, styleOf(format), session);
    },
    evaluate: async ({ expression, context: purpose, format }) => {
      const session = context.launched();
      const { run, document } = session.launched;
      const asked = purpose === "repl" ? whoExpression(expression) : undefined;
      if (asked !== undefined) {
        const answer = answerWho(asked, run, styleOf(format), (line) => document.lines[line]?.text ?? "");
        return { result: await context.stopped().lookBack(answer), variablesReference: 0 };
      }
      if (purpose === "repl" && expression.trim() === "help") return { result: consoleHelp, variablesReference: 0 };
      if (purpose === "repl" && expression.trim() === "rerun") {
        return { result: context.stopped().rerun(), variablesReference: 0 };
      }
      const other = purpose === "repl" ? /^\s*other\s+(\S.*)$/s.exec(expression)?.[1] : undefined;
      if (other !== undefined) {
        const { twin } = session.launched;
        if (twin === undefined) throw errors.noComparison();
        return { result: evaluateExpression(other, twin, styleOf(format)).value, variablesReference: 0 };
      }
      const back = purpose === "repl" ? backExpression(expression) : undefined;
      if (back !== undefined) {
        const line = await runBack(context.stopped(), back);
        return { result: `Back to line ${line + 1}, which wrote ${back} last.`, variablesReference: 0 };
      }
      const traced = purpose === "repl" ? traceMsiArguments(expression) : undefined;
      if (traced !== undefined) {
        if (context.stopped().launched.run.inLine) throw errors.inLine(run.nextLine + 1);
        return { result: answerTraceMsi(traced, run), variablesReference: 0 };
      }
      const statement = purpose === "repl" ? consoleStatement(expression) : undefined;
      if (statement === undefined) {
        // What is copied goes into other programs, too, not all of which read groups of digits.
        const style = { ...styleOf(format), plain: purpose === "clipboard" };
        const { value, ...rest } = valueBody(context, expression, style, session);
        return { ...rest, result: value, variablesReference: rest.variablesReference ?? 0 };
      }
      if (statement.kind !== "read" && statement.kind !== "expect") context.stopped().beforeEdit();
      context.stopped();
      const performed = session.engine.carryOut(performStatement(expression, statement, run));
      // A statement that fails may have changed the machine too.
      const result = await performed.finally(() => context.schedule(() => session.edited()));
      const isCommand = statement.kind === "command" || statement.kind === "raw";
      return { result: consoleText(result, run.target, isCommand), variablesReference: 0 };
    },
    completions: ({ text, column, line }) => {
      const lines = text.split(/\r\n|\n|\r/);
      const at = line === undefined ? 0 : Math.max(context.positions.fromLine(line), 0);
      const targets = consoleCompletions(
        lines[at] ?? "",
        Math.max(context.positions.fromColumn(column), 0),
        context.launched().launched.run,
      );
      return { targets };
    },

    readMemory: ({ memoryReference, offset = 0, count }) => {
      const session = context.launched();
      const piece = readMemory(session.launched.run.target, addressOf(memoryReference, offset), count);
      session.watchMemory(memoryReference, offset, count);
      return piece;
    },
    writeMemory: ({ memoryReference, offset = 0, data, allowPartial = false }) => {
      const session = context.stopped();
      if (session.launched.run.inLine) throw errors.inLine(session.launched.run.nextLine + 1);
      const address = addressOf(memoryReference, offset);
      session.beforeEdit();
      const bytesWritten = writeMemory(session.launched.run.target, address, data, allowPartial);
      context.schedule(() => session.edited());
      return { bytesWritten };
    },
    disassemble: ({ memoryReference, offset = 0, instructionOffset = 0, instructionCount }) => {
      const { target } = context.launched().launched.run;
      const first = addressOf(memoryReference, offset);
      return { instructions: disassembled(target, first, instructionOffset, instructionCount) };
    },
    loadedSources: async () => {
      const { launched } = context.launched();
      const { document } = launched;
      const included = [...document.includedByAny()].flatMap((file) => document.included(file)?.file ?? []);
      return {
        sources: [
          { ...sourceOf(launched), checksums: [await checksumOf(document.text)] },
          ...included.map((file) => sourceOf(launched, file)),
        ],
      };
    },
    modules: ({ startModule = 0, moduleCount = 0 }) => {
      const all = modulesOf(context.launched().launched.run.target);
      const end = moduleCount === 0 ? all.length : startModule + moduleCount;
      return { modules: all.slice(startModule, end), totalModules: all.length };
    },
    // What it cancels was answered already, in the order of requests.
    cancel: () => undefined,
    "gic/registers": (args) => registersBody(context.launched().launched.run.target, args),
    "gic/runBack": async ({ expression, variablesReference = 0, name }) => {
      const session = context.stopped();
      const wanted =
        expression ?? (name === undefined ? undefined : session.variables.find(variablesReference, name).expression);
      if (wanted === undefined) throw name === undefined ? errors.noExpression() : errors.noVariable(name);
      return { expression: wanted, line: context.positions.line(await runBack(session, wanted)) };
    },
    "gic/savedMachine": () => {
      const { run, program } = context.stopped().launched;
      if (run.inLine) throw errors.inLine(run.nextLine + 1);
      return { json: momentOf(run.target), ...(program === undefined ? {} : { line: run.nextLine + 1 }) };
    },
  };
}

/** Goes back to before the line that wrote a value last. @returns that line, from 0 */
async function runBack(session: ScriptSession, expression: string): Promise<number> {
  const { run } = session.launched;
  const place = await session.lookBack(lastWriter(expression, run));
  const { line } = run.history[place];
  session.progress.title = workTitles.elsewhere;
  session.engine.backTo(place);
  return line;
}

/** The value of an expression, as answers of evaluate and of the two requests that set values hold it. */
function valueBody(
  context: RequestContext,
  expression: string,
  style: NumberStyle,
  { launched, variables }: ScriptSession,
): DebugProtocol.SetVariableResponse["body"] {
  const node = evaluateExpression(expression, launched.run, style);
  const { types, memoryReferences } = context.variableOptions;
  return {
    value: node.value,
    ...(types && node.type !== undefined ? { type: node.type } : {}),
    ...(memoryReferences && node.address !== undefined ? { memoryReference: hex(node.address) } : {}),
    variablesReference: variables.reference(`= ${expression}`, node.children),
    ...counts(node.children),
  };
}

/** In a list of variables values stand behind their names, and have little room: three characters more push digits out of sight. */
function ofList(format: DebugProtocol.ValueFormat | undefined): NumberStyle {
  return { ...styleOf(format), plain: true };
}

function styleOf(format: DebugProtocol.ValueFormat | undefined): NumberStyle {
  return { hex: format?.hex === true };
}
