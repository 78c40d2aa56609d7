import { commandByName } from "../../architecture/index.ts";
import { Fields, hex, RecordingError, toBig } from "./fields.ts";
import { difference, type Findings } from "./findings.ts";
import { GICD, GICR, GITS, redistributorStride } from "./qemu-frames.ts";
import { compareRegisters } from "./qemu-registers.ts";
import { compareTable, type TableSpec, tableSpec } from "./qemu-tables.ts";
import type { ConformanceTarget, QemuMachineTarget } from "./target.ts";

const GITS_CBASER = GITS + 0x80n;
const GITS_CWRITER = GITS + 0x88n;
const GITS_CREADR = GITS + 0x90n;
const GITS_BASER0 = GITS + 0x100n;
const COMMAND_BYTES = 32;
const QUEUE_PAGE_BYTES = 4096;

/** What a recorded step of QEMU may hold; `trace`, `errors`, `log` and the texts are QEMU's own words and not compared. */
const STEP_FIELDS = new Set("do note creadr cwriter stalled commands log addr wrote value tables".split(" "));
const OBSERVED_FIELDS = new Set(["qemu", "steps", "registers", "resetRegisters", "tables"]);

/** Replays a recording of QEMU's ITS made through qtest. One instance replays one recording once. */
export class QemuReplay {
  private readonly recording: Fields;
  private readonly machine: QemuMachineTarget;
  private readonly cpus: number;
  private readonly gicVersion: 3 | 4;
  private readonly tables: readonly TableSpec[];
  private readonly queueBase: bigint;
  private readonly queueBytes: number;
  /** Where the driver writes its next command, in bytes from the start of the queue. */
  private writeOffset = 0;

  constructor(recording: Fields, createMachine: NonNullable<ConformanceTarget["createQemuMachine"]>) {
    this.recording = recording;
    const machine = recording.object("machine");
    this.cpus = machine.small("smp");
    const gicVersion = machine.small("gicVersion");
    if (gicVersion !== 3 && gicVersion !== 4) {
      throw new RecordingError(`"gicVersion" ${gicVersion} is neither 3 nor 4`);
    }
    if (this.cpus < 1 || this.cpus > 512) {
      throw new RecordingError(`"smp" ${this.cpus} is not 1 to 512`);
    }
    this.gicVersion = gicVersion;
    this.tables = recording.list("observe").map((entry) => tableSpec(new Fields(entry, "an entry of observe")));
    const cbaser = recording.object("setup").big("cbaser");
    this.queueBase = cbaser & 0xf_ffff_ffff_f000n;
    this.queueBytes = (Number(cbaser & 0xffn) + 1) * QUEUE_PAGE_BYTES;
    this.machine = createMachine({
      version: recording.object("observed").textOr("qemu", ""),
      cpus: this.cpus,
      gicVersion,
      virtualization: machine.raw("virtualization") !== false,
      secure: machine.raw("secure") === true,
    });
  }

  /** Replays set-up and steps, then compares registers and tables; what differs goes to `findings`. */
  run(findings: Findings): void {
    const observed = this.recording.object("observed");
    const unknown = observed.names().find((name) => !OBSERVED_FIELDS.has(name));
    if (unknown !== undefined) {
      throw new RecordingError(`"observed.${unknown}" is nothing this harness compares`);
    }
    const steps = this.recording.list("steps");
    const answers = observed.list("steps");
    if (steps.length !== answers.length) {
      throw new RecordingError(`${steps.length} steps, but ${answers.length} observed ones`);
    }
    if (observed.has("resetRegisters")) {
      this.try(findings, undefined, "reset registers", () => this.registers(observed.object("resetRegisters")));
    }
    this.try(findings, undefined, "set-up", () => this.setUp(this.recording.object("setup")));
    for (const [index, raw] of steps.entries()) {
      if (findings.enough) {
        return;
      }
      const step = new Fields(raw, `step ${index}`);
      const answer = new Fields(answers[index], `observed step ${index}`);
      const name = `${step.textOr("do", "?")} ${step.textOr("addr", "")}`.trim();
      this.try(findings, index, name, () => this.step(step, answer));
    }
    this.try(findings, undefined, "final registers", () => this.registers(observed.object("registers")));
    this.try(findings, undefined, "final tables", () => this.compareTables(observed.object("tables"), this.tables));
  }

  private try(findings: Findings, index: number | undefined, name: string, action: () => string[]): void {
    if (findings.enough) {
      return;
    }
    try {
      findings.add(index, name, action());
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      const cause = error instanceof RecordingError ? "the recording cannot be read" : "the emulator threw";
      findings.add(index, name, [`${cause}: ${error instanceof RecordingError ? error.message : text}`]);
    }
  }

  private registers(expected: Fields): string[] {
    return compareRegisters(this.machine, expected, this.cpus, this.gicVersion);
  }

  private compareTables(expected: Fields, specs: readonly TableSpec[]): string[] {
    const known = new Set(specs.map((spec) => spec.name));
    const stray = expected.names().find((name) => !known.has(name));
    if (stray !== undefined) {
      throw new RecordingError(`table "${stray}" is not in "observe"`);
    }
    return specs.flatMap((spec) => compareTable(this.machine, spec, expected.raw(spec.name)));
  }

  /** Writes memory and registers in the order in which the recorder did. */
  private setUp(setup: Fields): string[] {
    const machine = this.machine;
    for (const entry of setup.listOrEmpty("zero")) {
      const [address, length, byte] = Array.isArray(entry) ? entry : [];
      fill(
        machine,
        toBig(address, "zero address"),
        toBig(length, "zero length"),
        byte === undefined ? 0n : toBig(byte, "zero byte"),
      );
    }
    for (const entry of setup.listOrEmpty("mem")) {
      const mem = new Fields(entry, "an entry of setup.mem");
      machine.writeBytes(mem.big("addr"), mem.bytes("hex"));
    }
    machine.write(GICD, 4, setup.big("gicdCtlr"));
    for (const [cpu, entry] of setup.listOrEmpty("redist").entries()) {
      this.setUpRedistributor(cpu, new Fields(entry, `setup.redist[${cpu}]`));
    }
    for (const [index, baser] of setup.listOrEmpty("baser").entries()) {
      if (baser !== null) {
        machine.write(GITS_BASER0 + 8n * BigInt(index), 8, toBig(baser, `setup.baser[${index}]`));
      }
    }
    machine.write(GITS_CBASER, 8, setup.big("cbaser"));
    if (setup.has("ctlr") && setup.raw("ctlr") !== null) {
      machine.write(GITS, 4, setup.big("ctlr"));
    }
    machine.takeCommands();
    return [];
  }

  private setUpRedistributor(cpu: number, setup: Fields): void {
    const frame = GICR + BigInt(cpu) * redistributorStride(this.gicVersion);
    const machine = this.machine;
    machine.write(frame + 0x14n, 4, 0n); // GICR_WAKER
    machine.write(frame + 0x70n, 8, setup.big("propbaser"));
    machine.write(frame + 0x78n, 8, setup.big("pendbaser"));
    if (setup.raw("enableLpis") === true) {
      machine.write(frame, 4, 1n); // GICR_CTLR.EnableLPIs
    }
    if (setup.has("vpropbaser")) {
      machine.write(frame + 0x2_0070n, 8, setup.big("vpropbaser"));
    }
    if (setup.has("vpendbaser")) {
      machine.write(frame + 0x2_0078n, 8, setup.big("vpendbaser"));
    }
  }

  private step(step: Fields, answer: Fields): string[] {
    const unknown = answer.names().find((name) => !STEP_FIELDS.has(name));
    if (unknown !== undefined) {
      throw new RecordingError(`"${unknown}" of an observed step is nothing this harness compares`);
    }
    const problems = this.perform(step, answer);
    problems.push(...this.compareCommands(answer));
    if (answer.has("creadr")) {
      const creadr = this.machine.read(GITS_CREADR, 8);
      problems.push(...compareNumber("creadr", answer.big("creadr"), creadr));
      problems.push(...compareNumber("cwriter", answer.big("cwriter"), this.machine.read(GITS_CWRITER, 8)));
      problems.push(...compareNumber("stalled", answer.big("stalled"), creadr & 1n));
    }
    return problems;
  }

  private perform(step: Fields, answer: Fields): string[] {
    const machine = this.machine;
    const operation = step.text("do");
    switch (operation) {
      case "commands":
        this.submit(step);
        return [];
      case "w64":
        return this.write(step, 8);
      case "w32":
        return this.write(step, 4);
      case "w16":
        return this.write(step, 2);
      case "w8":
        return this.write(step, 1);
      case "r64":
        return compareNumber("value", answer.big("value"), machine.read(step.big("addr"), 8));
      case "r32":
        return compareNumber("value", answer.big("value"), machine.read(step.big("addr"), 4));
      case "r16":
        return compareNumber("value", answer.big("value"), machine.read(step.big("addr"), 2));
      case "r8":
        return compareNumber("value", answer.big("value"), machine.read(step.big("addr"), 1));
      case "mem":
        machine.writeBytes(step.big("addr"), step.bytes("hex"));
        return [];
      case "observe": {
        const only = step.has("only") ? new Set(step.list("only")) : undefined;
        const specs = this.tables.filter((spec) => only?.has(spec.name) ?? true);
        return this.compareTables(answer.object("tables"), specs);
      }
      default:
        return [`the operation ${operation} is not supported`];
    }
  }

  private write(step: Fields, size: 1 | 2 | 4 | 8): string[] {
    const address = step.big("addr");
    const value = step.big("value");
    this.machine.write(address, size, value);
    if (address === GITS_CWRITER && size >= 4) {
      this.writeOffset = Number(value & 0xf_ffe0n);
    }
    return [];
  }

  /** Puts the commands into the queue at the driver's write offset, wrapping at its end, then writes GITS_CWRITER once. */
  private submit(step: Fields): void {
    const commands = step.list("commands");
    const bytes = new Uint8Array(commands.length * COMMAND_BYTES);
    const view = new DataView(bytes.buffer);
    for (const [index, words] of commands.entries()) {
      if (!Array.isArray(words) || words.length !== 4) {
        throw new RecordingError(`command ${index} is not four words`);
      }
      for (const [word, value] of words.entries()) {
        view.setBigUint64(index * COMMAND_BYTES + word * 8, toBig(value, `command ${index}`), true);
      }
    }
    if (bytes.length > this.queueBytes) {
      throw new RecordingError("more commands than the queue holds");
    }
    if (step.raw("noWrite") !== true) {
      const first = Math.min(bytes.length, this.queueBytes - this.writeOffset);
      this.machine.writeBytes(this.queueBase + BigInt(this.writeOffset), bytes.subarray(0, first));
      if (first < bytes.length) {
        this.machine.writeBytes(this.queueBase, bytes.subarray(first));
      }
    }
    this.writeOffset = (this.writeOffset + bytes.length) % this.queueBytes;
    this.machine.write(GITS_CWRITER, 8, BigInt(this.writeOffset));
  }

  /** A step without recorded commands is one at which QEMU processed none. */
  private compareCommands(answer: Fields): string[] {
    const expected = answer.listOrEmpty("commands").map((entry) => {
      const command = new Fields(entry, "an observed command");
      return { slot: command.small("slot"), opcode: opcodeOf(command.text("op")), outcome: command.text("outcome") };
    });
    const got = this.machine.takeCommands();
    const problems: string[] = [];
    for (let i = 0; i < Math.max(expected.length, got.length); i++) {
      const [want, have] = [wording(expected[i]), wording(got[i])];
      if (want !== have) {
        problems.push(difference(`command ${i} of the step`, want, have));
      }
    }
    return problems;
  }
}

function wording(command: { slot: number; opcode: number; outcome: string } | undefined): string {
  return command === undefined ? "none" : `@${command.slot} opcode ${hex(command.opcode)} ${command.outcome}`;
}

/** Recorded operations are names, "INV_DB" among them, or an unknown opcode such as "0x2". */
function opcodeOf(op: string): number {
  const opcode = op.startsWith("0x") ? Number(op) : commandByName(op.replace("_", ""))?.opcode;
  if (opcode === undefined || Number.isNaN(opcode)) {
    throw new RecordingError(`"op" ${op} is no ITS command`);
  }
  return opcode;
}

function compareNumber(what: string, expected: bigint, got: bigint): string[] {
  return expected === got ? [] : [difference(what, hex(expected), hex(got))];
}

function fill(machine: QemuMachineTarget, address: bigint, length: bigint, byte: bigint): void {
  if (length < 0n || length > 0x1000_0000n) {
    throw new RecordingError(`"zero" of ${hex(length)} bytes is not replayed`);
  }
  machine.writeBytes(address, new Uint8Array(Number(length)).fill(Number(byte & 0xffn)));
}
