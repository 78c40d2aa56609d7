import { type ReplayResult, TraceRun } from "../../runner/trace/index.ts";

/** Lines with which a CPU interface tells what is pending. Group 2 is Non-secure Group 1. */
export function update(intid: number, priority: number, irq: 0 | 1, group = 2): string[] {
  return [
    `gicv3_cpuif_update GICv3 CPU i/f 0x0 HPPI update: irq ${intid} group ${group} prio ${priority}`,
    `gicv3_cpuif_set_irqs GICv3 CPU i/f 0x0 HPPI update: setting FIQ 0 IRQ ${irq}`,
  ];
}

/** Lines that stand behind {@link update} when the PE changed its Exception level. */
export const levelChangeEnd = [
  "gicv3_cpuif_virt_update GICv3 CPU i/f 0x0 virt HPPI update LR index -1 HPPVLPI 0 grp 0 prio 255",
  "gicv3_cpuif_virt_set_irqs GICv3 CPU i/f 0x0 virt HPPI update: setting FIQ 0 IRQ 0",
];

const idle = update(0, 255, 0, 0);
const over = update(27, 255, 0);

/** One PE, one timer interrupt (PPI 27), from reset to the end of the interrupt. */
export const timerInterrupt: readonly string[] = [
  "gicv3_dist_read GICv3 distributor read: offset 0x4 data 0x37a0007 size 4 secure 0",
  ...idle,
  "gicv3_dist_write GICv3 distributor write: offset 0x0 data 0x12 size 4 secure 0",
  "gicv3_dist_read GICv3 distributor read: offset 0x0 data 0x52 size 4 secure 0",
  ...idle,
  "gicv3_redist_write GICv3 redistributor 0x0 write: offset 0x10080 data 0xffffffff size 4 secure 0",
  ...idle,
  "gicv3_redist_write GICv3 redistributor 0x0 write: offset 0x1041b data 0xa0 size 1 secure 0",
  ...idle,
  "gicv3_redist_write GICv3 redistributor 0x0 write: offset 0x10100 data 0x8000000 size 4 secure 0",
  "gicv3_icc_pmr_write GICv3 ICC_PMR write cpu 0x0 value 0xf0",
  ...idle,
  "gicv3_icc_igrpen_write GICv3 ICC_IGRPEN1 write cpu 0x0 value 0x1",
  ...idle,
  "gicv3_redist_set_irq GICv3 redistributor 0x0 interrupt 27 level changed to 1",
  ...update(27, 160, 1),
  ...over,
  "gicv3_icc_iar1_read GICv3 ICC_IAR1 read cpu 0x0 value 0x1b",
  "gicv3_redist_set_irq GICv3 redistributor 0x0 interrupt 27 level changed to 0",
  ...over,
  "gicv3_icc_eoir_write GICv3 ICC_EOIR1 write cpu 0x0 value 0x1b",
  ...over,
  ...over,
  "gicv3_redist_read GICv3 redistributor 0x0 read: offset 0x10300 data 0x0 size 4 secure 0",
];

/** Replays lines on QEMU 7.2's model; a trace that cannot be replayed is an Error. */
export function replayed(lines: readonly string[]): ReplayResult {
  const run = new TraceRun();
  for (const line of lines) run.survey.line(line);
  const problem = run.begin("qemu-7.2");
  if (problem !== undefined) throw new Error(problem);
  for (const line of lines) if (!run.replayLine(line)) break;
  return run.finish();
}
