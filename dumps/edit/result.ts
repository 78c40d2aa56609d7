/** Why an edit is refused. The codes are stable: users search for them. */
export type EditRefusalCode =
  /** What was typed is no value of the field. */
  | "GIC-EDIT-VALUE"
  /** The row has no such field, or its field stands in no bytes of its own. */
  | "GIC-EDIT-FIELD"
  /** The lines of the dump cannot say it: a `*`, a fold, characters instead of digits. */
  | "GIC-EDIT-FORMAT"
  /** Read anew, the changed dump would say something else than what was asked for. */
  | "GIC-EDIT-READING";

/** Why an edit is not made: a sentence with what to do. */
export interface EditRefusal {
  readonly ok: false;
  readonly code: EditRefusalCode;
  readonly message: string;
}

/** Something about an edit, or why it is refused. */
export type EditResult<T> = { readonly ok: true; readonly value: T } | EditRefusal;

export function refuse(code: EditRefusalCode, message: string): EditRefusal {
  return { ok: false, code, message };
}
