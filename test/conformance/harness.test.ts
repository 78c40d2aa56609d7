import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { FakeTarget } from "./fake-target.ts";
import { runConformance } from "./harness.ts";
import { kvmSample, qemuSample } from "./sample-recordings.ts";
import { timerBits } from "./timer-bits.ts";

const folder = mkdtempSync(join(tmpdir(), "conformance-"));
after(() => rmSync(folder, { recursive: true }));
let serial = 0;

/** Writes the files into a fresh folder and runs the command on it. */
function run(files: Record<string, unknown>, args: string[] = []) {
  const path = join(folder, String(serial++));
  const lines: string[] = [];
  const target = new FakeTarget();
  const recordings = mkdtempSync(`${path}-`);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(recordings, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  const options = {
    target,
    defaultPath: recordings,
    write: (line: string) => lines.push(line),
  };
  const code = runConformance([...args, recordings], options);
  return { code, lines, last: lines.at(-1), text: lines.join("\n"), target };
}

function copyOf<T>(value: T): T {
  return structuredClone(value);
}

describe("a recording that the target answers alike", () => {
  test("of KVM passes", () => {
    const { code, last } = run({ "a.json": kvmSample });
    assert.deepEqual([code, last], [0, "1 passed, 0 failed"]);
  });

  test("of QEMU passes", () => {
    const { code, last } = run({ "a.json": qemuSample });
    assert.deepEqual([code, last], [0, "1 passed, 0 failed"]);
  });

  test("is listed by --verbose", () => {
    assert.match(run({ "a.json": kvmSample }, ["--verbose"]).text, /^pass .*a\.json$/m);
  });

  test("tells the target its kernel, its address bits and its host", () => {
    const { target } = run({ "a.json": { ...kvmSample, host: "QEMU virt,gic-version=2 -cpu max" } });
    const host = { gicVersion: 2, cpu: "max" };
    assert.deepEqual(target.vmOptions, [
      { kernel: "6.1", ipaBits: undefined, host },
      { kernel: "6.1", ipaBits: 44, host },
    ]);
  });
});

/** Paths to every text and number below a value, with a spoilt replacement for each. */
function* leaves(
  value: unknown,
  path: (string | number)[] = [],
): Generator<{ path: (string | number)[]; spoilt: unknown }> {
  if (typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      yield* leaves(child, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  } else if (typeof value === "number") {
    yield { path, spoilt: value + 1 };
  } else if (typeof value === "string") {
    yield { path, spoilt: /^0x/.test(value) ? `0x${(BigInt(value) ^ 2n).toString(16)}` : spoiltText(value) };
  }
}

function spoiltText(text: string): string {
  return /^[0-9a-f]+$/.test(text) ? text.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) : `${text}X`;
}

function replaced(recording: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const copy = copyOf(recording);
  let owner = copy as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) {
    owner = owner[key] as Record<string | number, unknown>;
  }
  owner[path[path.length - 1]] = value;
  return copy;
}

describe("every observed value is compared", () => {
  const observations = new Set(["ret", "errno", "err", "value", "result", "qwords", "rows", "thread_state"]);
  for (const [index, step] of kvmSample.steps.entries()) {
    test(`KVM step ${index} ${step.op}`, () => {
      for (const { path, spoilt } of leaves(step)) {
        const field = String(path[0]);
        const isInput = field === "value" && (step.op === "set_attr" || step.op === "guest");
        if (observations.has(field) && !isInput) {
          const { code, text } = run({ "a.json": replaced(kvmSample, ["steps", index, ...path], spoilt) });
          assert.equal(code, 1, `${path.join(".")} is not compared`);
          assert.match(text, new RegExp(`step ${index} ${step.op}`));
        }
      }
    });
  }

  for (const part of ["steps", "registers", "tables"] as const) {
    test(`QEMU ${part}`, () => {
      for (const { path, spoilt } of leaves(qemuSample.observed[part])) {
        const field = String(path.at(-1));
        const uncompared = ["do", "addr", "wrote"].includes(field) || path.includes("trace");
        if (!uncompared) {
          const { code } = run({ "a.json": replaced(qemuSample, ["observed", part, ...path], spoilt) });
          assert.equal(code, 1, `${part}.${path.join(".")} is not compared`);
        }
      }
    });
  }

  test("also when the recording has less than the target does", () => {
    const fewerWords = replaced(kvmSample, ["steps", 12, "qwords"], {});
    const noCommands = replaced(qemuSample, ["observed", "steps", 0, "commands"], []);
    const noEntries = replaced(qemuSample, ["observed", "tables", "devices"], []);
    const notPending = replaced(qemuSample, ["observed", "tables", "pending"], [8192]);
    const { last } = run({ "a.json": fewerWords, "b.json": noCommands, "c.json": noEntries, "d.json": notPending });
    assert.equal(last, "0 passed, 4 failed");
  });

  test("and a field that nobody compares is refused", () => {
    const { code, text } = run({ "a.json": replaced(kvmSample, ["steps", 18, "guest_state"], ["idle"]) });
    assert.equal(code, 1);
    assert.match(text, /step 18 guest .*"guest_state" of a guest step is nothing this harness compares/);
  });

  test("exits of a guest to user space are compared", () => {
    const exits = ["mmio_exit 0x80a0014 w=0 len=4"];
    const { text } = run({ "a.json": replaced(kvmSample, ["steps", 18, "guest_events"], exits) });
    assert.match(text, /guest_events: expected mmio_exit 0x80a0014 w=0 len=4, got none/);
  });
});

describe("the report", () => {
  const wrong = replaced(kvmSample, ["steps", 7, "value"], "0x6");

  test("names file, step, operation, expected and got", () => {
    const { lines } = run({ "bad.json": wrong });
    assert.equal(lines.length, 2);
    assert.match(lines[0], /bad\.json: step 7 get_attr A\/gic REDIST_REGS 0x14: value: expected 0x6, got 0xff$/);
    assert.equal(lines[1], "0 passed, 1 failed");
  });

  test("shows five steps of a file and counts the others", () => {
    const steps = [kvmSample.steps[0], ...Array.from({ length: 8 }, () => ({ op: "close_vm", vm: "Z" }))];
    const { lines } = run({ "bad.json": { ...kvmSample, steps } });
    assert.equal(lines.length, 7);
    assert.match(lines[5], /and 3 more failing steps$/);
  });

  test("--first stops a file at its first failing step", () => {
    const twice = replaced(wrong, ["steps", 9, "err"], "ENXIO");
    const { lines } = run({ "bad.json": twice, "bad2.json": twice }, ["--first"]);
    assert.deepEqual([lines.length, lines[2]], [3, "0 passed, 2 failed"]);
  });

  test("an operation that is not supported is a failure", () => {
    const steps = [...kvmSample.steps.slice(0, 4), { op: "levitate", vm: "A", ret: 0, errno: 0, err: "OK" }];
    const { code, text } = run({ "bad.json": { ...kvmSample, steps } });
    assert.equal(code, 1);
    assert.match(text, /step 4 levitate A: the operation levitate is not supported/);
  });
});

describe("a host crash", () => {
  const end = "NO RESULT (run ended before this step)";
  const save = { op: "set_attr", vm: "A", dev: "gic", group: "CTRL", attr: "0x1", attr_name: "SAVE_TABLES" };
  const dump = { op: "dump_mem", vm: "A", label: "t", gpa: "0x40000000", len: "0x8", background: "0x0", result: end };
  const ok = { ret: 0, errno: 0, err: "OK" };
  const begin = kvmSample.steps.slice(0, 4);
  const crashing = [begin[0], { ...begin[1], slot: 99 }, ...begin.slice(2)];

  test("that was recorded must happen at that step", () => {
    const steps = [{ ...save, result: end }, dump];
    assert.equal(run({ "a.json": { ...kvmSample, steps: [...crashing, ...steps] } }).last, "1 passed, 0 failed");
    const { text } = run({ "a.json": { ...kvmSample, steps: [...begin, ...steps] } });
    assert.match(text, /step 4 set_attr .*the host: expected a crash here, got it went on/);
  });

  test("that was not recorded is a failure and ends the file", () => {
    const steps = [...crashing, { ...save, ...ok }, { op: "close_vm", vm: "Z", ...ok }];
    const { lines } = run({ "a.json": { ...kvmSample, steps } });
    assert.equal(lines.length, 2);
    assert.match(lines[0], /expected to go on, got a crash: NULL dereference in the fake/);
  });
});

describe("bad input", () => {
  test("an empty folder is a failure", () => {
    const { code, lines } = run({});
    assert.deepEqual([code, lines], [1, ["no recordings found: nothing ran", "0 passed, 0 failed"]]);
  });

  test("a damaged file is reported by name and the others run", () => {
    const { code, text, last } = run({ "a.json": '{"steps": [', "b.json": kvmSample });
    assert.deepEqual([code, last], [1, "1 passed, 1 failed"]);
    assert.match(text, /a\.json: not JSON: /);
  });

  test("a file of other content is no recording", () => {
    const { text } = run({ "a.json": [], "b.json": { steps: [] }, "c.json": { ...kvmSample, kernel: "4.12" } });
    assert.match(text, /a\.json: the file is not a JSON object/);
    assert.match(text, /b\.json: neither a recording of KVM/);
    assert.match(text, /c\.json: kernel "4\.12" is none of/);
  });

  test("a missing path is reported", () => {
    const missing = join(folder, "nowhere");
    const { code, text, last } = run({ "a.json": kvmSample }, [missing]);
    assert.deepEqual([code, last], [1, "1 passed, 1 failed"]);
    assert.match(text, /nowhere: no such file or folder/);
  });

  test("an unknown option is wrong use", () => {
    const { code, text } = run({ "a.json": kvmSample }, ["--quick"]);
    assert.equal(code, 2);
    assert.match(text, /unknown option --quick\nusage: /);
  });

  test("steps that cannot be read are failures with a sentence", () => {
    const steps = [7, { op: "create_vm" }, { op: "write_mem", vm: "A" }, { op: "scan", vm: "A", lo: 0 }];
    const { lines } = run({ "a.json": { ...kvmSample, steps } });
    assert.match(lines[0], /step 0 step: the recording cannot be read: step 0 is not a JSON object/);
    assert.match(lines[1], /step 1 create_vm: the recording cannot be read: "vm" is not a string/);
    assert.match(lines[2], /step 2 write_mem A: the recording cannot be read: VM "A" has not been created/);
  });

  test("sizes that would eat the memory are refused", () => {
    const huge = { op: "dump_mem", vm: "A", gpa: "0x0", len: "0xffffffffffffffff", background: "0x0", qwords: {} };
    const steps = [...kvmSample.steps.slice(0, 2), { ...huge, ret: 0, errno: 0, err: "OK" }];
    assert.match(run({ "a.json": { ...kvmSample, steps } }).text, /more than 256 MiB is not replayed/);
  });
});

describe("the lines of KVM's timers", () => {
  const ppis = (1n << 27n) | (1n << 30n);

  test("hide two bits of pending, active and level state", () => {
    assert.equal(timerBits("VGIC_V3", "REDIST_REGS", 0x1_0001_0200n), ppis);
    assert.equal(timerBits("VGIC_V3", "REDIST_REGS", 0x1_0380n), ppis);
    assert.equal(timerBits("VGIC_V3", "LEVEL_INFO", 0x1_0000_0000n), ppis);
    assert.equal(timerBits("VGIC_V2", "DIST_REGS", 0x2_0000_0300n), ppis);
  });

  test("hide nothing else", () => {
    assert.equal(timerBits("VGIC_V3", "REDIST_REGS", 0x1_0100n), 0n);
    assert.equal(timerBits("VGIC_V3", "REDIST_REGS", 0x200n), 0n);
    assert.equal(timerBits("VGIC_V3", "DIST_REGS", 0x200n), 0n);
    assert.equal(timerBits("VGIC_V3", "LEVEL_INFO", 0x20n), 0n);
    assert.equal(timerBits("VGIC_V2", "DIST_REGS", 0x204n), 0n);
    assert.equal(timerBits("VGIC_ITS", "ITS_REGS", 0x200n), 0n);
  });
});
