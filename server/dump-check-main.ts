// The thread that checks dumps, when the server runs from its sources. In the package `gicwb.cjs` is that, which has all it needs.
import { checkInThisThread } from "./dump-check-thread.ts";

if (!checkInThisThread()) throw new Error("This is a thread of the language server.");
