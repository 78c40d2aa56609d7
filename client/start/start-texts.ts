import { t } from "../texts.ts";

/** What the walkthrough, the templates and the status bar say. */
export const startTexts = {
  samplesMissing: (reason: string) =>
    t("The samples of GIC Workbench cannot be read: {0}. Install the extension again.", reason),
  sampleUnknown: (name: string) => t("There is no sample {0}.", name),
  copyTitle: () => t("Folder to copy the samples into"),
  copyHere: () => t("Copy Samples Here"),
  copying: (folder: string) => t("Copying samples to {0}", folder),
  copyTaken: (folder: string) => t("{0} exists already, and nothing in it is overwritten.", folder),
  copyOpenThat: () => t("Open It"),
  copyBeside: (name: string) => t("Copy to {0}", name),
  copyFailed: (folder: string, reason: string) =>
    t("The samples could not be copied to {0}: {1}. Choose a folder that you may write to.", folder, reason),
  copyLeft: (folder: string, reason: string) => t("What was copied to {0} could not be removed: {1}.", folder, reason),
  copied: (count: number, folder: string) => t("{0} samples were copied to {1}.", count, folder),
  openHere: () => t("Open Folder"),
  openNew: () => t("Open in New Window"),

  newScriptTitle: () => t("What is the new script about?"),
  templateEmpty: () => t("Empty script"),
  templateEmptyDetail: () => t("the machine, and a look at GITS_TYPER"),
  templateFirstMsi: () => t("First MSI"),
  templateFirstMsiDetail: () => t("a device's MSI becomes a pending LPI"),
  templateBringUp: () => t("Bring-up of a driver"),
  templateBringUpDetail: () => t("from reset to the first interrupt that a PE takes"),
  templateSave: () => t("Save and restore"),
  templateSaveDetail: () => t("a guest of KVM that is saved, restored and migrated"),
  templateGicv41: () => t("GICv4.1"),
  templateGicv41Detail: () => t("a vPE with its default doorbell"),

  reviewTitle: () => t("Which review? Its script opens as a copy; F5 steps through it."),
  review2013: () => t("2013: registers of the GIC for user space"),
  review2015: () => t("2015: list registers in reverse order"),
  review2016: () => t("2016: two vCPUs that write GITS_CWRITER"),
  review2017Tables: () => t("2017: saving the device table"),
  review2017Revision: () => t("2017: GITS_IIDR as the revision of saved tables"),

  statusScript: (model: string) => t("This script runs on {0}", model),
  statusScriptTip: (title: string, cpus: number) =>
    t("{0}, PEs: {1}. Click to debug the script on another model.", title, cpus),
  statusAt: (model: string, line: number) => t("{0}, line {1}", model, line),
  statusAtEnd: (model: string) => t("{0}, at the end", model),
  statusRunning: (model: string) => t("{0}, running", model),
  statusSession: (where: string) => t("The GIC session stands on: {0}", where),
  statusSessionTip: () => t("Click to show the registers."),
  statusName: () => t("GIC model"),
  debugOn: () => t("Model to debug the script on"),
  ownModel: () => t("the script's own"),
};
