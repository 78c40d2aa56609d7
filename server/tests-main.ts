// The thread of the language server that runs tests.
import { testInThisThread } from "./tests/tests-thread.ts";

testInThisThread();
