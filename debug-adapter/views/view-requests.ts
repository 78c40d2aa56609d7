import { EmulatorTarget } from "../../runner/index.ts";
import { recreated } from "../../runner/recreate/index.ts";
import { errors } from "../errors.ts";
import type { RequestContext } from "../request-context.ts";
import { count, flag, listOf, object, oneOf, optional, text } from "../shapes.ts";
import type { ViewRequests } from "../views-protocol.ts";
import { bitsBody } from "./bits.ts";
import { changedBy } from "./changed-by.ts";
import { comparisonBase } from "./comparison-base.ts";
import { interruptsBody } from "./interrupts.ts";
import { mapBody } from "./map.ts";
import { queueBody } from "./queue.ts";
import { registerTableBody } from "./register-table.ts";
import { setInterrupt } from "./set-interrupt.ts";

/** What requests of live views take. */
export const viewShapes = {
  "gic/interrupts": object({
    text,
    states: listOf(oneOf("pending", "active", "enabled")),
    changed: flag,
    sort: text,
    descending: flag,
    from: count,
    count,
  }),
  "gic/setInterrupt": object({
    key: text,
    piece: oneOf("enabled", "pending", "active", "priority", "group", "trigger"),
    value: count,
  }),
  "gic/changedBy": object({
    expression: optional(text),
    its: optional(count),
    device: optional(count),
    event: optional(count),
    icid: optional(count),
  }),
  "gic/registerTable": object({
    groups: listOf(text),
    fields: listOf(text),
    find: optional(object({ text, differs: flag, changed: flag, base: optional(flag) })),
  }),
  "gic/compareRegisters": object({
    line: optional(count),
    stop: optional(oneOf("before", "here")),
    values: optional(listOf(object({ expression: text, value: text }))),
    name: optional(text),
  }),
  "gic/queue": object({ its: count, from: count, count }),
  "gic/map": object({}),
  "gic/bits": object({
    expression: optional(text),
    its: optional(count),
    slot: optional(count),
    line: optional(count),
    text: optional(text),
  }),
  "gic/recreate": object({}),
  "gic/timeline": object({ text, failed: flag, from: count, count }),
  "gic/goTo": object({ line: count, place: optional(count), command: optional(count) }),
};

/** Requests of views that look, or change something by hand; `gic/goTo` moves. */
export type ViewCommands = Exclude<keyof ViewRequests, "gic/goTo">;

type Handlers = {
  readonly [Name in ViewCommands]: (
    args: ReturnType<(typeof viewShapes)[Name]["read"]>,
  ) => ViewRequests[Name]["body"] | Promise<ViewRequests[Name]["body"]>;
};

/** What live views show, and changing it. */
export function viewRequests(context: RequestContext): Handlers {
  return {
    "gic/interrupts": (args) => {
      const { launched, moments } = context.stopped();
      return interruptsBody(launched.run, moments, args);
    },
    "gic/setInterrupt": async (args) => {
      const session = context.stopped();
      session.beforeEdit();
      const done = session.engine.carryOut(setInterrupt(session.launched.run, args));
      // What fails in the middle may have changed the machine too.
      return done.finally(() => {
        session.moments.moved();
        context.schedule(() => session.edited());
      });
    },
    "gic/changedBy": ({ expression, its, device, event, icid }) => {
      const { launched, engine } = context.stopped();
      const { run, imported } = launched;
      // A script that was made of a log has no file to show.
      const program = imported ? undefined : launched.program;
      if (expression !== undefined) return engine.lookBack(changedBy(run, program, { expression }));
      if (device !== undefined) return engine.lookBack(changedBy(run, program, { its, device, event }));
      if (icid !== undefined) return engine.lookBack(changedBy(run, program, { its, icid }));
      throw errors.badArguments("gic/changedBy", "an expression, a device or a collection", "none of them");
    },
    "gic/registerTable": (args) => {
      const { launched, moments, comparison } = context.stopped();
      return registerTableBody(launched.run, moments, args, comparison);
    },
    "gic/compareRegisters": (args) => {
      const session = context.stopped();
      session.comparison = comparisonBase(session.launched.run, session.moments, args);
      return { registers: session.comparison?.about.registers ?? 0 };
    },
    "gic/queue": (args) => {
      const { launched, moments } = context.stopped();
      return queueBody(launched.run, moments, args);
    },
    "gic/map": () => {
      const { launched, moments } = context.stopped();
      return mapBody(launched.run, moments);
    },
    "gic/bits": ({ expression, its, slot, line, text: written }) => {
      const { launched, moments } = context.stopped();
      if (expression !== undefined) return bitsBody(launched, moments, { expression });
      if (slot !== undefined) return bitsBody(launched, moments, { its, slot });
      if (line !== undefined)
        return bitsBody(launched, moments, { line, ...(written !== undefined && { text: written }) });
      throw errors.badArguments("gic/bits", "an expression, a slot or a line", "none of them");
    },
    "gic/recreate": () => {
      const { run } = context.stopped().launched;
      if (run.inLine) throw errors.inLine(run.nextLine + 1);
      if (!(run.target instanceof EmulatorTarget)) throw errors.notRecreated("it is no machine of the emulator");
      const made = recreated(run.target);
      if ("failure" in made) throw errors.notRecreated(made.failure);
      return { text: made.text, left: made.left.length };
    },
    "gic/timeline": (args) => {
      const { timeline, engine } = context.stopped();
      return timeline.body(engine, args);
    },
  };
}
