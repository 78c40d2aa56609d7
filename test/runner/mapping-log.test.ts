import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ScriptDocument } from "../../language/index.ts";
import { MappingLog, prepareTarget, ScriptRun, type Subject } from "../../runner/index.ts";
import { mappedTo } from "../../runner/mappings/subject.ts";
import { anyScript } from "./random-scripts.ts";

/** Everything of an ITS that the random scripts name. */
const subjects = (its: number): readonly Subject[] => [
  ...[0, 0x10, 0x11, 0x1_0000].flatMap((device): Subject[] => [
    { kind: "device", its, device },
    ...[0, 1, 0x1f, 0x20, 0x100].map((event): Subject => ({ kind: "event", its, device, event })),
  ]),
  ...[0, 1, 2, 0xffff].map((icid): Subject => ({ kind: "collection", its, icid })),
];
const ofEach = [subjects(0), subjects(1)];

function begin(text: string): { run: ScriptRun; log: MappingLog } {
  const document = new ScriptDocument(text);
  const prepared = prepareTarget(document.machine);
  assert.ok("target" in prepared);
  const log = new MappingLog();
  return { run: new ScriptRun(document, prepared.target, undefined, log), log };
}

/** The log says of everything what the machine has after a line. */
function check({ run, log }: { run: ScriptRun; log: MappingLog }, line: number): void {
  for (const its of run.target.map.its.keys()) {
    const tables = run.target.tables(its);
    for (const subject of ofEach[its])
      assert.deepEqual(
        log.above(subject, line + 1)?.to,
        mappedTo(tables, subject),
        `${line + 1} ${JSON.stringify(subject)}`,
      );
  }
}

/** Gives each device of an ITS an ITT of its own: devices that share one in memory share events that no command has named. */
function apart(text: string, its: number): string {
  return text.replace(/(DeviceID=(\w+), ITT_addr=0x43\d)0/, (_, before: string, device: string) => {
    return `${before}${["0", "0x10", "0x11", "0x1_0000"].indexOf(device) + 4 * its}`;
  });
}

/** A line for ITS 1, where it is about an ITS. */
function ofSecond(text: string): string {
  return text.replace(/^([A-Z]+|raw|msi|save|restore|reset)(?= |$)/, "$1@1").replace(/(GITS_\w+|VGIC_ITS)/, "$1@1");
}

const plain = (log: MappingLog) => log.all().map(({ line, stage, subject, to }) => ({ line, stage, subject, to }));

describe("which line mapped what", () => {
  const models = ["kvm-7.2", "kvm-7.3", "kvm-5.10", "qemu-7.2", "arch"];
  test("after each line of any script it is what the machine has, forwards and after going back", () => {
    const unmapping = fc.constantFrom("fill 0x43000000, 0x30200, 0", "fill 0x40100000, 0x80000, 0", "restore", "reset");
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        anyScript,
        fc.array(unmapping, { maxLength: 2 }),
        fc.nat(20),
        (model, some, more, back) => {
          const own = some.map((text) => apart(text, 0));
          const lines = [...own, ...more, ...own.filter((text) => /^(MAP|DISCARD)/.test(text)), ...more];
          const names = lines.filter((text, at) => !text.startsWith("let") || lines.indexOf(text) === at);
          const text = [`machine { model = ${model} }`, ...names].join("\n");
          const started = begin(text);
          const { run, log } = started;
          for (let done = run.step(); done !== undefined; done = run.step()) check(started, done.line);
          const whole = plain(log);
          const from = back % (names.length + 1);
          assert.ok(run.rewindTo(from));
          assert.ok(plain(log).every(({ line }) => line < from));
          check(started, from - 1);
          while (run.step() !== undefined);
          assert.deepEqual(plain(log), whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("it is what each of two ITSs has that use the same ids", () => {
    const unmapping = fc.constantFrom(
      "fill 0x43000000, 0x80200, 0",
      "fill 0x40100000, 0x80000, 0",
      "restore",
      "restore@1",
      "reset",
      "reset@1",
      "let gone = set-attr VGIC_ITS@1, CTRL, RESET",
    );
    const chosen = fc.array(fc.boolean(), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        anyScript,
        chosen,
        fc.array(unmapping, { maxLength: 2 }),
        fc.nat(20),
        (model, some, second, more, back) => {
          const own = some.map((text, at) => (second[at] ? ofSecond(apart(text, 1)) : apart(text, 0)));
          const again = own.filter((text) => /^(MAP|DISCARD)/.test(text));
          const others = some.filter((text) => /^MAP/.test(text)).map((text) => ofSecond(apart(text, 1)));
          const lines = [...own, ...others, ...more, ...again, ...more];
          const names = lines.filter((text, at) => !text.startsWith("let") || lines.indexOf(text) === at);
          const machine = `machine { model = ${model}  its = 0x08080000  its = 0x08060000 }`;
          const started = begin([machine, ...names].join("\n"));
          const { run, log } = started;
          for (let done = run.step(); done !== undefined; done = run.step()) check(started, done.line);
          const whole = plain(log);
          const from = back % (names.length + 1);
          assert.ok(run.rewindTo(from));
          check(started, from - 1);
          while (run.step() !== undefined);
          assert.deepEqual(plain(log), whole);
        },
      ),
      { numRuns: 150 },
    );
  });

  test("a queue of commands that is started late is known command by command", () => {
    const count = 1000;
    const words = (event: number) => `${0x10_0000_000an}, ${(BigInt(8192 + event) << 32n) | BigInt(event)}, 0, 0`;
    const text = [
      "MAPC ICID=0, RDbase=0",
      "MAPD DeviceID=0x10, ITT_addr=0x43000000, Size=11",
      "write GITS_CTLR.Enabled = 0",
      ...Array.from({ length: count }, (_, event) => `raw ${words(event)}`),
      "write GITS_CTLR.Enabled = 1",
    ].join("\n");
    const { run, log } = begin(text);
    while (run.step() !== undefined);
    const last = count + 3;
    assert.equal(log.of(last).length, count);
    assert.equal(log.above({ kind: "event", its: 0, device: 0x10, event: count - 1 }, last + 1)?.line, last);
    assert.equal(log.above({ kind: "event", its: 0, device: 0x10, event: count - 1 }, last), undefined);
  });

  /** A run of restores of a host that has so many devices. */
  function restores(count: number, devices: number) {
    const begun = begin(["let a = 1", ...Array.from({ length: count }, () => "restore")].join("\n"));
    const tables = begun.run.target.tables(0);
    begun.run.target.tables = () => ({
      ...tables,
      collections: () => [],
      device: () => undefined,
      devices: function* () {
        for (let deviceId = 0; deviceId < devices; deviceId++) yield { deviceId, ittAddress: 0, eventBits: 1 };
      },
      events: () => [],
    });
    while (begun.run.step() !== undefined);
    return begun;
  }

  test("more than can be kept is said not to be known", () => {
    const { run, log } = restores(80, 7000);
    assert.ok(log.knows(10) && !log.knows(81));
    const told = run.history.filter(({ result }) => result.problems.some(({ code }) => code === "ITS0528"));
    assert.deepEqual(
      told.map(({ line }) => [log.knows(line), log.knows(line + 1)]),
      [[true, false]],
    );
    assert.ok(run.rewindTo(5));
    assert.ok(log.knows(81));
  });

  test("more than can be looked at after one line is not begun", () => {
    const { log } = restores(1, 60_000);
    assert.ok(log.knows(1) && !log.knows(2));
    assert.deepEqual(log.all(), []);
  });
});
