/** The file, beside that of the server, which a thread runs that checks dumps; in the package another one, see scripts/bundle.ts. */
export const checkModule = "dump-check-main.ts";
