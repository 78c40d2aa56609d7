import type { KeptQuestion, KeptSource } from "../report-protocol.ts";

/** A window that shows, with what it is about. */
export interface KeptWindow {
  readonly type: string;
  readonly title: string;
  readonly question: KeptQuestion;
}

/** The question of a state that an editor kept; undefined of anything else. */
export function keptQuestion(state: unknown): KeptQuestion | undefined {
  const { kind, source, a, b, deviceId, eventId } = record(state);
  const [one, first, second] = [keptSource(source), keptSource(a), keptSource(b)];
  switch (kind) {
    case "check":
    case "map":
      return one && { kind, source: one };
    case "trace":
      return one && typeof deviceId === "string" && typeof eventId === "string"
        ? { kind, source: one, deviceId, eventId }
        : undefined;
    case "compare":
      return first && second && { kind, a: first, b: second };
    default:
      return undefined;
  }
}

function keptSource(given: unknown): KeptSource | undefined {
  const { name, uris, described } = record(given);
  if (typeof name !== "string" || !Array.isArray(uris) || !uris.every((uri) => typeof uri === "string"))
    return undefined;
  const { table, base, size } = record(described);
  const numbers = {
    ...(typeof base === "string" ? { base } : {}),
    ...(typeof size === "string" ? { size } : {}),
  };
  return { name, uris, ...(typeof table === "string" ? { described: { table, ...numbers } } : {}) };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
