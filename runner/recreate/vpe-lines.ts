import { hex, NO_DOORBELL } from "../../architecture/index.ts";
import type { EventState, VpeState } from "../../emulator/index.ts";
import type { EmulatorTarget } from "../emulator-target.ts";

/** Maps the vPEs of an ITS; the first of all ITSs that map a vPE says so. What GICv4.1 has of a vPE follows from the first. */
export function* vpeMappingLines(target: EmulatorTarget, its: number, unit: string): Iterable<string> {
  for (const vpe of target.tables(its).vpes()) {
    const { vpeId, target: pe, pendingTable, intidBits, own } = vpe;
    const place = `vPEID=${vpeId}, RDbase=${pe}, VPT_addr=${hex(pendingTable)}, VPT_size=${intidBits - 1}`;
    const isFirst = !Array.from({ length: its }, (_, other) => other).some((other) => target.tables(other).vpe(vpeId));
    const rest =
      own === undefined
        ? ""
        : `, Alloc=${isFirst ? 1 : 0}, VCONF_addr=${hex(own.configTable)}, Default_Doorbell_pINTID=${own.doorbell ?? NO_DOORBELL}`;
    yield `VMAPP${unit} ${place}${rest}`;
    if (isFirst) yield* vsgiLines(vpe, unit);
  }
}

function* vsgiLines({ vpeId, own }: VpeState, unit: string): Iterable<string> {
  for (const [vintid, { enabled, group, priority }] of own?.sgis.entries() ?? [])
    if (enabled || group !== 0 || priority !== 0)
      yield `VSGI${unit} vPEID=${vpeId}, vINTID=${vintid}, Enable=${enabled ? 1 : 0}, Clear=0, Group=${group}, Priority=${hex(priority)}`;
}

/** Maps a virtual event. One that its vPE has no place for any more no command can map: its entry comes with memory. @param device what names its device */
export function* virtualEventLines(
  target: EmulatorTarget,
  its: number,
  { eventId, intid, virtual }: EventState,
  device: string,
  unit: string,
): Iterable<string> {
  if (virtual === undefined) return;
  const { vpeId, doorbell = NO_DOORBELL } = virtual;
  const vpe = target.tables(its).vpe(vpeId);
  if (vpe === undefined || intid >= 2 ** vpe.intidBits) return;
  yield `VMAPTI${unit} ${device}, EventID=${hex(eventId)}, vPEID=${vpeId}, vINTID=${intid}, Dbell_pINTID=${doorbell}`;
}

/** Virtual SGIs that are pending, sent again. */
export function* pendingVsgiLines(target: EmulatorTarget): Iterable<string> {
  const sent = new Set<number>();
  for (let its = 0; its < target.map.its.length; its++)
    for (const { vpeId, own } of target.tables(its).vpes()) {
      if (own === undefined || sent.has(vpeId)) continue;
      sent.add(vpeId);
      for (const [vintid, { pending }] of own.sgis.entries())
        if (pending) yield `write GITS_SGIR${its === 0 ? "" : `@${its}`} = { vPEID=${vpeId}, vINTID=${vintid} }`;
    }
}
