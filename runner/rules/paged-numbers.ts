/** Numbers of a page: those of a device's events and of neighbouring LPIs are used together. */
const PAGE = 64;

/**
 * Numbers by whole numbers from 0 on, such as events and INTIDs: as a Map, and several times faster where tens of thousands of keys are
 * close to each other, because there is one entry a page.
 */
export class PagedNumbers {
  private readonly pages = new Map<number, Float64Array>();
  private last: Float64Array | undefined;
  private lastNumber = -1;

  private page(number: number): Float64Array | undefined {
    if (number === this.lastNumber) return this.last;
    this.lastNumber = number;
    this.last = this.pages.get(number);
    return this.last;
  }

  /** @returns NaN where there is none */
  get(key: number): number {
    const number = Math.floor(key / PAGE);
    const page = this.page(number);
    return page === undefined ? Number.NaN : page[key - number * PAGE];
  }

  /** @param value NaN: none any more */
  set(key: number, value: number): void {
    const number = Math.floor(key / PAGE);
    let page = this.page(number);
    if (page === undefined) {
      page = new Float64Array(PAGE).fill(Number.NaN);
      this.pages.set(number, page);
      this.last = page;
    }
    page[key - number * PAGE] = value;
  }

  clear(): void {
    this.pages.clear();
    this.last = undefined;
    this.lastNumber = -1;
  }
}
