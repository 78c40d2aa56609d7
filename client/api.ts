import type { Uri } from "vscode";
import type { Failure, GridRow } from "./protocol.ts";
import type { ReportsApi } from "./reports/register.ts";
import type { StartApi } from "./start/register.ts";
import type { TestsApi } from "./tests/register-tests.ts";
import type { LiveViewsApi } from "./views/live-views.ts";

/** What the extension gives to others: `vscode.extensions.getExtension("gic-workbench.gic-workbench").exports`. */
export interface WorkbenchApi extends ReportsApi, LiveViewsApi, TestsApi, StartApi {
  /**
   * Rows of the table that the window of a dump shows, from row 0 on, at most 500. Undefined while no window is open for it or its page has
   * not come up.
   */
  decodedRows(dump: Uri, from: number, count: number): readonly GridRow[] | undefined;
  /** Why the window of a dump shows no rows: something failed, or waits for the user's word. */
  decodeFailure(dump: Uri): Failure | undefined;
}
