/**
 * PPIs 27 and 30 are wired to KVM's virtual and physical timer. Whether their lines were high when a recording was made
 * depends on the recorded machine's clock, so these two bits are not compared in the registers that follow the lines:
 * pending and active state of INTIDs 0 to 31, and the line levels. A recording whose guest uses the timers is about these bits.
 */
const TIMER_PPIS = (1n << 27n) | (1n << 30n);

/** ISPENDR0, ICPENDR0, ISACTIVER0, ICACTIVER0 from the start of the distributor or of the SGI frame. */
const STATE_OF_FIRST_32 = new Set([0x200n, 0x280n, 0x300n, 0x380n]);
const SGI_FRAME = 0x10000n;

/** Whether a step is an instruction of a guest that uses a timer: `write CNTV_CTL_EL0`. */
export function usesTimer(step: unknown): boolean {
  return typeof step === "object" && step !== null && "insn" in step && /\bCNT[VP]_/.test(String(step.insn));
}

/** The bits of a device attribute's value that are not compared. `group` in the recordings' spelling. */
export function timerBits(deviceType: string | undefined, group: string, attr: bigint): bigint {
  const offset = attr & 0xffff_ffffn;
  if (deviceType === "VGIC_V2") {
    return group === "DIST_REGS" && STATE_OF_FIRST_32.has(offset) ? TIMER_PPIS : 0n;
  }
  if (group === "REDIST_REGS" && offset >= SGI_FRAME) {
    return STATE_OF_FIRST_32.has(offset - SGI_FRAME) ? TIMER_PPIS : 0n;
  }
  return group === "LEVEL_INFO" && offset === 0n ? TIMER_PPIS : 0n;
}
