import { Adapter } from "../../../debug-adapter/adapter.ts";
import { AdapterError, errors } from "../../../debug-adapter/errors.ts";
import type { RequestName } from "../../../debug-adapter/request-arguments.ts";
import { fileSource } from "../../../debug-adapter/sources/file-source.ts";
import type { Random } from "../random.ts";
import { damaged, parsed } from "./json.ts";
import { type Kind, unspoken } from "./kind.ts";
import { Numbers } from "./numbers.ts";
import { randomScript } from "./scripts.ts";
import { Statements } from "./statements.ts";

const PROGRAM = "/fuzz.itscmd";
/** Tasks of the scheduler that run before the next request; a run that goes on is met by it. */
const MOST_TASKS = 40;
/** Slices of the scheduler in which a request must be answered, those of a statement that takes long among them. */
const MOST_SLICES = 10_000;
/** Turns of the event loop in which it must be answered without any. A checksum is computed by threads, which take their time: each such turn rests 1 ms. */
const MOST_RESTS = 20_000;
/** These say what was given, null among it. */
const REFUSALS = [errors.badArguments("", "", "").id, errors.badArgument("", "", "", "").id, errors.badCpus("", 0n).id];
const INTERNAL = [errors.internal("").id, errors.sessionFailed("").id];

interface Message {
  readonly command: string;
  readonly arguments?: unknown;
}

/** Makes requests with arguments that are right, or at least of the right types. */
class Requests {
  private readonly random: Random;
  private readonly numbers: Numbers;
  private readonly statements: Statements;
  private readonly makers: { readonly [Command in RequestName]: () => object };

  constructor(random: Random) {
    this.random = random;
    this.numbers = new Numbers(random);
    this.statements = new Statements(random);
    const thread = { threadId: 1 };
    const none = () => ({});
    const step = () => ({
      ...thread,
      ...(random.chance(50) ? { granularity: random.pick(["statement", "line", "instruction"]) } : {}),
    });
    this.makers = {
      initialize: () => ({
        adapterID: "gic",
        pathFormat: random.pick(["path", "path", "uri"]),
        linesStartAt1: random.chance(80),
        columnsStartAt1: random.chance(80),
        supportsMemoryReferences: random.chance(50),
        supportsVariableType: random.chance(50),
        supportsMemoryEvent: random.chance(50),
        supportsProgressReporting: random.chance(50),
      }),
      launch: () => ({
        program: PROGRAM,
        stopOnEntry: random.chance(70),
        ...(random.chance(10) ? { noDebug: true } : {}),
        ...(random.chance(10) ? { model: random.pick(["kvm", "qemu", "arch", "x"]) } : {}),
        ...(random.chance(10) ? { cpus: random.pick([1, 4, 0, 513, 1.5]) } : {}),
      }),
      attach: none,
      configurationDone: none,
      restart: () => (random.chance(50) ? {} : { arguments: { program: PROGRAM, stopOnEntry: true } }),
      terminate: none,
      disconnect: none,
      setBreakpoints: () => ({
        source: this.source(),
        breakpoints: Array.from({ length: random.below(4) }, () => this.breakpoint()),
      }),
      setFunctionBreakpoints: () => ({
        breakpoints: Array.from({ length: random.below(3) }, () => ({
          name: random.pick(["MAPTI", "MAPD DeviceID == 1", "INT EventID < ", "MAPX", "", this.expression()]),
          ...this.stopConditions(),
        })),
      }),
      dataBreakpointInfo: () => ({
        name: random.pick([this.expression(), this.numbers.address(), "GITS_CTLR"]),
        ...(random.chance(40) ? { variablesReference: random.below(60) } : {}),
        ...(random.chance(40) ? { asAddress: true, bytes: random.pick([0, 1, 3, 4, 8, 2 ** 40]) } : {}),
      }),
      setDataBreakpoints: () => ({
        breakpoints: Array.from({ length: random.below(4) }, () => ({
          dataId: random.pick([this.expression(), this.statements.state(), "0x40000000 + 64 bytes"]),
          ...(random.chance(50) ? { accessType: random.pick(["read", "write", "readWrite"]) } : {}),
          ...this.stopConditions(),
        })),
      }),
      setInstructionBreakpoints: () => ({
        breakpoints: Array.from({ length: random.below(3) }, () => ({
          instructionReference: random.pick(["0x40000000", "0x40000020", this.numbers.address()]),
          ...(random.chance(30) ? { offset: this.offset() } : {}),
          ...this.stopConditions(),
        })),
      }),
      setExceptionBreakpoints: () => ({
        filters: random.pick([[], ["command-errors"], ["command-errors", "failed-expectations"], ["x"]]),
        filterOptions: random.pick([
          [],
          [{ filterId: "stalls", condition: "MAPC_*" }],
          [{ filterId: "ignored-writes" }, { filterId: "lost-interrupts", condition: `if ${this.expression()}` }],
          [{ filterId: "model-differences", condition: random.pick(["qemu-*", "arch", this.expression()]) }],
        ]),
      }),
      breakpointLocations: () => ({
        source: this.source(),
        line: this.line(),
        ...(random.chance(50) ? { endLine: this.line() } : {}),
      }),
      exceptionInfo: () => thread,
      continue: () => thread,
      next: step,
      stepIn: step,
      stepOut: step,
      stepBack: step,
      reverseContinue: () => thread,
      pause: () => thread,
      gotoTargets: () => ({ source: this.source(), line: this.line() }),
      goto: () => ({ ...thread, targetId: this.line() }),
      restartFrame: none,
      threads: none,
      stackTrace: () => ({ ...thread, ...(random.chance(30) ? { startFrame: this.line(), levels: this.line() } : {}) }),
      source: () => ({ sourceReference: random.below(4) }),
      scopes: () => ({ frameId: random.pick([0, 1, 2, 3, 1001, 1500]) }),
      variables: () => ({ variablesReference: random.below(60), ...this.page(), ...this.format() }),
      setVariable: () => ({
        variablesReference: random.below(60),
        name: random.pick(["GITS_CTLR", "Enabled", "GICR_CTLR", "x", ""]),
        value: this.numbers.any(),
      }),
      evaluate: () => ({
        expression: this.expression(),
        context: random.pick(["watch", "hover", "repl", "clipboard"]),
        frameId: 1,
        ...this.format(),
      }),
      setExpression: () => ({ expression: this.statements.state(), value: this.numbers.any(), frameId: 1 }),
      completions: () => ({
        text: this.expression(),
        column: random.below(30),
        ...(random.chance(20) ? { line: this.line() } : {}),
      }),
      readMemory: () => ({
        memoryReference: this.numbers.address(),
        offset: this.offset(),
        count: random.pick([0, 1, 16, 4096, 2 ** 20, 2 ** 40, -1]),
      }),
      writeMemory: () => ({
        memoryReference: this.numbers.address(),
        offset: this.offset(),
        data: random.pick(["", "AAAA", "AA==", "!", "////"]),
        allowPartial: random.chance(50),
      }),
      "gic/registers": () => ({
        ...(random.chance(70) ? { groups: random.pick([["GITS0"], ["GICD", "GICR0"], ["GICR99"], []]) } : {}),
      }),
      disassemble: () => ({
        memoryReference: this.numbers.address(),
        offset: this.offset(),
        instructionOffset: random.pick([0, -3, 4, -(2 ** 40)]),
        instructionCount: random.pick([0, 1, 16, 1000, 2 ** 40]),
      }),
      loadedSources: none,
      modules: () => ({ startModule: random.below(3), moduleCount: random.below(3) }),
      cancel: () => ({ requestId: random.below(50) }),
      "gic/runBack": () =>
        random.chance(50)
          ? { expression: this.expression() }
          : { variablesReference: random.below(60), name: "Enabled" },
      "gic/savedMachine": () => ({}),
      "gic/interrupts": () => ({
        text: random.pick(["", "pending", "pe:1", "8192", "device:0x10 lpi", "sideways"]),
        states: random.pick([[], ["pending"], ["active", "enabled"]]),
        changed: random.chance(30),
        sort: random.pick(["intid", "priority", "device", "nothing"]),
        descending: random.chance(50),
        from: random.pick([0, 1, 999_999_999]),
        count: random.pick([0, 10, 999_999_999]),
      }),
      "gic/setInterrupt": () => ({
        key: random.pick(["SPI 34", "PPI 20@0", "SGI 3@1", "LPI 8192 0/16/0", "LPI 8193", "none"]),
        piece: random.pick(["enabled", "pending", "active", "priority", "group", "trigger"]),
        value: random.pick([0, 1, 2, 0xa0, 255, 999_999_999]),
      }),
      "gic/changedBy": () =>
        random.pick([
          {},
          { expression: "GITS_CREADR" },
          { device: 0x10, event: 1 },
          { its: 9, device: 1 },
          { icid: 1 },
        ]),
      "gic/registerTable": () => ({
        groups: random.pick([[], ["GITS0", "GICR1.intids0"], ["GICD.intids32", "nothing"]]),
        fields: random.pick([[], ["GITS_BASER0", "GICR_ISPENDR0[1]"]]),
        ...(random.chance(40)
          ? {
              find: {
                text: random.pick(["", "baser", "0x8080080", "0"]),
                differs: random.chance(50),
                changed: random.chance(20),
              },
            }
          : {}),
      }),
      "gic/queue": () => ({
        its: random.pick([0, 1, 9]),
        from: random.pick([0, 999_999_999]),
        count: random.pick([0, 600]),
      }),
      "gic/map": none,
      "gic/compareRegisters": () =>
        random.pick([
          {},
          { line: random.pick([0, 1, 5, 999_999_999]) },
          { stop: random.pick(["before", "here"]) },
          {
            values: [{ expression: random.pick(["GITS_CTLR", "x"]), value: random.pick(["0x1", "-", ""]) }],
            name: "f",
          },
        ]),
      "gic/recreate": none,
      "gic/timeline": () => ({
        text: random.pick(["", "errors", "mapti", "device:0x10", "0x10 stops", "x:1"]),
        failed: random.chance(20),
        from: random.pick([0, 3, 999_999_999]),
        count: random.pick([0, 600]),
      }),
      "gic/goTo": () => ({ line: random.pick([0, 1, 5, 999_999_999]), command: random.pick([undefined, 0, 9]) }),
      "gic/bits": () =>
        random.pick([
          {},
          { expression: random.pick(["GITS_BASER0", "dte[0x10]", "ite[0x10, 1].pINTID", "GICD_CTLR +", "mem8[0]"]) },
          { slot: random.pick([0, 999_999_999]) },
          { its: 9, slot: 0 },
          { line: random.pick([0, 1, 5, 999_999_999]) },
        ]),
    };
  }

  any(): Message {
    const command = this.random.pick(Object.keys(this.makers) as RequestName[]);
    // Sessions end soon enough; one that has ended shows little.
    return command === "disconnect" || command === "terminate" ? this.of("next") : this.of(command);
  }

  of(command: RequestName): Message {
    return { command, arguments: this.makers[command]() };
  }

  private source(): object {
    return { path: this.random.chance(90) ? PROGRAM : "/other" };
  }

  private line(): number {
    return this.random.chance(90) ? this.random.below(32) : this.random.pick([-1, 2 ** 31, 2 ** 53]);
  }

  private offset(): number {
    return this.random.pick([0, 8, -8, 2 ** 32, -(2 ** 53)]);
  }

  private page(): object {
    return this.random.chance(30)
      ? { start: this.line(), count: this.line(), filter: this.random.pick(["indexed", "named"]) }
      : {};
  }

  private format(): object {
    return this.random.chance(30) ? { format: { hex: this.random.chance(50) } } : {};
  }

  private expression(): string {
    const { random, statements } = this;
    return random.weighted<() => string>([
      [4, () => statements.state()],
      [3, () => statements.expression(2)],
      [3, () => statements.any()],
      [1, () => `who ${statements.state()}`],
      [1, () => random.pick(["", "(", "x".repeat(200), "\u0000"])],
    ])();
  }

  private stopConditions(): object {
    const { random } = this;
    return {
      ...(random.chance(30) ? { condition: this.expression() } : {}),
      ...(random.chance(30) ? { hitCondition: random.pick(["1", "% 2", "> 3", "often", ""]) } : {}),
    };
  }

  private breakpoint(): object {
    const { random, statements } = this;
    return {
      line: this.line(),
      ...(random.chance(40) ? { condition: statements.expression(1) } : {}),
      ...(random.chance(20) ? { hitCondition: random.pick(["2", ">= 1", "% 0", "x", "999999999"]) } : {}),
      ...(random.chance(20) ? { logMessage: `at {${statements.state()}}` } : {}),
    };
  }
}

/** Requests in any order to an adapter over a hostile script; some have arguments of wrong types, or a command that there is none of. */
export const dap: Kind = {
  name: "dap",
  ending: ".jsonl",
  generate(random) {
    const requests = new Requests(random);
    const messages: Message[] = random.chance(90)
      ? [requests.of("initialize"), requests.of("launch"), requests.of("configurationDone")]
      : [];
    for (let left = random.between(3, 25); left > 0; left--) messages.push(requests.any());
    return [
      JSON.stringify(randomScript(random).join("\n")),
      ...messages.map((message) => {
        if (random.chance(80)) return JSON.stringify(message);
        if (random.chance(10))
          return JSON.stringify({ ...message, command: random.pick(["", "x", "__proto__", "toString"]) });
        return JSON.stringify({ ...message, arguments: damaged(random, message.arguments) });
      }),
    ];
  },
  check: ([script, ...messages]) => session(String(parsed(script ?? "") ?? ""), messages),
};

async function session(script: string, messages: readonly string[]): Promise<string | undefined> {
  const tasks: (() => void)[] = [];
  let fault: string | undefined;
  const adapter = new Adapter({
    // Nothing is asked of a file system, whose answers take as many turns as they like.
    source: { ...fileSource, read: () => Promise.resolve(script), version: () => Promise.resolve("1") },
    schedule: (task) => tasks.push(task),
    send: (event, body) => {
      const { output = "" } = (body ?? {}) as { readonly output?: string };
      if (output.includes("Something went wrong inside")) fault ??= `${event}: ${output}`;
    },
  });
  for (const text of messages) {
    const message = parsed(text) as Message | undefined;
    if (typeof message?.command !== "string") continue;
    const { command } = message;
    let slices = MOST_SLICES;
    let rests = MOST_RESTS;
    let answered = false;
    adapter
      .handle(command, message.arguments)
      .catch((error: unknown) => {
        if (!(error instanceof AdapterError)) fault ??= error instanceof Error ? error.stack : String(error);
        else if (INTERNAL.includes(error.id)) fault ??= error.message;
        else if (!REFUSALS.includes(error.id)) fault ??= unspoken(error.message.replaceAll(/"[^"]*"|'[^']*'/g, ""));
      })
      .finally(() => {
        answered = true;
      });
    // What is asked of the machine is done in slices of the scheduler.
    while (!answered && slices > 0 && rests > 0) {
      const task = tasks.shift();
      if (task === undefined) {
        rests--;
        // Most are answered in the next turns.
        await (rests > MOST_RESTS - 100 ? new Promise(setImmediate) : new Promise((rested) => setTimeout(rested, 1)));
        continue;
      }
      slices--;
      task();
      await new Promise(setImmediate);
    }
    if (!answered) fault ??= `The request ${command} is not answered.`;
    for (let left = MOST_TASKS; left > 0; left--) tasks.shift()?.();
    if (fault !== undefined) break;
  }
  adapter.dispose();
  return fault;
}
