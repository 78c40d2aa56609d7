import { numberIn, type TraceEvent } from "../../dumps/qemu-trace/event.ts";
import type { TraceSurvey } from "./survey.ts";
import type { TraceTarget } from "./target.ts";

/**
 * Lines of a CPU interface that tells its state anew because its PE changed its Exception level (arm_gicv3_cpuif.c
 * gicv3_cpuif_el_change_hook). No line says that this is why; but no other cause makes these four in a row.
 */
const LINES = ["gicv3_cpuif_update", "gicv3_cpuif_set_irqs", "gicv3_cpuif_virt_update", "gicv3_cpuif_virt_set_irqs"];

/** Finds the changes of Exception level in a trace. */
export class LevelChanges {
  /** Whether they can be told from other updates: trace and machine have the lines of virtual interrupts. */
  readonly areMarked: boolean;

  constructor(survey: TraceSurvey, target: TraceTarget) {
    this.areMarked = LINES.every((name) => survey.has(name) && target.produces.has(name));
  }

  /** Whether the last of some lines are one. */
  isAtEnd(effects: readonly TraceEvent[]): boolean {
    const first = effects.length - LINES.length;
    if (!this.areMarked || first < 0 || effects[effects.length - 1].spec.name !== LINES[LINES.length - 1]) return false;
    const cpu = numberIn(effects[first], "cpu");
    return LINES.every(
      (name, i) => effects[first + i].spec.name === name && numberIn(effects[first + i], "cpu") === cpu,
    );
  }

  /** Removes the last of some lines that are one, and returns them. */
  takeEnd(effects: TraceEvent[]): TraceEvent[] {
    return effects.splice(-LINES.length);
  }

  /** Whether a line can be of one. */
  isPart(event: TraceEvent): boolean {
    return LINES.includes(event.spec.name);
  }
}
