import type { InterruptLine } from "./facts.ts";
import type { CaptureDevice, InterruptFinding } from "./report.ts";

/** Bits of a PCI MSI's hwirq that count the vectors of a device (Linux pci_msi_domain_calc_hwirq: index | DeviceID << 11 | segment << 27). */
const INDEX_BITS = 11;
const DEVICE_ID_BITS = 16;

/** DeviceID and EventID of an interrupt, as its line in /proc/interrupts has them. */
export interface EventOfLine {
  /** Undefined where the line does not say it, as for devices that are not on PCI. */
  readonly deviceId: number | undefined;
  readonly eventId: number;
}

/**
 * `ITS-MSI` has DeviceID and index in its hwirq; since Linux 6.11 each device has a domain of its own, whose name has the device's address
 * (`ITS-PCI-MSI-0000:00:01.0`, `ITS-PCI-MSIX-…`), and the index alone is the hwirq. The segment is no part of a DeviceID; the requester id is.
 */
export function eventOfLine({ chip, hwirq }: InterruptLine): EventOfLine {
  if (chip === "ITS-MSI") {
    const eventId = hwirq % 2 ** INDEX_BITS;
    return { deviceId: Math.floor(hwirq / 2 ** INDEX_BITS) % 2 ** DEVICE_ID_BITS, eventId };
  }
  const pci = /^ITS-PCI-MSIX?-[0-9a-f]{4,8}:([0-9a-f]{2}):([0-9a-f]{2})\.([0-7])$/.exec(chip);
  if (pci === null) return { deviceId: undefined, eventId: hwirq };
  const [bus, device, fn] = pci.slice(1).map((digits) => Number.parseInt(digits, 16));
  return { deviceId: (bus << 8) | (device << 3) | fn, eventId: hwirq };
}

export function keyOfEvent(deviceId: number, eventId: number): string {
  return `${deviceId} ${eventId}`;
}

/** Lines by the event that they are about, see {@link keyOfEvent}. */
export function interruptsByEvent(lines: readonly InterruptLine[]): ReadonlyMap<string, InterruptLine> {
  const found = new Map<string, InterruptLine>();
  for (const line of lines) {
    const { deviceId, eventId } = eventOfLine(line);
    // What /proc/interrupts says of an interrupt is said first.
    const key = deviceId === undefined ? undefined : keyOfEvent(deviceId, eventId);
    if (key !== undefined && (line.counts.length > 0 || !found.has(key))) found.set(key, line);
  }
  return found;
}

/** Compares each line with the tables. An interrupt that came on another CPU than where it goes now may have been moved since. */
export function compareInterrupts(
  lines: readonly InterruptLine[],
  devices: readonly CaptureDevice[],
): InterruptFinding[] {
  const byId = new Map(devices.map((device) => [device.deviceId, device]));
  return lines.map((line): InterruptFinding => {
    const { deviceId, eventId } = eventOfLine(line);
    const finding = (kind: InterruptFinding["kind"], target?: number): InterruptFinding => ({
      line,
      deviceId,
      eventId,
      kind,
      target,
    });
    if (deviceId === undefined) return finding("unknown device");
    const device = byId.get(deviceId);
    if (device === undefined) return finding("no device");
    const event = device.events.find((candidate) => candidate.eventId === eventId);
    if (event === undefined)
      return finding(device.knownEvents < 2 ** device.eventBits ? "not in the capture" : "no event");
    const { target, intid } = event;
    if (line.intid !== undefined && line.intid !== intid) return { ...finding("other INTID"), intid };
    if (typeof target !== "number") return finding("agrees");
    if (line.effective !== undefined && line.effective !== target) return finding("goes elsewhere", target);
    const came = line.counts.some((count) => count > 0);
    return finding(!came || line.counts[target] > 0 ? "agrees" : "came elsewhere", target);
  });
}
