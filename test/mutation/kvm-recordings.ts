import { declareRecordings } from "./recordings.ts";

// Recordings of other kernels do the same things, and would take as long again.
for (const folder of ["kvm/its/6.12", "kvm/its_high", "kvm/its_oops"]) declareRecordings(folder);
