import { hex } from "../../architecture/index.ts";
import { everywhere, modelRule } from "./model-rule.ts";

const event = (device: number, id: number): string => `EventID ${hex(id)} of DeviceID ${hex(device)}`;

/** Rules about ITS commands, which are looked at when an ITS takes a command from its queue. */
export const commandRules = {
  overlap: modelRule("L-05", "An ITT overlaps another ITT or a table", {
    what: (device: number, other: string, from: number, to: number) =>
      `The ITT of DeviceID ${hex(device)} and ${other} share memory, ${hex(from)} to ${hex(to)}`,
    effects: {
      kvm: "nothing shows it until SAVE_TABLES, which writes one over the other",
      qemu: "both use the memory, and a mapping of one overwrites an entry of the other",
      arch: "UNPREDICTABLE; both use the memory, and a mapping of one overwrites an entry of the other",
    },
    advice: "Give each ITT memory of its own: 2^EventID bits entries of GITS_TYPER.ITT_entry_size + 1 bytes",
  }),
  deviceRemapped: modelRule("L-08", "MAPD maps a device that is mapped already", {
    what: (device: number) => `DeviceID ${hex(device)} is mapped already`,
    effects: {
      kvm: "its events are freed first",
      qemu: "the new ITT replaces the old one; what stands in the memory of the new one is taken as it is",
      arch: "UNPREDICTABLE; the new ITT replaces the old one, whose events are lost without a DISCARD",
    },
    advice: "DISCARD its events and unmap it with V=0 first",
  }),
  deviceUnmappedWithEvents: modelRule("L-09", "MAPD with V=0 unmaps a device that has mapped events", {
    what: (device: number, id: number) => `${event(device, id)} is still mapped`,
    effects: {
      kvm: "the device's events are freed with it",
      qemu: "the entries stay in the ITT, and are mapped again when a MAPD gives the device this memory",
      arch: "UNPREDICTABLE; the events can no longer be reached, and what is pending stays",
    },
    advice: "DISCARD the device's events first",
  }),
  collectionUnmappedWithEvents: modelRule("L-10", "MAPC with V=0 unmaps a collection that has mapped events", {
    what: (icid: number, device: number, id: number) => `${event(device, id)} still belongs to ICID ${icid}`,
    effects: {
      kvm: "the event stays without a collection: INT and DISCARD of it fail (INT_UNMAPPED_INTERRUPT, DISCARD_UNMAPPED_INTERRUPT)",
      "kvm-6.12": "the event stays without a collection: INT and DISCARD of it fail, and SAVE_TABLES crashes the host",
      "kvm-5.10": "the event stays without a collection: INT and DISCARD of it fail, and SAVE_TABLES crashes the host",
      qemu: "the event stays mapped and cannot be delivered until the collection is mapped again",
      arch: "UNPREDICTABLE; the event stays mapped and cannot be delivered until the collection is mapped again",
    },
    advice: "DISCARD the events, or MOVI them to another collection, first",
  }),
  eventRemapped: modelRule("L-11", "MAPTI or MAPI maps an event that is mapped already", {
    what: (device: number, id: number, intid: number) => `${event(device, id)} is mapped already, to pINTID ${intid}`,
    effects: {
      kvm: "the command does nothing and the old mapping stays",
      qemu: "the new mapping replaces the old one",
      arch: "UNPREDICTABLE; the new mapping replaces the old one",
    },
    advice: "DISCARD the event first, or use MOVI to give it another collection",
  }),
  lpiOfTwoEvents: modelRule("L-12", "Two events have one pINTID", {
    what: (intid: number, device: number, id: number) => `pINTID ${intid} is that of ${event(device, id)}, too`,
    effects: {
      kvm: "both events make the one LPI pending",
      "kvm-7.3": "the second mapping does nothing: an LPI has one event",
      qemu: "both events make the one LPI pending",
      arch: "both events make the one LPI pending",
    },
    advice: "Give each event an LPI of its own",
  }),
  notSynchronised: modelRule("L-14", "An MSI relies on commands without a SYNC behind them", {
    what: (command: string, target: number | undefined) =>
      `${command} has no SYNC behind it${target === undefined ? "" : ` for RDbase ${target}`}`,
    effects: everywhere(
      "commands are complete when GITS_CREADR has passed them, so nothing shows it; hardware may translate the MSI before",
    ),
    advice: "Queue SYNC with the RDbase of the collection before the MSI is let happen",
    severity: "hint",
  }),
  syncsNewTargetOnly: modelRule("L-15", "SYNC behind MOVI names the new redistributor alone", {
    what: (to: number, from: number) => `MOVI has moved an event from RDbase ${from} to ${to}, and SYNC names ${to}`,
    effects: everywhere(
      "MOVI is complete at once, so nothing shows it; on hardware what is pending may still be on the way from the old one",
    ),
    advice: "SYNC the old redistributor, as Linux does",
    severity: "hint",
  }),
  staleProperty: modelRule("L-16", "An LPI's configuration byte was changed without INV or INVALL", {
    what: (intid: number) =>
      `The configuration byte of INTID ${intid} was stored to, and no INV or INVALL has followed`,
    effects: {
      kvm: "the old configuration stays in force: KVM reads the byte at MAPTI, INV and INVALL only",
      qemu: "the byte is read when the LPI is looked at next",
      arch: "it is open which of the two is in force",
    },
    advice: "Queue INV for the event, or INVALL for its collection, behind the store",
    severity: "information",
  }),
  movallAlone: modelRule("L-18", "An MSI goes to the redistributor that MOVALL has emptied", {
    what: (icid: number, from: number, to: number) =>
      `MOVALL has moved what was pending from RDbase ${from} to ${to}, and ICID ${icid} still targets ${from}`,
    effects: everywhere("the interrupt becomes pending on the old redistributor again"),
    advice: "Retarget the collections with MAPC, or the events with MOVI, before MOVALL",
    severity: "information",
  }),
  ittOutsideRam: modelRule("L-61", "An ITT is not in RAM", {
    what: (device: number, from: number, to: number) =>
      `The ITT of DeviceID ${hex(device)}, ${hex(from)} to ${hex(to)}, is not all in RAM`,
    effects: {
      kvm: "MAPD is done, and MAPTI of an event whose entry is outside fails (MAPTI_ID_OOR)",
      "kvm-5.10": "MAPD and MAPTI are done, and SAVE_TABLES fails (EFAULT)",
      qemu: "MAPD is done, and commands for an event whose entry is outside stall the queue",
      arch: "MAPD is done, and commands for an event whose entry is outside stall the queue",
    },
    advice: "Put the ITT into RAM; see the ram lines of the machine",
  }),
  collectionNotMapped: modelRule("L-65", "An event is mapped to a collection that is not", {
    what: (icid: number) => `ICID ${icid} is not mapped`,
    effects: everywhere("the mapping is legal; the event's interrupts are lost until MAPC maps the collection"),
    advice: "Queue MAPC for the collection first",
    severity: "information",
  }),
  collectionMoved: modelRule("L-66", "MAPC moves a collection that has mapped events", {
    what: (icid: number, from: number, to: number) =>
      `ICID ${icid} has mapped events and goes from RDbase ${from} to ${to}`,
    effects: {
      kvm: "later interrupts go to the new redistributor",
      qemu: "later interrupts go to the new redistributor; what is pending stays at the old one",
      arch: "UNPREDICTABLE; later interrupts go to the new redistributor, what is pending stays at the old one",
    },
    advice: "MOVI the events to another collection, or use MOVALL behind it to take along what is pending",
  }),
  virtualSync: modelRule("L-69", "SYNC behind a virtual command", {
    what: (command: string) => `${command} is the last command before this SYNC`,
    effects: everywhere(
      "SYNC is for physical interrupts; virtual commands are complete at once here, on hardware they need not be",
    ),
    advice: "Use VSYNC with the vPEID behind virtual commands",
    severity: "hint",
  }),
} as const;
