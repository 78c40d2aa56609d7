/** What breakpoints say at a moment. */
export interface Hit {
  /** Breakpoints to stop at. */
  readonly ids: readonly number[];
  /** Texts of log points, what has changed, and conditions that cannot be computed. */
  readonly messages: readonly string[];
}

export const noHit: Hit = { ids: [], messages: [] };

/** A breakpoint that stands on no line. */
export interface SetBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** Why it is not verified. */
  readonly message?: string;
}
