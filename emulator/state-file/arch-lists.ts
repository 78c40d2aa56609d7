import type { ArchGic } from "../arch/gic.ts";
import type { VmovpExchange } from "../arch/vmovp-exchange.ts";
import { VpeWord } from "../arch/vpe-store.ts";
import { MAX_ID, vpeFields } from "./arch-fields.ts";
import { readBank, writeBanks } from "./bank-fields.ts";
import type { RegisterValues } from "./saved-state.ts";

/**
 * What the strict model holds beside registers and RAM, as lists: vPEs, VMOVPs under way, and the events that commands have mapped.
 * Each loader returns what is wrong with the first field that is, beginning with its place.
 */

const MAX_EVENT_BITS = 16;
const moveNames = ["Sequence_Number", "vPEID", "RDbase", "ITSList", "taken by"];
const eventName = /^(ICID|vPEID) of EventID 0x([0-9a-f]{1,4})$/;

/** Every vPE of which something is known. */
export function readVpes({ virtual, features, itss }: ArchGic): readonly RegisterValues[] {
  if (virtual === undefined) return [];
  const { vpes } = virtual;
  const fields = vpeFields(itss.length, features);
  return Array.from(vpes.known(), (vpeId) => {
    const values = readBank(vpes.bank.words, fields, vpeId * VpeWord.count);
    return new Map([["vPEID", BigInt(vpeId)], ...values]);
  });
}

export function loadVpes({ virtual, features, itss }: ArchGic, list: readonly RegisterValues[]): string | undefined {
  const fields = vpeFields(itss.length, features);
  let before = -1;
  for (const [index, values] of list.entries()) {
    const place = `vpes[${index}]`;
    if (virtual === undefined) return `${place} is there, but a GICv3 has no vPEs`;
    const numbers = new Numbers(place, values);
    const vpeId = numbers.next("vPEID", before, MAX_ID);
    if (numbers.fault !== undefined) return numbers.fault;
    const { bank } = virtual.vpes;
    bank.ensure((vpeId + 1) * VpeWord.count);
    const rest = new Map(values);
    rest.delete("vPEID");
    const fault = writeBanks([{ bank, fields, base: vpeId * VpeWord.count }], rest, "arch");
    if (fault !== undefined) return `${place}.${fault}`;
    before = vpeId;
  }
  return undefined;
}

/** VMOVPs that some ITS of their ITSList has not taken yet (GITS_TYPER.VMOVP = 0). */
export function readMoves(gic: ArchGic): readonly RegisterValues[] {
  return Array.from(
    exchangeOf(gic)?.waiting() ?? [],
    ({ sequence, vpeId, target, list, taken }) =>
      new Map([
        ["Sequence_Number", BigInt(sequence)],
        ["vPEID", BigInt(vpeId)],
        ["RDbase", BigInt(target)],
        ["ITSList", BigInt(list)],
        ["taken by", BigInt(taken)],
      ]),
  );
}

/** All ITSs share it; a machine without one carries out no VMOVP. */
function exchangeOf({ itss }: ArchGic): VmovpExchange | undefined {
  return itss[0]?.state.shared.vmovps;
}

export function loadMoves(gic: ArchGic, list: readonly RegisterValues[]): string | undefined {
  const exchange = exchangeOf(gic);
  let before = -1;
  for (const [index, values] of list.entries()) {
    const place = `vmovps[${index}]`;
    if (exchange === undefined || gic.features.singleVmovp)
      return `${place} is there, but no VMOVP waits on this machine`;
    const numbers = new Numbers(place, values);
    const sequence = numbers.next("Sequence_Number", before, MAX_ID);
    const vpeId = numbers.upTo("vPEID", MAX_ID);
    const target = numbers.upTo("RDbase", gic.redistributors.length - 1);
    const itsList = numbers.upTo("ITSList", 2 ** gic.itss.length - 1);
    const taken = numbers.upTo("taken by", itsList);
    numbers.only(moveNames);
    if (taken === 0 || taken === itsList || (taken & ~itsList) !== 0) {
      numbers.refuse("taken by", "it has to name some ITSs of ITSList, not all");
    }
    if (numbers.fault !== undefined) return numbers.fault;
    exchange.restore({ sequence, vpeId, target, list: itsList, taken });
    before = sequence;
  }
  return undefined;
}

/** By ITS: devices with their events, as commands have mapped them. Remarks on mappings that are still in use come from it. */
export function readMapped({ itss }: ArchGic): readonly (readonly RegisterValues[])[] {
  return itss.map(({ state: { ledger } }) =>
    Array.from(ledger.mappedDevices(), ({ deviceId, eventBits }) => {
      const values = new Map([
        ["DeviceID", BigInt(deviceId)],
        ["EventID bits", BigInt(eventBits)],
      ]);
      for (const { eventId, virtual, id } of ledger.mappedEvents(deviceId)) {
        values.set(`${virtual ? "vPEID" : "ICID"} of EventID 0x${eventId.toString(16)}`, BigInt(id));
      }
      return values;
    }),
  );
}

export function loadMapped(gic: ArchGic, lists: readonly (readonly RegisterValues[])[]): string | undefined {
  for (const [its, devices] of lists.entries()) {
    let before = -1;
    for (const [index, values] of devices.entries()) {
      const numbers = new Numbers(`mapped[${its}][${index}]`, values);
      before = numbers.next("DeviceID", before, MAX_ID);
      const eventBits = numbers.upTo("EventID bits", MAX_EVENT_BITS);
      if (eventBits === 0) numbers.refuse("EventID bits", `it has to be 1 to ${MAX_EVENT_BITS}`);
      if (numbers.fault !== undefined) return numbers.fault;
      gic.itss[its].state.ledger.mapDevice(before, eventBits);
      const fault = loadEvents(gic, its, before, eventBits, numbers);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

function loadEvents(
  { itss, features }: ArchGic,
  its: number,
  deviceId: number,
  eventBits: number,
  numbers: Numbers,
): string | undefined {
  const { ledger } = itss[its].state;
  let before = -1;
  for (const name of numbers.names()) {
    if (name === "DeviceID" || name === "EventID bits") continue;
    const [, kind, digits] = eventName.exec(name) ?? [];
    const eventId = Number.parseInt(digits, 16);
    const virtual = kind === "vPEID";
    if (kind === undefined || (virtual && !features.virtual)) numbers.refuse(name, "arch saves no such thing");
    else if (eventId >= 2 ** eventBits) numbers.refuse(name, `the device has ${2 ** eventBits} events`);
    else if (eventId <= before) numbers.refuse(name, "it is not above the event before it");
    const id = numbers.upTo(name, MAX_ID);
    if (numbers.fault !== undefined) return numbers.fault;
    ledger.mapEvent(deviceId, eventId, virtual, id);
    before = eventId;
  }
  return undefined;
}

/** Numbers of one entry of a list, each checked; the first {@link fault} stays. */
class Numbers {
  fault: string | undefined;
  private readonly place: string;
  private readonly values: RegisterValues;

  constructor(place: string, values: RegisterValues) {
    this.place = place;
    this.values = values;
  }

  names(): Iterable<string> {
    return this.values.keys();
  }

  refuse(name: string, reason: string): void {
    const value = this.values.get(name);
    this.fault ??= `${this.place}.${name} is ${value === undefined ? "missing" : `0x${value.toString(16)}`}: ${reason}`;
  }

  upTo(name: string, most: number): number {
    const value = this.values.get(name);
    if (value === undefined || value > BigInt(most))
      this.refuse(name, `it has to be there, 0x${most.toString(16)} at most`);
    return Number(value ?? 0n);
  }

  /** The number by which a list is sorted. */
  next(name: string, before: number, most: number): number {
    const value = this.upTo(name, most);
    if (value <= before) this.refuse(name, "it is not above the one before it");
    return value;
  }

  /** Refuses every name but these. */
  only(names: readonly string[]): void {
    for (const name of this.values.keys()) if (!names.includes(name)) this.refuse(name, "arch saves no such thing");
  }
}
