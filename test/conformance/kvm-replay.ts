import { Fields, hex, RecordingError } from "./fields.ts";
import { difference, type Findings } from "./findings.ts";
import { compareDump, copyNonZeroPages, dumpOf, type Slot } from "./kvm-memory.ts";
import { errnoName, groupNumber } from "./kvm-names.ts";
import { replayScan } from "./scan-rows.ts";
import type { ConformanceTarget, IoctlAnswer, Kernel, KvmHost, KvmVmTarget } from "./target.ts";
import { timerBits, usesTimer } from "./timer-bits.ts";

/** Recorded in place of an answer from the step on at which the host crashed. */
const NO_RESULT = "NO RESULT (run ended before this step)";

/** What the recorder's variable for a result holds when the guest did not get to its instruction. */
const NOT_RUN = 0xdead_beef_dead_beefn;

/** Fields that say what a step did or was meant for; every other field is an observation and has to be compared. */
const INPUTS = new Set(
  `op vm dev group attr attr_name reg size type count ipa_bits slot gpa len byte hex label background src addr devid data
  flags irq level what vcpu insn cap id bad_user_pointer its_cmd l1_index why attr_hi lo end stride columns`.split(
    /\s+/,
  ),
);

/** Observations that every operation has, and those that only some have. */
const COMMON_OBSERVATIONS = ["ret", "errno", "err"];
const OBSERVATIONS: Readonly<Record<string, readonly string[]>> = {
  get_attr: ["value"],
  dump_mem: ["qwords"],
  guest: ["result", "guest_events"],
  scan: ["rows"],
  wscan: ["rows"],
  start_vcpu_thread: ["thread_state"],
  stop_vcpu_thread: ["thread_state"],
};
/** Inputs that carry the name of an observation elsewhere. */
const VALUE_IS_INPUT = new Set(["set_attr", "guest"]);

interface Vm {
  target: KvmVmTarget;
  slots: Slot[];
  deviceTypes: Map<string, string>;
  /** State of each vCPU's thread in the recordings' spelling. */
  threads: Map<number, string>;
}

type RunEnd = "recorded crash" | "unexpected crash";

type Operation = (step: Fields, vm: Vm) => string[];

/** Replays a recording of KVM's device-attribute interface. One instance replays one recording once. */
export class KvmReplay {
  private readonly recording: Fields;
  private readonly target: ConformanceTarget;
  private readonly vms = new Map<string, Vm>();
  /** Bits that are not compared, by device type, group and attribute. */
  private ignored = timerBits;

  constructor(recording: Fields, target: ConformanceTarget) {
    this.recording = recording;
    this.target = target;
  }

  /** Replays every step and adds what differs to `findings`. Throws a RecordingError when it cannot even begin. */
  run(findings: Findings): void {
    const steps = this.recording.list("steps");
    const kernel = kernelOf(this.recording.text("kernel"));
    const host = hostOf(this.recording.text("host"));
    if (steps.some(usesTimer)) {
      this.ignored = () => 0n;
    }
    try {
      for (const [index, raw] of steps.entries()) {
        if (findings.enough) {
          return;
        }
        const end = this.step(index, raw, kernel, host, findings);
        if (end === "recorded crash") {
          refuseResultsAfterCrash(steps, index + 1);
        }
        if (end !== undefined) {
          return;
        }
      }
    } finally {
      for (const vm of this.vms.values()) {
        vm.target.close();
      }
    }
  }

  /** Says when the run ends here, because the host was to crash or crashed unexpectedly. */
  private step(index: number, raw: unknown, kernel: Kernel, host: KvmHost, findings: Findings): RunEnd | undefined {
    let name = "step";
    let end: RunEnd | undefined;
    let problems: string[];
    try {
      const step = new Fields(raw, `step ${index}`);
      name = describe(step);
      const crashes = step.textOr("result", "") === NO_RESULT;
      end = crashes ? "recorded crash" : undefined;
      problems = this.perform(step, kernel, host, crashes);
      const crash = this.hostCrash();
      if (crashes) {
        // What the step answered is nothing: the crash itself is the observation.
        problems = crash === undefined ? [difference("the host", "a crash here", "it went on")] : [];
      } else if (crash !== undefined) {
        end = "unexpected crash";
        problems.push(difference("the host", "to go on", `a crash: ${crash}`));
      }
    } catch (error) {
      problems = [sentenceOf(error)];
    }
    findings.add(index, name, problems);
    return end;
  }

  private hostCrash(): string | undefined {
    for (const vm of this.vms.values()) {
      if (vm.target.hostCrash !== undefined) {
        return vm.target.hostCrash;
      }
    }
    return undefined;
  }

  private perform(step: Fields, kernel: Kernel, host: KvmHost, crashes: boolean): string[] {
    const op = step.text("op");
    if (op === "note" || op === "check_extension") {
      // A note is the recorder's comment. Of KVM_CHECK_EXTENSION only the fact that it was called was kept, not its answer.
      return [];
    }
    if (!crashes) {
      refuseUnknownObservations(step, op);
    }
    if (op === "create_vm") {
      return this.createVm(step, kernel, host);
    }
    const vm = this.vm(step.text("vm"));
    const operation = this.operations[op];
    if (operation === undefined) {
      return [unsupported(op)];
    }
    return operation(step, vm);
  }

  private vm(name: string): Vm {
    const vm = this.vms.get(name);
    if (vm === undefined) {
      throw new RecordingError(`VM "${name}" has not been created`);
    }
    return vm;
  }

  private createVm(step: Fields, kernel: Kernel, host: KvmHost): string[] {
    const name = step.text("vm");
    this.vms.get(name)?.target.close();
    const ipaBits = step.small("ipa_bits");
    const target = this.target.createKvmVm({ kernel, host, ipaBits: ipaBits === 0 ? undefined : ipaBits });
    this.vms.set(name, { target, slots: [], deviceTypes: new Map(), threads: new Map() });
    return answer(step, 0);
  }

  private readonly operations: Readonly<Record<string, Operation>> = {
    memslot: (step, { target, slots }) => {
      const slot = { gpa: step.big("gpa"), size: step.big("size") };
      const errno = target.addMemslot(step.small("slot"), slot.gpa, slot.size);
      if (errno === 0) {
        slots.push(slot);
      }
      return answer(step, errno);
    },
    create_vcpus: (step, { target }) => answer(step, target.createVcpus(step.small("count"))),
    create_device: (step, { target, deviceTypes }) => {
      const device = step.text("dev");
      const type = step.text("type");
      const errno = target.createDevice(device, type);
      if (errno === 0) {
        deviceTypes.set(device, type);
      }
      return answer(step, errno);
    },
    create_device_test: (step, { target }) =>
      target.testDevice === undefined
        ? [unsupported("create_device_test")]
        : answer(step, target.testDevice(step.small("type"))),
    KVM_CREATE_IRQCHIP: (step, { target }) =>
      target.createIrqchip === undefined ? [unsupported("KVM_CREATE_IRQCHIP")] : answer(step, target.createIrqchip()),
    KVM_ARM_SET_DEVICE_ADDR: (step, { target }) =>
      target.setDeviceAddr === undefined
        ? [unsupported("KVM_ARM_SET_DEVICE_ADDR")]
        : answer(step, target.setDeviceAddr(step.big("id"), step.big("addr"))),
    set_attr: (step, { target }) => {
      const [device, group, attr] = attribute(step);
      if (step.has("bad_user_pointer")) {
        return target.setAttrBadPointer === undefined
          ? [unsupported("set_attr with a bad user pointer")]
          : answer(step, target.setAttrBadPointer(device, group, attr));
      }
      return answer(step, target.setAttr(device, group, attr, step.bigOr("value", 0n)));
    },
    get_attr: (step, { target, deviceTypes }) => {
      const [device, group, attr] = attribute(step);
      if (step.has("bad_user_pointer")) {
        return target.getAttrBadPointer === undefined
          ? [unsupported("get_attr with a bad user pointer")]
          : answer(step, target.getAttrBadPointer(device, group, attr));
      }
      const { errno, value } = target.getAttr(device, group, attr, inputOf(step));
      const compared = ~this.ignored(deviceTypes.get(device), String(step.raw("group")), attr);
      return [...answer(step, errno), ...observed(step, "value", errno === 0 ? value : undefined, compared)];
    },
    has_attr: (step, { target }) => answer(step, target.hasAttr(...attribute(step))),
    write_mem: (step, { target }) => answer(step, target.writeMemory(step.big("gpa"), step.bytes("hex"))),
    fill_mem: (step, { target }) =>
      answer(step, target.fillMemory(step.big("gpa"), BigInt(step.length("len")), step.small("byte"))),
    copy_all_mem: (step, { target }) => {
      const source = this.vm(step.text("src"));
      const problem = copyNonZeroPages(source.target, target, source.slots);
      return problem === undefined ? answer(step, 0) : [problem];
    },
    // A dump behind a crash has no recorded words; it is only there to see that the run had ended.
    dump_mem: (step, { target }) =>
      step.has("qwords") ? [...answer(step, 0), ...compareDump(target, dumpOf(step))] : [],
    signal_msi: (step, { target }) => {
      const [address, devid] = [step.big("addr"), step.small("devid")];
      return answer(step, target.signalMsi({ address, devid, data: step.small("data"), flags: step.small("flags") }));
    },
    irq_line: (step, { target }) => answer(step, target.irqLine(step.small("irq"), step.small("level"))),
    guest: (step, { target }) => {
      const access = target.guest(step.small("vcpu"), step.text("insn"), step.big("addr"), step.big("value"));
      const result = access.errno === 0 ? access.result : NOT_RUN;
      return [...answer(step, access.errno), ...observed(step, "result", result), ...guestEvents(step, access.events)];
    },
    start_vcpu_thread: (step, { target, threads }) => {
      const vcpu = step.small("vcpu");
      const errno = target.startVcpu(vcpu);
      threads.set(vcpu, errno === 0 ? "running" : `errno ${errno}`);
      return [...answer(step, 0), ...threadState(step, threads)];
    },
    stop_vcpu_thread: (step, { target, threads }) => {
      const vcpu = step.small("vcpu");
      target.stopVcpu(vcpu);
      if (threads.get(vcpu) === "running") {
        // The recorder ended KVM_RUN by a signal, so it returned EINTR.
        threads.set(vcpu, "errno 4");
      }
      return [...answer(step, 0), ...threadState(step, threads)];
    },
    scan: (step, vm) => scan(step, vm, this.ignored),
    wscan: (step, vm) => scan(step, vm, this.ignored),
    close_vm: (step, { target }) => {
      target.close();
      this.vms.delete(step.text("vm"));
      return answer(step, 0);
    },
  };
}

/** `5.10.0-32-arm64 | ...` → `5.10`. */
function kernelOf(text: string): Kernel {
  const version = /^(5\.10|6\.1|6\.12|7\.2|7\.3)\./.exec(text)?.[1];
  if (version === undefined) {
    throw new RecordingError(`kernel "${text.slice(0, 40)}" is none of 5.10, 6.1, 6.12, 7.2, 7.3`);
  }
  return version as Kernel;
}

/** The recorder's description of its host names the GIC of the machine and the CPU. */
function hostOf(text: string): KvmHost {
  const gic = /gic-version=([23])\b/.exec(text)?.[1];
  if (gic === undefined) {
    throw new RecordingError(`host "${text.slice(0, 60)}" does not name its gic-version`);
  }
  return { gicVersion: gic === "2" ? 2 : 3, cpu: /-cpu max\b/.test(text) ? "max" : "cortex-a72" };
}

function unsupported(operation: string): string {
  return `the operation ${operation} is not supported`;
}

function sentenceOf(error: unknown): string {
  if (error instanceof RecordingError) {
    return `the recording cannot be read: ${error.message}`;
  }
  return `the emulator threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
}

function attribute(step: Fields): [device: string, group: number, attr: bigint] {
  return [step.text("dev"), groupNumber(step.raw("group")), step.big("attr")];
}

/** What the recorder's buffer held before a get: of a redistributor region its index, which the recording has in words only. */
function inputOf(step: Fields): bigint {
  return BigInt(/^REDIST_REGION index (\d+)$/.exec(step.textOr("reg", ""))?.[1] ?? 0);
}

/** Behind the step that crashed the host nothing ran, so a result there would be one that nobody compares. */
function refuseResultsAfterCrash(steps: readonly unknown[], from: number): void {
  for (const [index, raw] of steps.entries()) {
    if (index >= from) {
      const step = new Fields(raw, `step ${index}`);
      if (step.text("op") !== "note" && step.textOr("result", "") !== NO_RESULT) {
        throw new RecordingError(`step ${index} has a result although the host crashed before it`);
      }
    }
  }
}

/** Compares ret, errno and err; `got` is an errno when the return value follows from it (0 or -1). */
function answer(step: Fields, got: number | IoctlAnswer): string[] {
  if (step.textOr("result", "") === NO_RESULT) {
    return [];
  }
  const { ret, errno } = typeof got === "number" ? { ret: got === 0 ? 0 : -1, errno: got } : got;
  const expected = `${step.small("ret")} ${step.text("err")} (${step.small("errno")})`;
  const found = `${ret} ${errnoName(errno)} (${errno})`;
  return expected === found ? [] : [difference("answer", expected, found)];
}

/** Compares a recorded number that may be absent, as the value of a failed get is. */
function observed(step: Fields, field: string, got: bigint | undefined, compared = -1n): string[] {
  const expected = step.has(field) ? step.big(field) : undefined;
  if (expected !== undefined && got !== undefined && (expected & compared) === (got & compared)) {
    return [];
  }
  if (expected === undefined && got === undefined) {
    return [];
  }
  return [difference(field, expected === undefined ? "none" : hex(expected), got === undefined ? "none" : hex(got))];
}

/** Compares the exits to user space; a step without any has no such field. */
function guestEvents(step: Fields, got: readonly string[]): string[] {
  const expected = step.has("guest_events") ? step.list("guest_events").map(String) : [];
  if (expected.join() === got.join()) return [];
  const shown = (events: readonly string[]): string => events.join(", ") || "none";
  return [difference("guest_events", shown(expected), shown(got))];
}

function threadState(step: Fields, threads: ReadonlyMap<number, string>): string[] {
  const expected = step.text("thread_state");
  const got = threads.get(step.small("vcpu")) ?? "never started";
  return expected === got ? [] : [difference("thread_state", expected, got)];
}

function scan(step: Fields, { target, deviceTypes }: Vm, ignored: typeof timerBits): string[] {
  return [...answer(step, 0), ...replayScan(target, step, deviceTypes.get(step.text("dev")), ignored)];
}

/** A field that this harness does not compare would make a recording pass unread. */
function refuseUnknownObservations(step: Fields, op: string): void {
  const compared = new Set([...COMMON_OBSERVATIONS, ...(OBSERVATIONS[op] ?? [])]);
  for (const field of step.names()) {
    if (!INPUTS.has(field) && !compared.has(field) && !(field === "value" && VALUE_IS_INPUT.has(op))) {
      throw new RecordingError(`"${field}" of a ${op} step is nothing this harness compares`);
    }
  }
}

/** The step in words: operation, VM and device, and what it addressed. */
function describe(step: Fields): string {
  const text = (name: string) => (step.has(name) ? String(step.raw(name)) : undefined);
  const where = [text("vm"), text("dev")].filter((part) => part !== undefined).join("/");
  const attr = text("attr_name") ?? text("attr") ?? text("attr_hi");
  const register = text("reg") === undefined ? undefined : `(${text("reg")})`;
  const what = [text("group"), attr, register, text("label"), text("insn"), text("addr") ?? text("gpa"), text("irq")];
  return [text("op") ?? "step", where, ...what].filter((part) => part !== undefined && part !== "").join(" ");
}
