// What one dump may cost: a text of a few lines can stand for any amount of memory. Each limit is told to the user where it is reached.

/** Bytes that `*` lines of a dump stand for together; beyond, the memory stays unknown. Large enough for the RAM of a small guest. */
export const MAX_REPEATED_BYTES = 256 * 1024 * 1024;

/** Stretches of lines whose addresses follow each other; later lines that begin another are left out. 32 bytes of memory each. */
export const MAX_STRETCHES = 1 << 20;

/** `# gic:` lines that begin a section; later ones are left out, with their lines. */
export const MAX_SECTIONS = 1 << 14;

/** Entries of all tables of a dump together; tables beyond are not decoded. Twice what {@link MAX_REPEATED_BYTES} of 8-byte entries hold. */
export const MAX_ENTRIES = 1 << 26;

/** Tables that begin at offset 0 again, or lines without addresses after others; from the next one on the text is not read. */
export const MAX_WINDOWS = 1 << 11;
