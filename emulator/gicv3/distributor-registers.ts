import { offsetOf } from "../../architecture/index.ts";
import type { Value64 } from "../value64.ts";
import type { Arbiter } from "./arbiter.ts";
import { Control, type Distributor } from "./distributor.ts";
import { PRIVATE_INTIDS } from "./redistributor.ts";
import { gather, ID_BYTES, ID_REGISTERS, IIDR, idRegister, Pidr0, spread } from "./register-frames.ts";

const CTLR = offsetOf("GICD_CTLR");
const TYPER = offsetOf("GICD_TYPER");
const IIDR_OFFSET = offsetOf("GICD_IIDR");
const IGROUPR = offsetOf("GICD_IGROUPR0");
const IPRIORITYR = offsetOf("GICD_IPRIORITYR0");
const ICFGR = offsetOf("GICD_ICFGR0");
const IGRPMODR = offsetOf("GICD_IGRPMODR0");
const NSACR = offsetOf("GICD_NSACR0");
const INMIR = offsetOf("GICD_INMIR0");
const IROUTER = offsetOf("GICD_IROUTER32") - PRIVATE_INTIDS * 8;

/** Bytes of the register arrays in which QEMU answers (arm_gicv3_dist.c gicd_readl). */
const BITMAP_BYTES = 0x80;
const PRIORITY_BYTES = 0x400;
const CONFIG_BYTES = 0x100;
const ROUTER_BYTES = 0x1fe0;

/** GICD_TYPER: No1N, A3V, LPIS; IDbits, ITLinesNumber, SecurityExtn and DVIS come in below. */
const TYPER_FIXED = (1 << 25) | (1 << 24) | (1 << 17);
const TYPER_ID_BITS_SHIFT = 19;
const TYPER_DVIS = 1 << 18;
const TYPER_NMI = 1 << 9;
const TYPER_SECURITY = 1 << 10;
const RWP = 0x8000_0000;
/** GICD_NSACR's field is 3: Non-secure software may route a Secure interrupt. */
const NS_ACCESS_ROUTING = 3;

/** How much GICD_NSACR must allow for an access to Secure bits: 0 = it allows none. */
interface BitmapRegister {
  readonly offset: number;
  readonly words: "enabled" | "pending" | "active";
  readonly sets: boolean;
  readonly readableFrom: 0 | 1 | 2;
  readonly writableFrom: 0 | 1 | 2;
}

const BITMAPS: readonly BitmapRegister[] = [
  { offset: offsetOf("GICD_ISENABLER0"), words: "enabled", sets: true, readableFrom: 0, writableFrom: 0 },
  { offset: offsetOf("GICD_ICENABLER0"), words: "enabled", sets: false, readableFrom: 0, writableFrom: 0 },
  { offset: offsetOf("GICD_ISPENDR0"), words: "pending", sets: true, readableFrom: 1, writableFrom: 1 },
  { offset: offsetOf("GICD_ICPENDR0"), words: "pending", sets: false, readableFrom: 2, writableFrom: 2 },
  { offset: offsetOf("GICD_ISACTIVER0"), words: "active", sets: true, readableFrom: 2, writableFrom: 0 },
  { offset: offsetOf("GICD_ICACTIVER0"), words: "active", sets: false, readableFrom: 2, writableFrom: 0 },
];

/** The distributor's register frame (arm_gicv3_dist.c). Affinity routing is always on. */
export class DistributorRegisters {
  private readonly distributor: Distributor;
  private readonly arbiter: Arbiter;
  private readonly architecture: 3 | 4;
  private readonly linesCountPrivate: boolean;
  private readonly intidBits: number;

  /** @param options `linesCountPrivate` tells whether GICD_TYPER.ITLinesNumber counts SGIs and PPIs too */
  constructor(
    distributor: Distributor,
    arbiter: Arbiter,
    options: { readonly architecture: 3 | 4; readonly linesCountPrivate: boolean; readonly intidBits: number },
  ) {
    this.distributor = distributor;
    this.arbiter = arbiter;
    this.architecture = options.architecture;
    this.linesCountPrivate = options.linesCountPrivate;
    this.intidBits = options.intidBits;
  }

  private hidden(secure: boolean): boolean {
    return !secure && !this.distributor.oneSecurityState;
  }

  /** Which of the 32 interrupts from `intid` on an access may see. @param from least GICD_NSACR field that lets it see Secure ones; 0 = none does */
  private visible(intid: number, secure: boolean, from: 0 | 1 | 2): number {
    const { distributor } = this;
    if (!this.hidden(secure)) return ~0;
    const group = distributor.words[distributor.group + (intid >>> 5)];
    if (from === 0) return group;
    const at = distributor.nsacr + (intid >>> 4);
    let allowed = 0;
    for (let half = 0; half < 2; half++) {
      const access = distributor.words[at + half];
      allowed |= gather(from === 1 ? access | (access >>> 1) : access >>> 1) << (half * 16);
    }
    return group | allowed;
  }

  /** @param bytes 1, 2, 4 or 8; `offset` is a multiple of it. What no register takes reads as 0. */
  read(offset: number, bytes: number, secure: boolean, into: Value64): void {
    into.lo = 0;
    into.hi = 0;
    if (bytes === 4) into.lo = this.read32(offset, secure) >>> 0;
    else if (bytes === 1 && within(offset, IPRIORITYR, PRIORITY_BYTES)) {
      into.lo = this.readPriority(offset - IPRIORITYR, secure);
    } else if (bytes === 8 && within(offset, IROUTER, ROUTER_BYTES)) {
      const intid = (offset - IROUTER) / 8;
      if (!this.routerVisible(intid, secure)) return;
      into.lo = this.distributor.words[this.distributor.irouter + intid * 2];
      into.hi = this.distributor.words[this.distributor.irouter + intid * 2 + 1];
    }
  }

  private read32(offset: number, secure: boolean): number {
    const { distributor } = this;
    const { words } = distributor;
    if (offset === CTLR) {
      const seen = Control.affinityRouting | Control.enableGroup1 | RWP;
      return this.hidden(secure) ? distributor.control & seen : distributor.control;
    }
    if (offset === TYPER) return this.typer();
    if (offset === IIDR_OFFSET) return IIDR;
    for (const register of BITMAPS) {
      if (!within(offset, register.offset, BITMAP_BYTES)) continue;
      const intid = (offset - register.offset) * 8;
      if (!distributor.isSpi(intid)) return 0;
      const word = intid >>> 5;
      const bits =
        register.words === "pending" ? distributor.pendingWord(word) : words[distributor[register.words] + word];
      return bits & this.visible(intid, secure, register.readableFrom);
    }
    if (within(offset, IGROUPR, BITMAP_BYTES)) {
      const intid = (offset - IGROUPR) * 8;
      return this.hidden(secure) || !distributor.isSpi(intid) ? 0 : words[distributor.group + (intid >>> 5)];
    }
    if (within(offset, IPRIORITYR, PRIORITY_BYTES)) {
      let value = 0;
      for (let byte = 3; byte >= 0; byte--)
        value = (value << 8) | this.readPriority(offset - IPRIORITYR + byte, secure);
      return value;
    }
    if (within(offset, ICFGR, CONFIG_BYTES)) return this.readConfig((offset - ICFGR) * 4, secure);
    if (within(offset, IGRPMODR, CONFIG_BYTES)) {
      const intid = (offset - IGRPMODR) * 8;
      return this.secureOnly(secure) && distributor.isSpi(intid) ? words[distributor.groupModifier + (intid >>> 5)] : 0;
    }
    if (within(offset, NSACR, CONFIG_BYTES)) {
      const intid = (offset - NSACR) * 4;
      return this.secureOnly(secure) && distributor.isSpi(intid) ? words[distributor.nsacr + (intid >>> 4)] : 0;
    }
    if (distributor.hasNmi && within(offset, INMIR, BITMAP_BYTES)) {
      const intid = (offset - INMIR) * 8;
      if (!distributor.isSpi(intid)) return 0;
      return words[distributor.nmi + (intid >>> 5)] & this.visible(intid, secure, 0);
    }
    if (within(offset, IROUTER, ROUTER_BYTES)) {
      const intid = (offset - IROUTER) >>> 3;
      return this.routerVisible(intid, secure) ? words[distributor.irouter + ((offset - IROUTER) >>> 2)] : 0;
    }
    if (within(offset, ID_REGISTERS, ID_BYTES)) {
      return idRegister(offset - ID_REGISTERS, Pidr0.distributor, this.architecture);
    }
    return 0;
  }

  private typer(): number {
    const { distributor } = this;
    const counted = distributor.intids - (this.linesCountPrivate ? 0 : PRIVATE_INTIDS);
    return (
      TYPER_FIXED |
      ((this.intidBits - 1) << TYPER_ID_BITS_SHIFT) |
      (this.architecture === 4 ? TYPER_DVIS : 0) |
      (distributor.hasNmi ? TYPER_NMI : 0) |
      (distributor.oneSecurityState ? 0 : TYPER_SECURITY) |
      (counted / 32 - 1)
    );
  }

  /** Whether an access reaches what only Secure accesses with two Security states do. */
  private secureOnly(secure: boolean): boolean {
    return secure && !this.distributor.oneSecurityState;
  }

  private readPriority(intid: number, secure: boolean): number {
    const { distributor } = this;
    if (!distributor.isSpi(intid)) return 0;
    const priority = distributor.priority(intid);
    if (!this.hidden(secure)) return priority;
    return distributor.bit(distributor.group, intid) ? (priority << 1) & 0xff : 0;
  }

  private readConfig(intid: number, secure: boolean): number {
    const { distributor } = this;
    if (!distributor.isSpi(intid)) return 0;
    const edge = distributor.words[distributor.edge + (intid >>> 5)] & this.visible(intid, secure, 0);
    return spread(edge >>> (intid & 16)) << 1;
  }

  private routerVisible(intid: number, secure: boolean): boolean {
    const { distributor } = this;
    if (!distributor.isSpi(intid)) return false;
    if (!this.hidden(secure) || distributor.bit(distributor.group, intid) === 1) return true;
    return ((distributor.words[distributor.nsacr + (intid >>> 4)] >>> ((intid & 15) * 2)) & 3) === NS_ACCESS_ROUTING;
  }

  /** As {@link read}; what no register takes is dropped. */
  write(offset: number, bytes: number, secure: boolean, lo: number, hi: number): void {
    if (bytes === 4) this.write32(offset, secure, lo >>> 0);
    else if (bytes === 8 && within(offset, IROUTER, ROUTER_BYTES)) {
      this.writeRouter((offset - IROUTER) / 8, secure, lo >>> 0, hi >>> 0);
    } else if (bytes === 1 && within(offset, IPRIORITYR, PRIORITY_BYTES)) {
      const intid = offset - IPRIORITYR;
      if (!this.distributor.isSpi(intid)) return;
      this.writePriority(intid, secure, lo & 0xff);
      this.arbiter.spisChanged(intid, 1);
    }
  }

  private write32(offset: number, secure: boolean, value: number): void {
    const { distributor } = this;
    const { words, bank } = distributor;
    if (offset === CTLR) {
      this.writeControl(secure, value);
      return;
    }
    for (const register of BITMAPS) {
      if (!within(offset, register.offset, BITMAP_BYTES)) continue;
      const intid = (offset - register.offset) * 8;
      if (!distributor.isSpi(intid)) return;
      const bits = value & this.visible(intid, secure, register.writableFrom);
      const word = distributor[register.words] + (intid >>> 5);
      bank.set(word, register.sets ? words[word] | bits : words[word] & ~bits);
      this.arbiter.spisChanged(intid, 32);
      return;
    }
    if (within(offset, IGROUPR, BITMAP_BYTES)) {
      const intid = (offset - IGROUPR) * 8;
      if (this.hidden(secure) || !distributor.isSpi(intid)) return;
      bank.set(distributor.group + (intid >>> 5), value);
      this.arbiter.spisChanged(intid, 32);
    } else if (within(offset, IPRIORITYR, PRIORITY_BYTES)) {
      const intid = offset - IPRIORITYR;
      if (!distributor.isSpi(intid)) return;
      for (let byte = 0; byte < 4; byte++) this.writePriority(intid + byte, secure, (value >>> (byte * 8)) & 0xff);
      this.arbiter.spisChanged(intid, 4);
    } else if (within(offset, ICFGR, CONFIG_BYTES)) {
      this.writeConfig((offset - ICFGR) * 4, secure, value);
    } else if (within(offset, IGRPMODR, CONFIG_BYTES)) {
      const intid = (offset - IGRPMODR) * 8;
      if (!this.secureOnly(secure) || !distributor.isSpi(intid)) return;
      bank.set(distributor.groupModifier + (intid >>> 5), value);
      this.arbiter.spisChanged(intid, 32);
    } else if (within(offset, NSACR, CONFIG_BYTES)) {
      const intid = (offset - NSACR) * 4;
      if (this.secureOnly(secure) && distributor.isSpi(intid)) bank.set(distributor.nsacr + (intid >>> 4), value);
    } else if (distributor.hasNmi && within(offset, INMIR, BITMAP_BYTES)) {
      const intid = (offset - INMIR) * 8;
      if (!distributor.isSpi(intid)) return;
      // What an access may not see, it clears (gicd_write_bitmap_reg).
      bank.set(distributor.nmi + (intid >>> 5), value & this.visible(intid, secure, 0));
      this.arbiter.spisChanged(intid, 32);
    } else if (within(offset, IROUTER, ROUTER_BYTES)) {
      const intid = (offset - IROUTER) >>> 3;
      if (!distributor.isSpi(intid)) return;
      const at = distributor.irouter + intid * 2;
      if (offset & 4) this.writeRouter(intid, secure, words[at], value);
      else this.writeRouter(intid, secure, value, words[at + 1]);
    }
  }

  private writeControl(secure: boolean, value: number): void {
    const { distributor } = this;
    const groups = Control.enableGroup0 | Control.enableGroup1;
    let writable: number = Control.enableGroup1;
    if (distributor.oneSecurityState) writable = groups;
    else if (secure) writable = groups | Control.enableSecureGroup1 | Control.disableSecurity;
    let control = (distributor.control & ~writable) | (value & writable);
    // DS cannot be cleared again, and what belongs to the second Security state is gone with it.
    if (value & writable & Control.disableSecurity) {
      control &= ~(Control.enableSecureGroup1 | Control.affinityRoutingNonSecure);
    }
    distributor.setControl(control);
    this.arbiter.everythingChanged();
  }

  private writePriority(intid: number, secure: boolean, value: number): void {
    const { distributor } = this;
    if (!this.hidden(secure)) distributor.setPriority(intid, value);
    else if (distributor.bit(distributor.group, intid)) distributor.setPriority(intid, 0x80 | (value >>> 1));
  }

  /** GICD_ICFGR<n>: the odd bits. QEMU looks at nothing again after it. */
  private writeConfig(intid: number, secure: boolean, value: number): void {
    const { distributor } = this;
    if (!distributor.isSpi(intid)) return;
    const shift = intid & 16;
    const mask = this.visible(intid, secure, 0) & (0xffff << shift);
    const word = distributor.edge + (intid >>> 5);
    const edge = gather(value >>> 1) << shift;
    distributor.bank.set(word, (distributor.words[word] & ~mask) | (edge & mask));
  }

  private writeRouter(intid: number, secure: boolean, lo: number, hi: number): void {
    if (!this.routerVisible(intid, secure)) return;
    const at = this.distributor.irouter + intid * 2;
    this.distributor.bank.set(at, lo);
    this.distributor.bank.set(at + 1, hi);
    this.arbiter.spisChanged(intid, 1);
  }
}

function within(offset: number, start: number, bytes: number): boolean {
  return offset >= start && offset < start + bytes;
}
