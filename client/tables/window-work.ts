import type { Work } from "../../dumps/work.ts";
import type { DumpIdentity } from "../dumps/decoding-guard.ts";
import type { DumpStore } from "../dumps/dump-store.ts";
import { inSlices } from "../dumps/slices.ts";

/** The one thing that a window does at a time: what is newer ends what is under way. */
export class WindowWork {
  private readonly store: DumpStore;
  private controller = new AbortController();
  /** The user has ended the work that is under way. */
  private cancelled = false;

  constructor(store: DumpStore) {
    this.store = store;
  }

  /** Gives up what is under way for something newer. */
  begin(): AbortSignal {
    this.controller.abort();
    this.controller = new AbortController();
    this.cancelled = false;
    return this.controller.signal;
  }

  /** Ends what is under way at the user's word. */
  cancel(): void {
    this.cancelled = true;
    this.controller.abort();
  }

  /** Ends what is under way: the window goes. */
  end(): void {
    this.controller.abort();
  }

  /** Whether the user has ended the work since it began. Asked once. */
  takeCancel(): boolean {
    const { cancelled } = this;
    this.cancelled = false;
    return cancelled;
  }

  /** Does a work on a dump in slices. Rejects with GivenUp after an abort, with HeldBack for a dump that is held back. */
  run<T>(identity: DumpIdentity, work: Work<T>, signal: AbortSignal): Promise<T> {
    return this.store.guard.run(identity, () => inSlices(work, signal));
  }
}
