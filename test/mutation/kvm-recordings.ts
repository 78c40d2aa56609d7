import { declareRecordings } from "./recordings.ts";

for (const folder of ["kvm/its", "kvm/its_high", "kvm/its_oops"]) declareRecordings(folder);
