import {
  type EntryLayout,
  type Field,
  fieldMax,
  fieldWidth,
  type LayoutName,
  layoutField,
  layouts,
  type TableKind,
} from "../../architecture/index.ts";

/**
 * A field of a table entry or a packet as shifts and masks of 32-bit words, made once from its declaration. It lies in one word or in
 * two that follow one another. Values are JS numbers: 52 bits at most.
 *
 * *Raw* values are the field's bits, moved down; their *meaning* is an address in bytes, a number of bits, an id, as {@link Field} says.
 *
 * Its members are declared without being defined: a member that is defined first and set in the constructor is no constant to the engine.
 * A field in a constant then costs what shifts by literals cost.
 */
export class EntryField {
  /** The word in which the field begins: bits 31:0 are in word 0. */
  declare readonly word: number;
  /** Largest raw value. */
  declare readonly max: number;
  declare private readonly shift: number;
  /** Ones in the place of the part in the first word, as a signed number. */
  declare private readonly lowPlace: number;
  /** Ones of the width of the part in the first word, not shifted, as a signed number: so it is an integer for the engine, too. */
  declare private readonly lowMask: number;
  declare private readonly lowWidth: number;
  /** Values of that part. */
  declare private readonly lowCount: number;
  /** Whether raw values have 32 bits at most, for which operators of integers do. */
  declare private readonly narrow: boolean;
  /** Ones of the width of the part in the next word; 0 when there is none. */
  declare private readonly highMask: number;
  declare private readonly unit: number;
  declare private readonly plus: number;

  /** @throws RangeError when the field goes on for more than 31 bits in its second word or has more than 52 in all */
  constructor(field: Field) {
    const { lsb, msb, shift = 0, plus = 0 } = field;
    const last = Math.min(msb, lsb | 31);
    if (msb - last > 31 || fieldWidth(field) > 52) throw new RangeError(`${field.name} is too long a field`);
    this.word = lsb >>> 5;
    this.max = Number(fieldMax(field));
    this.shift = lsb & 31;
    this.lowWidth = last - lsb + 1;
    this.narrow = fieldWidth(field) <= 32;
    this.lowCount = 2 ** (last - lsb + 1);
    this.lowMask = (this.lowCount - 1) | 0;
    this.lowPlace = this.lowMask << this.shift;
    this.highMask = (2 ** (msb - last) - 1) | 0;
    this.unit = 2 ** shift;
    this.plus = plus;
  }

  /** The raw value. @param low the word in which the field begins @param high the next one, where the field goes on there */
  rawOf(low: number, high: number): number {
    if (!this.narrow) return this.wideOf(low, high);
    return (((low >>> this.shift) & this.lowMask) | ((high & this.highMask) << this.lowWidth)) >>> 0;
  }

  private wideOf(low: number, high: number): number {
    return (high & this.highMask) * this.lowCount + (((low >>> this.shift) & this.lowMask) >>> 0);
  }

  /** Whether the raw value is not 0. */
  isSet(low: number, high: number): boolean {
    return ((low & this.lowPlace) | (high & this.highMask)) !== 0;
  }

  meaningOf(low: number, high: number): number {
    return this.rawOf(low, high) * this.unit + this.plus;
  }

  /** The raw value for a meaning; what is below the field's unit is dropped. */
  rawFor(meaning: number): number {
    return Math.floor((meaning - this.plus) / this.unit);
  }

  /** The bits of a raw value in the word in which the field begins, as a signed number. Bits beyond the field are dropped. */
  lowBits(raw: number): number {
    return (raw & this.lowMask) << this.shift;
  }

  /** The bits of a raw value in the next word. */
  highBits(raw: number): number {
    return Math.floor(raw / this.lowCount) & this.highMask;
  }

  /** {@link rawOf} an entry. */
  raw(words: Uint32Array): number {
    const { word } = this;
    return this.rawOf(words[word], this.highMask === 0 ? 0 : words[word + 1]);
  }

  meaning(words: Uint32Array): number {
    return this.raw(words) * this.unit + this.plus;
  }

  /** Sets the field; bits of `raw` beyond it are dropped. The field's bits must be 0 before. */
  setRaw(words: Uint32Array, raw: number): void {
    const { word } = this;
    words[word] |= this.lowBits(raw);
    if (this.highMask !== 0) words[word + 1] |= this.highBits(raw);
  }

  setMeaning(words: Uint32Array, meaning: number): void {
    this.setRaw(words, this.rawFor(meaning));
  }
}

/** The entry of a table in a layout. @throws RangeError when the layout has no such table */
export function entryLayout(name: LayoutName, kind: TableKind): EntryLayout {
  const found = layouts[name].entries[kind];
  if (found === undefined) throw new RangeError(`the layout ${name} has no ${kind} entry`);
  return found;
}

/** A field of an entry by the first of these names that the layout has; undefined when it has none of them. */
export function optionalField(layout: EntryLayout, ...names: readonly string[]): EntryField | undefined {
  for (const name of names) {
    const found = layoutField(layout, name);
    if (found !== undefined) return new EntryField(found);
  }
  return undefined;
}

/** As {@link optionalField}. @throws RangeError when the layout has none of them */
export function entryField(layout: EntryLayout, ...names: readonly string[]): EntryField {
  const found = optionalField(layout, ...names);
  if (found === undefined) throw new RangeError(`${layout.entryName} has no field ${names.join(" or ")}`);
  return found;
}

/**
 * A field that lies in one word, which hot code has in a variable: what {@link EntryField} does in fewer steps. Raw values have 31 bits at
 * most.
 */
export class WordField {
  /** Largest raw value: ones of the field's width, not shifted. */
  declare readonly max: number;
  declare private readonly shift: number;

  /** @param word the word of the entry that the caller will hand over @throws RangeError when the field lies elsewhere */
  constructor(layout: EntryLayout, name: string, word: number) {
    const field = layoutField(layout, name);
    if (field === undefined || field.lsb >>> 5 !== word || field.msb >>> 5 !== word || fieldWidth(field) > 31)
      throw new RangeError(`${layout.entryName} has no field ${name} in word ${word}`);
    this.max = Number(fieldMax(field));
    this.shift = field.lsb & 31;
  }

  rawOf(word: number): number {
    return (word >>> this.shift) & this.max;
  }

  /** The bits of a raw value in the word, as a signed number. Bits beyond the field are dropped. */
  bits(raw: number): number {
    return (raw & this.max) << this.shift;
  }
}
