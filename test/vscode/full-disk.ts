import * as vscode from "vscode";

/** A disk that takes four bytes of each file and is full then, or one that takes nothing; under a scheme of its own. */
export class FullDisk implements vscode.FileSystemProvider {
  private readonly changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changes.event;
  readonly files = new Map<string, Uint8Array>();
  /** How many bytes more it takes; undefined: any number. */
  room: number | undefined = undefined;
  readOnly = false;

  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === "/") return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: this.readFile(uri).length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    const bytes = this.files.get(uri.path);
    if (bytes === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  /** As a system writes: the file is cut off first, and has what there was room for. What it refuses is a promise's, as with disks. */
  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (this.readOnly) throw new Error(`EROFS: read-only file system, open '${uri.path}'`);
    const room = this.room ?? content.length;
    this.files.set(uri.path, content.slice(0, room));
    if (content.length > room) throw new Error("ENOSPC: no space left on device, write");
  }

  delete(uri: vscode.Uri): void {
    this.files.delete(uri.path);
  }

  text(uri: vscode.Uri): string | undefined {
    const bytes = this.files.get(uri.path);
    return bytes && new TextDecoder().decode(bytes);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  createDirectory(): void {}

  rename(): void {
    throw vscode.FileSystemError.NoPermissions();
  }
}
