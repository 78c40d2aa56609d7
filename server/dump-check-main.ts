// The thread of the language server that checks dumps.
import { checkInThisThread } from "./dump-check-thread.ts";

checkInThisThread();
