import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the guard's process is told. */
export type Order =
  | { readonly kind: 'watch' | 'forget'; readonly pid: number }
  /** The folder of the Postgres to stop; null when it is stopped. */
  | { readonly kind: 'postgres'; readonly cluster: string | null };

const PROGRAM = fileURLToPath(new URL('guard-process.ts', import.meta.url));

/** Cleans up behind an orchestrator that was killed: a process that ends what is still there when this one has gone. */
export class Guard {
  readonly #child: ChildProcess;

  /** The folder of the run is only for people who read the list of processes. */
  constructor(folder: string) {
    this.#child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, folder], {
      detached: true, // Ctrl-C is for the orchestrator alone
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }

  watch(pid: number | undefined): void {
    if (pid !== undefined) this.#tell({ kind: 'watch', pid });
  }

  forget(pid: number | undefined): void {
    if (pid !== undefined) this.#tell({ kind: 'forget', pid });
  }

  watchPostgres(cluster: string | null): void {
    this.#tell({ kind: 'postgres', cluster });
  }

  async dismiss(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }

  #tell(order: Order): void {
    this.#child.send(order);
  }
}
