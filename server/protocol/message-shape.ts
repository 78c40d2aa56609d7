/** What a client may send is anything: these tell whether it is what the protocol says, before anything is done with it. */

interface DidOpen {
  readonly textDocument: { readonly uri: string; readonly version: number; readonly text: string };
}

interface DidChange {
  readonly textDocument: { readonly uri: string; readonly version: number };
  readonly contentChanges: readonly (
    | { readonly range: PlainRange; readonly text: string }
    | { readonly text: string }
  )[];
}

interface PlainRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The URI that a message is about, as far as it names one. */
export function uriOf(message: unknown): string | undefined {
  const uri = member(member(message, "textDocument"), "uri");
  return typeof uri === "string" ? uri : undefined;
}

/** Whether a message opens a text. */
export function isDidOpen(message: unknown): message is DidOpen {
  const document = member(message, "textDocument");
  return uriOf(message) !== undefined && isCount(member(document, "version")) && isText(member(document, "text"));
}

/** Whether a message changes a text. */
export function isDidChange(message: unknown): message is DidChange {
  const changes = member(message, "contentChanges");
  if (uriOf(message) === undefined || !Array.isArray(changes)) return false;
  const version: unknown = member(member(message, "textDocument"), "version");
  return isCount(version) && changes.every(isChange);
}

function isChange(change: unknown): boolean {
  if (!isText(member(change, "text"))) return false;
  const range = member(change, "range");
  return range === undefined || isRange(range);
}

/** What is wrong with the parameters of a request about a text, as a sentence; undefined: nothing. */
export function requestProblem(params: unknown): string | undefined {
  if (uriOf(params) === undefined) return "The request names no text: textDocument.uri is missing or no string.";
  const checks: readonly (readonly [name: string, check: (value: unknown) => boolean])[] = [
    ["position", isPosition],
    ["range", isRange],
    ["positions", (value) => Array.isArray(value) && value.every(isPosition)],
    ["context", (value) => typeof value === "object" && value !== null],
    ["newName", isText],
    ["ch", isText],
  ];
  for (const [name, check] of checks)
    if (has(params, name) && !check(member(params, name)))
      return `'${name}' of the request is not as the protocol has it.`;
  return undefined;
}

/** Whether a request has all of these members. @returns the sentence when one is missing */
export function missingMember(params: unknown, names: readonly string[]): string | undefined {
  const missing = names.find((name) => !has(params, name));
  return missing === undefined ? undefined : `The request has no '${missing}'.`;
}

function isRange(value: unknown): value is PlainRange {
  return isPosition(member(value, "start")) && isPosition(member(value, "end"));
}

function isPosition(value: unknown): boolean {
  return isCount(member(value, "line")) && isCount(member(value, "character"));
}

/** Lines, columns and versions: whole numbers. Versions may be negative, and what lies outside a text is cut later. */
function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function has(value: unknown, name: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name);
}

/** A member of what came from outside; undefined where there is none. */
export function member(value: unknown, name: string): unknown {
  return has(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
