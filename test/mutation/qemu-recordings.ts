import { declareRecordings } from "./recordings.ts";

for (const folder of ["qemu", "qemu-11.1"]) declareRecordings(folder);
