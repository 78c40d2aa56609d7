import type { LiveRow } from "./live-cell.ts";
import type { LiveRows } from "./live-grid.ts";

/** Rows that are asked for at once. */
const PAGE = 100;
/** Pages that are kept. */
const KEPT = 40;

/** A page, as it comes. */
export interface FetchedPage {
  /** Rows that there are. */
  readonly total: number;
  readonly rows: readonly LiveRow[];
}

/** Rows that come in pages when they are looked at. What was there at the moment before shows until it has come anew. */
export class PagedRows implements LiveRows {
  count = 0;
  private readonly fetch: (from: number, count: number) => Promise<FetchedPage>;
  private readonly arrived: () => void;
  private readonly pages = new Map<number, { rows: readonly LiveRow[]; moment: number }>();
  private readonly asked = new Set<number>();
  private moment = 0;

  /** @param arrived is called when a page has come, or the number of rows is another */
  constructor(fetch: (from: number, count: number) => Promise<FetchedPage>, arrived: () => void) {
    this.fetch = fetch;
    this.arrived = arrived;
  }

  /** All may be others now. @param forget whether what there was must not show any more: it answers another question */
  refresh(forget = false): void {
    this.moment++;
    this.asked.clear();
    if (forget) this.pages.clear();
    if (forget || this.pages.size === 0) this.need(0);
    else this.arrived();
  }

  row(at: number): LiveRow | undefined {
    const number = Math.floor(at / PAGE);
    const page = this.pages.get(number);
    if (page?.moment !== this.moment) this.need(number);
    return page?.rows[at - number * PAGE];
  }

  private need(number: number): void {
    if (this.asked.has(number)) return;
    this.asked.add(number);
    const { moment } = this;
    void this.fetch(number * PAGE, PAGE).then(
      ({ total, rows }) => {
        if (moment !== this.moment) return;
        this.count = total;
        this.pages.delete(number);
        this.pages.set(number, { rows, moment });
        for (const oldest of this.pages.keys()) {
          if (this.pages.size <= KEPT) break;
          this.pages.delete(oldest);
          this.asked.delete(oldest);
        }
        this.arrived();
      },
      // It has been said, or another moment has come.
      () => undefined,
    );
  }
}
