import { type EventSpec, eventSpecs } from "./event-table.ts";

/** One event of a trace, or one that a machine produced (line 0). */
export interface TraceEvent {
  /** Line of the trace, from 1. */
  readonly line: number;
  readonly spec: EventSpec;
  /** In the order of the event's fields: bigints for wide fields, numbers for others. */
  readonly values: readonly (number | bigint)[];
}

/** An event that a machine produced. @throws Error for a name that no event has, or a wrong number of values */
export function producedEvent(name: string, ...values: readonly (number | bigint)[]): TraceEvent {
  const spec = eventSpecs.get(name);
  if (spec === undefined || spec.fields.length !== values.length) throw new Error(`${name} is no such event`);
  return { line: 0, spec, values: values.map((value, i) => (spec.fields[i].wide ? BigInt(value) : Number(value))) };
}

/** Whether two events say the same. */
export function sameEvent(a: TraceEvent, b: TraceEvent): boolean {
  if (a.spec !== b.spec) return false;
  for (let i = 0; i < a.values.length; i++) if (a.values[i] !== b.values[i]) return false;
  return true;
}

/** A field's value, exact up to 2^53; 0 when the event has no such field. */
export function numberIn(event: TraceEvent, field: string): number {
  const index = event.spec.fields.findIndex(({ name }) => name === field);
  return index < 0 ? 0 : Number(event.values[index]);
}

/** A field's value; 0 when the event has no such field. */
export function wideNumberIn(event: TraceEvent, field: string): bigint {
  const index = event.spec.fields.findIndex(({ name }) => name === field);
  return index < 0 ? 0n : BigInt(event.values[index]);
}

/** The event as the trace writes it. */
export function eventText({ spec, values }: TraceEvent): string {
  const text = spec.literals.map((literal, i) => {
    const field = spec.fields[i];
    if (field === undefined) return literal;
    return `${literal}${field.radix === 16 ? "0x" : ""}${values[i].toString(field.radix)}`;
  });
  return `${spec.name} ${text.join("")}`;
}
