import { Bank } from "../../journal/bank.ts";
import type { Journal } from "../../journal/journal.ts";
import { type HostTables, MAX_EVENT_WORDS } from "./host-tables.ts";

/**
 * The translations that delivered MSIs of one ITS found (Linux vgic-its.c `vgic_its_cache_translation`). It matters because a hit
 * asks nothing: not the collection, not GITS_CTLR.Enabled, not the target's EnableLPIs.
 *
 * A cached translation is a mark on its ITE with the generation in which it was made, so emptying the cache is one write.
 * Kernels before 6.10 keep 16 entries a vCPU for the whole VM and drop the least recently used; that bound is not modelled.
 */
export class TranslationCache {
  private readonly tables: HostTables;
  private readonly generations: Bank;
  /** The present generation, and whether a translation was added in it. */
  private readonly current: Bank;

  constructor(journal: Journal, tables: HostTables) {
    this.tables = tables;
    this.generations = new Bank(journal, new Uint32Array(64), MAX_EVENT_WORDS / 2);
    this.current = new Bank(journal, Uint32Array.of(1, 0));
  }

  /** Remembers the translation of an ITE. */
  add(ite: number): void {
    const slot = ite >>> 1;
    const generation = this.current.words[0];
    if (slot >= this.generations.words.length) this.generations.ensure(slot + 1);
    if (this.generations.words[slot] === generation) return;
    this.generations.set(slot, generation);
    this.current.set(1, 1);
  }

  /** LPI record of a remembered translation, or 0. @param deviceId any uint32 @param event any uint32 */
  find(deviceId: number, event: number): number {
    for (let device = this.tables.findDevice(deviceId); device !== 0; device = this.tables.nextSame(device)) {
      const ite = this.tables.findIte(device, event);
      if (ite !== 0 && this.generations.words[ite >>> 1] === this.current.words[0]) return this.tables.iteLpi(ite);
    }
    return 0;
  }

  clear(): void {
    if (this.current.words[1] === 0) return;
    this.current.set(1, 0);
    this.current.set(0, this.current.words[0] + 1);
  }
}
