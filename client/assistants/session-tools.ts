// The tools of package.json's languageModelTools. A bundle of its own, loaded by the first call.
import type { CustomRequests } from "../../debug-adapter/protocol.ts";
import type { TimelineRow } from "../../debug-adapter/views-protocol.ts";

/** What the bundle offers. */
export interface SessionToolsModule {
  readonly callSessionTool: typeof callSessionTool;
}

/** The part of a debug session that tools use. */
export interface AskedSession {
  readonly name: string;
  customRequest(command: string, args?: unknown): PromiseLike<unknown>;
}

interface Token {
  readonly isCancellationRequested: boolean;
}

/** Expressions of one call, children of a value, interrupts, lines of the past that are told. */
const MOST_EXPRESSIONS = 50;
const MOST_CHILDREN = 64;
const MOST_PENDING = 20;
const MOST_LINES = 5;
/** Characters of an expression, and of an answer. */
const MOST_CHARACTERS = 1000;
const MOST_ANSWER = 20_000;

const tools: Readonly<
  Record<string, (input: Readonly<Record<string, unknown>>, session: AskedSession, token: Token) => Promise<string>>
> = {
  read_gic_session: (_, session) => readSession(session),
  evaluate_gic_expressions: evaluateExpressions,
  find_gic_writer: findWriter,
  trace_gic_msi: traceMsi,
};

/**
 * Looks at a session of the debugger; nothing of it changes.
 * @param input as it came: anything may be in it
 * @param session the one that the user looks at; absent: there is none
 * @param stands whether it stands still
 * @returns what the model is told, also where something is wrong: then with what to do
 */
export async function callSessionTool(
  name: string,
  input: unknown,
  session: AskedSession | undefined,
  stands: boolean,
  token: Token,
): Promise<string> {
  const tool = Object.hasOwn(tools, name) ? tools[name] : undefined;
  if (tool === undefined) return `There is no tool ${name}.`;
  if (session === undefined)
    return "No GIC session is active. Ask the user to debug a script (*.itscmd) or a saved machine; run_its_script of the MCP server runs scripts without a session.";
  if (!stands) return "The script is running. Ask the user to pause it, or wait until it stops; then call this again.";
  const given = typeof input === "object" && input !== null ? (input as Readonly<Record<string, unknown>>) : {};
  try {
    const text = await tool(given, session, token);
    return text.length <= MOST_ANSWER ? text : `${text.slice(0, MOST_ANSWER)}\n(cut here: ask for less)`;
  } catch (error) {
    return `The session refused it: ${reasonOf(error)}`;
  }
}

async function readSession(session: AskedSession): Promise<string> {
  const none = { text: "", failed: false };
  const { present } = await ask(session, "gic/timeline", { ...none, from: 0, count: 1 });
  const from = Math.max(0, present - MOST_LINES);
  const { rows, lines } = await ask(session, "gic/timeline", { ...none, from, count: present - from + 1 });
  const { model } = await ask(session, "gic/registers", {});
  const interrupts = await ask(session, "gic/interrupts", {
    text: "",
    states: ["pending"],
    changed: false,
    sort: "intid",
    descending: false,
    from: 0,
    count: MOST_PENDING,
  });
  const pending = interrupts.rows.map(({ kind, intid, pe, priority, enabled }) =>
    [
      `${kind} ${intid}`,
      pe === undefined ? "" : ` of PE ${pe}`,
      ` priority ${priority ?? "?"}`,
      enabled === false ? ", not enabled" : "",
    ].join(""),
  );
  const more = interrupts.matching - pending.length;
  return [
    `Session "${session.name}" on ${model}; ${lines} lines have run.`,
    ...rows.map(rowText),
    `Pending interrupts: ${interrupts.counts.pending}${pending.length === 0 ? "" : `: ${pending.join("; ")}${more > 0 ? `; and ${more} more` : ""}`}.`,
  ].join("\n");
}

function rowText({ kind, moment, line, text, outcome, stop }: TimelineRow): string {
  const where = moment === "next" ? "next" : "ran";
  const what = kind === "end" ? "the end of the script" : text;
  const came =
    outcome === undefined || moment === "future" ? "" : ` → ${outcome.good ? "" : "FAILED: "}${outcome.text}`;
  return `${where}: line ${line}${kind === "command" ? " (command)" : ""}: ${what}${came}${stop === undefined ? "" : ` [stopped: ${stop}]`}`;
}

async function evaluateExpressions(
  { expressions }: Readonly<Record<string, unknown>>,
  session: AskedSession,
  token: Token,
): Promise<string> {
  const list = Array.isArray(expressions) ? expressions : [expressions];
  if (list.length === 0 || list.length > MOST_EXPRESSIONS || !list.every(isExpression))
    return `Give expressions as a list of 1 to ${MOST_EXPRESSIONS} texts, such as ["GITS_CREADR", "ite[0x10, 0].pINTID"].`;
  const lines: string[] = [];
  for (const expression of list) {
    if (token.isCancellationRequested) break;
    lines.push(await valueText(session, expression));
  }
  return lines.join("\n");
}

async function valueText(session: AskedSession, expression: string): Promise<string> {
  try {
    // "watch": it is never a statement, and has no effect.
    const value = await asked<{ result: string; variablesReference: number }>(session, "evaluate", {
      expression,
      context: "watch",
    });
    if (value.variablesReference === 0) return `${expression} = ${value.result}`;
    const reference = { variablesReference: value.variablesReference };
    const { variables } = await asked<{ variables: readonly { name: string; value: string }[] }>(
      session,
      "variables",
      reference,
    );
    const children = variables.slice(0, MOST_CHILDREN).map(({ name, value: text }) => `  ${name} = ${text}`);
    const more = variables.length > children.length ? [`  and ${variables.length - children.length} more`] : [];
    return [`${expression} = ${value.result}`, ...children, ...more].join("\n");
  } catch (error) {
    return `${expression}: has no value: ${reasonOf(error)}`;
  }
}

async function findWriter({ expression }: Readonly<Record<string, unknown>>, session: AskedSession): Promise<string> {
  if (!isExpression(expression)) return 'Give expression as a text, such as "cte[1].RDbase".';
  // The console's question: it answers in a sentence, and changes nothing.
  const { result } = await asked<{ result: string }>(session, "evaluate", {
    expression: `who ${expression}`,
    context: "repl",
  });
  return result;
}

async function traceMsi(
  { device_id: device, event_id: event }: Readonly<Record<string, unknown>>,
  session: AskedSession,
): Promise<string> {
  const [deviceId, eventId] = [device, event].map((id) => (typeof id === "number" ? String(id) : id));
  if (!isId(deviceId) || !isId(eventId))
    return 'Give device_id and event_id as texts: numbers, such as "0x10", or bus:device.function for the device, such as "00:02.0".';
  const expression = `trace-msi ${deviceId}, ${eventId}`;
  return (await asked<{ result: string }>(session, "evaluate", { expression, context: "repl" })).result;
}

function isExpression(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= MOST_CHARACTERS && !/[\r\n]/.test(value);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^[\w:.]{1,32}$/.test(value);
}

function ask<Name extends keyof CustomRequests & string>(
  session: AskedSession,
  name: Name,
  args: CustomRequests[Name]["arguments"],
): Promise<CustomRequests[Name]["body"]> {
  return asked(session, name, args);
}

/** @throws Error with the adapter's words */
async function asked<Body>(session: AskedSession, command: string, args: unknown): Promise<Body> {
  return (await session.customRequest(command, args)) as Body;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
