import { MAX_PES } from "../../../architecture/index.ts";
import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";

/** Redistributor regions of a VM at most: ADDR/REDIST_REGION keeps eight bits of the index. */
export const MAX_REGIONS = 256;

const GicWord = {
  model: 0,
  initialised: 1,
  ready: 2,
  spis: 3,
  revision: 4,
  groupsWritable: 5,
  maintenanceIntid: 6,
  regionCount: 7,
  /** Three words an address: whether it was set, low, high. */
  distributorBase: 8,
  cpuBase: 11,
  /** Four words a region: base low and high, redistributors (0 = one for each vCPU), redistributors placed. */
  regions: 14,
  /** Words of {@link PlaceWord} a PE. */
  places: 14 + MAX_REGIONS * 4,
} as const;

/** Where a PE's redistributor is (`struct vgic_cpu` rdreg, rd_iodev). */
const PlaceWord = {
  /** Region + 1; 0 = it has no place. */
  region: 0,
  /** Place in the region, in redistributors. */
  index: 1,
  baseLow: 2,
  baseHigh: 3,
  /** The frames are on the bus: they leave it when registration fails, and the place stays. */
  onBus: 4,
  count: 5,
} as const;

const WORDS = GicWord.places + MAX_PES * PlaceWord.count;

/** Bytes of a redistributor: RD_base and SGI_base. */
export const REDISTRIBUTOR_BYTES = 0x20000;

/** One redistributor region, named by its index. */
export interface RedistributorRegion {
  /** Guest physical address. */
  readonly base: number;
  /** Redistributors that fit; 0 = as many as there are vCPUs. */
  readonly count: number;
  /** Redistributors that were placed in it. */
  readonly placed: number;
}

/** What user space has set up of a VM's GIC (`struct vgic_dist`), in one journaled bank. */
export class KvmGicState {
  private readonly bank: Bank;

  constructor(journal: Journal) {
    this.bank = new Bank(journal, new Uint32Array(WORDS));
  }

  /** 2 or 3 once KVM_CREATE_DEVICE has made a GIC of that version; 0 = none. */
  get model(): number {
    return this.bank.words[GicWord.model];
  }

  set model(version: number) {
    this.bank.set(GicWord.model, version);
  }

  /** CTRL/INIT was done (`vgic_initialized`). */
  get initialised(): boolean {
    return this.bank.words[GicWord.initialised] !== 0;
  }

  set initialised(value: boolean) {
    this.bank.set(GicWord.initialised, value ? 1 : 0);
  }

  /** A vCPU has run, so that the frames are on the bus (`vgic_ready`). */
  get ready(): boolean {
    return this.bank.words[GicWord.ready] !== 0;
  }

  set ready(value: boolean) {
    this.bank.set(GicWord.ready, value ? 1 : 0);
  }

  /** SPIs; 0 = not chosen yet. */
  get spis(): number {
    return this.bank.words[GicWord.spis];
  }

  set spis(count: number) {
    this.bank.set(GicWord.spis, count);
  }

  /** GICD_IIDR.Revision. */
  get revision(): number {
    return this.bank.words[GicWord.revision];
  }

  set revision(value: number) {
    this.bank.set(GicWord.revision, value);
  }

  /** GICv2: user space wrote GICD_IIDR, and with that may write GICD_IGROUPR. */
  get groupsWritable(): boolean {
    return this.bank.words[GicWord.groupsWritable] !== 0;
  }

  set groupsWritable(value: boolean) {
    this.bank.set(GicWord.groupsWritable, value ? 1 : 0);
  }

  /** PPI of the maintenance interrupt of a guest with EL2. */
  get maintenanceIntid(): number {
    return this.bank.words[GicWord.maintenanceIntid];
  }

  set maintenanceIntid(intid: number) {
    this.bank.set(GicWord.maintenanceIntid, intid);
  }

  /** Guest physical address of the distributor, undefined until it is set. */
  get distributorBase(): number | undefined {
    return this.address(GicWord.distributorBase);
  }

  set distributorBase(address: number | undefined) {
    this.setAddress(GicWord.distributorBase, address);
  }

  /** Guest physical address of the GICv2 CPU interface. */
  get cpuBase(): number | undefined {
    return this.address(GicWord.cpuBase);
  }

  set cpuBase(address: number | undefined) {
    this.setAddress(GicWord.cpuBase, address);
  }

  private address(word: number): number | undefined {
    const { words } = this.bank;
    return words[word] === 0 ? undefined : words[word + 2] * 2 ** 32 + words[word + 1];
  }

  private setAddress(word: number, address: number | undefined): void {
    this.bank.set(word, address === undefined ? 0 : 1);
    this.bank.set(word + 1, (address ?? 0) >>> 0);
    this.bank.set(word + 2, Math.floor((address ?? 0) / 2 ** 32));
  }

  get regionCount(): number {
    return this.bank.words[GicWord.regionCount];
  }

  /** @param index 0..regionCount-1 */
  region(index: number): RedistributorRegion {
    const { words } = this.bank;
    const at = GicWord.regions + index * 4;
    return { base: words[at + 1] * 2 ** 32 + words[at], count: words[at + 2], placed: words[at + 3] };
  }

  addRegion(base: number, count: number): void {
    const { bank } = this;
    const at = GicWord.regions + this.regionCount * 4;
    bank.set(at, base >>> 0);
    bank.set(at + 1, Math.floor(base / 2 ** 32));
    bank.set(at + 2, count);
    bank.set(at + 3, 0);
    bank.set(GicWord.regionCount, this.regionCount + 1);
  }

  /** Removes the newest region; its redistributors have no place then. */
  dropLastRegion(pes: number): void {
    const last = this.regionCount;
    this.bank.set(GicWord.regionCount, last - 1);
    for (let pe = 0; pe < pes; pe++) {
      if (this.regionOf(pe) === last - 1) this.setPlace(pe, PlaceWord.region, 0);
    }
  }

  /** Forgets the regions; redistributors that had a place stay there. */
  dropRegions(): void {
    this.bank.set(GicWord.regionCount, 0);
  }

  private placeWord(pe: number, word: number): number {
    return this.bank.words[GicWord.places + pe * PlaceWord.count + word];
  }

  private setPlace(pe: number, word: number, value: number): void {
    this.bank.set(GicWord.places + pe * PlaceWord.count + word, value);
  }

  /** Index of the region that a PE's redistributor is in, or -1. */
  regionOf(pe: number): number {
    return this.placeWord(pe, PlaceWord.region) - 1;
  }

  /** Place of a PE's redistributor in its region, in redistributors. */
  placeOf(pe: number): number {
    return this.placeWord(pe, PlaceWord.index);
  }

  /** Address of a PE's redistributor, while its frames are on the bus. */
  frameOf(pe: number): number | undefined {
    if (this.placeWord(pe, PlaceWord.onBus) === 0) return undefined;
    return this.placeWord(pe, PlaceWord.baseHigh) * 2 ** 32 + this.placeWord(pe, PlaceWord.baseLow);
  }

  /** Gives a PE's redistributor the next place of a region, and puts its frames on the bus. */
  place(pe: number, region: number): void {
    const { base, placed } = this.region(region);
    const address = base + placed * REDISTRIBUTOR_BYTES;
    this.setPlace(pe, PlaceWord.region, region + 1);
    this.setPlace(pe, PlaceWord.index, placed);
    this.setPlace(pe, PlaceWord.baseLow, address >>> 0);
    this.setPlace(pe, PlaceWord.baseHigh, Math.floor(address / 2 ** 32));
    this.setPlace(pe, PlaceWord.onBus, 1);
    this.bank.set(GicWord.regions + region * 4 + 3, placed + 1);
  }

  /** Takes a redistributor's frames off the bus. */
  takeOffBus(pe: number): void {
    this.setPlace(pe, PlaceWord.onBus, 0);
  }
}
