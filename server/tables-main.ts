// The thread of the language server that answers a question about whole files.
import { answerInThisThread } from "./tables/tables-thread.ts";

answerInThisThread();
