import { errnoName, type MigrationOrder, type MigrationReport } from "../../emulator/index.ts";

/** Losses that are told one by one. */
const SHOWN_LOSSES = 200;

/** A migration for a reader: its steps with what each did, then what the destination has not. */
export function* migrationLines({ order, steps, destination, losses, more }: MigrationReport): Iterable<string> {
  yield `order ${order.name}: ${order.summary}`;
  if (order.harm !== undefined) yield `  ${order.harm}`;
  const width = Math.max(...steps.map(({ step }) => step.length));
  let side = "";
  for (const { side: now, step, errno, message } of steps) {
    if (now !== side) yield `${now}:`;
    side = now;
    yield `  ${step.padEnd(width)}  ${errno === 0 ? "" : `${errnoName(errno)}: `}${message}`;
  }
  const failed = steps.filter(({ errno }) => errno !== 0).length;
  if (failed > 0 && destination !== undefined) {
    yield `${failed === 1 ? "1 step was" : `${failed} steps were`} refused; user space that looks at errnos stops at the first.`;
  }
  if (destination === undefined) yield "The save failed: nothing was migrated, and the source goes on.";
  else if (losses.length === 0) yield "Nothing is lost: registers, tables and LPIs are as on the source.";
  else yield "lost or changed on the destination:";
  for (const { message } of losses.slice(0, SHOWN_LOSSES)) yield `  ${message}`;
  const rest = more + Math.max(0, losses.length - SHOWN_LOSSES);
  if (rest > 0) yield `  and ${rest} more differences`;
}

/** The orders that there are, a line each with what goes wrong below. */
export function* orderLines(orders: readonly MigrationOrder[]): Iterable<string> {
  for (const { name, summary, harm } of orders) {
    yield `${name}: ${summary}`;
    if (harm !== undefined) yield `    ${harm}`;
  }
}
