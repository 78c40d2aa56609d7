import { finish, type Work } from "../work.ts";
import { LINES_A_STEP, TextLines, type TextProblem } from "./text-lines.ts";

/** One interrupt of `vgic-state`. */
export interface VgicInterrupt {
  /** Line of the text, from 1. */
  readonly textLine: number;
  readonly kind: "SGI" | "PPI" | "SPI" | "LPI";
  readonly intid: number;
  /** vCPU that an SGI or PPI belongs to; undefined for the others. */
  readonly owner: number | undefined;
  /** vCPU that it goes to; undefined = none. */
  readonly target: number | undefined;
  /** The latch (P), not the line. */
  readonly pending: boolean;
  readonly line: boolean;
  readonly active: boolean;
  readonly enabled: boolean;
  /** It is backed by an interrupt of the host. */
  readonly hardware: boolean;
  readonly levelTriggered: boolean;
  readonly group1: boolean;
  /** MPIDR that GICD_IROUTER<n> holds, for SPIs. */
  readonly mpidr: number;
  /** 0..255. */
  readonly priority: number;
  /** vCPU on whose list of pending and active interrupts it stands. */
  readonly queuedOn: number | undefined;
}

/** What `/sys/kernel/debug/kvm/<pid>-<fd>/vgic-state` says. */
export interface VgicState {
  /** "GICv2" or "GICv3"; undefined when the text does not say. */
  readonly model: string | undefined;
  readonly spis: number | undefined;
  readonly lpis: number | undefined;
  readonly enabled: boolean | undefined;
  /** vCPUs that have a table of their own. */
  readonly vcpus: number;
  readonly interrupts: readonly VgicInterrupt[];
  readonly problems: readonly TextProblem[];
}

/** vCPUs of a VM at most. */
const MAX_VCPUS = 512;
const row =
  /^\s*(SGI|PPI|SPI|LPI)\s+(\d{1,10})\s+(-?\d{1,4})\s+([01]{7})\s+(\d{1,10})\s+([0-9a-f]{1,16})\s+([0-9a-f]{1,2})\s+(\d{1,3})\s+(-?\d{1,4})$/;
const header = /^(VCPU|SPI)\s+(\d{1,4}) TYP\s+ID TGT_ID PLAEHCG\s+HWID\s+TARGET SRC PRI VCPU_ID$/;
const setting = /^(vgic_model|nr_spis|nr_lpis|enabled):\s*(\S{1,20})$/;
/** Title, rules and the legend of the flags. */
const furniture = /^(?:Distributor|[=-]+|P=.*|E=.*|G=.*)?$/;

/**
 * Reads a `vgic-state` (Linux arch/arm64/kvm/vgic/vgic-debug.c). A line that is none of the format is a problem and is left out.
 * @param text any text, also quoted in a mail; never throws
 */
export function parseVgicState(text: string): VgicState {
  return finish(readVgicState(text));
}

/** {@link parseVgicState} in slices. */
export function* readVgicState(text: string): Work<VgicState> {
  const input = new TextLines(text);
  const settings = new Map<string, string>();
  const interrupts: VgicInterrupt[] = [];
  const seen = new Set<string>();
  let owner: number | undefined;
  let vcpus = 0;
  for (const [number, line] of input.lines()) {
    if (number % LINES_A_STEP === 0) yield;
    const headed = header.exec(line);
    const set = setting.exec(line);
    if (headed !== null) {
      owner = headed[1] === "VCPU" ? Number(headed[2]) : undefined;
      if (owner !== undefined && owner >= MAX_VCPUS) input.problem(number, `a VM has ${MAX_VCPUS} vCPUs at most`);
      else if (owner !== undefined) vcpus = Math.max(vcpus, owner + 1);
    } else if (set !== null) settings.set(set[1], set[2]);
    else if (!furniture.test(line)) {
      const interrupt = interruptOf(line, number, owner);
      if (typeof interrupt === "string") input.problem(number, interrupt);
      else if (interrupt === undefined) input.strange(number, line, "line of vgic-state");
      else if (seen.has(`${interrupt.owner}/${interrupt.intid}`))
        input.problem(number, `INTID ${interrupt.intid} is there twice`);
      else {
        seen.add(`${interrupt.owner}/${interrupt.intid}`);
        interrupts.push(interrupt);
      }
    }
  }
  const count = (name: string): number | undefined => {
    const value = settings.get(name);
    return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
  };
  const lpis = interrupts.filter(({ kind }) => kind === "LPI").length;
  const told = count("nr_lpis");
  if (told !== undefined && told !== lpis) input.problem(1, `nr_lpis says ${told}, but the text has ${lpis} LPIs`);
  const enabled = settings.get("enabled");
  return {
    model: settings.get("vgic_model"),
    spis: count("nr_spis"),
    lpis: told,
    enabled: enabled === undefined ? undefined : enabled === "1",
    vcpus,
    interrupts,
    problems: input.problems,
  };
}

/** @returns a sentence when the row contradicts itself, undefined when the line is no row */
function interruptOf(line: string, textLine: number, owner: number | undefined): VgicInterrupt | string | undefined {
  const found = row.exec(line);
  if (found === null) return undefined;
  const kind = found[1] as VgicInterrupt["kind"];
  const intid = Number(found[2]);
  const ranges = { SGI: [0, 15], PPI: [16, 31], SPI: [32, 1023], LPI: [8192, 0xffff_ffff] } as const;
  const [first, last] = ranges[kind];
  if (intid < first || intid > last) return `INTID ${intid} is no ${kind}`;
  const isPrivate = kind === "SGI" || kind === "PPI";
  if (isPrivate && owner === undefined) return `a ${kind} stands outside the table of a vCPU`;
  const priority = Number(found[8]);
  if (priority > 255) return `priority ${priority} has more than 8 bits`;
  const [pending, lineLevel, active, enabled, hardware, levelTriggered, group1] = Array.from(
    found[4],
    (flag) => flag === "1",
  );
  const vcpu = (digits: string): number | undefined => (digits.startsWith("-") ? undefined : Number(digits));
  return {
    textLine,
    kind,
    intid,
    owner: isPrivate ? owner : undefined,
    target: vcpu(found[3]),
    pending,
    line: lineLevel,
    active,
    enabled,
    hardware,
    levelTriggered,
    group1,
    mpidr: Number.parseInt(found[6], 16),
    priority,
    queuedOn: vcpu(found[9]),
  };
}
