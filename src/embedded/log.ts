import { type FileHandle, open, readFile } from 'node:fs/promises';

const TAIL_CHARACTERS = 2000;

/** Postgres' log: a file, since a pipe that nobody reads once the starter has died would block Postgres. */
interface ServerLog {
  readonly handle: FileHandle;
  /** The end of what was written since it was opened. */
  tail(): Promise<string>;
}

export async function openLog(file: string): Promise<ServerLog> {
  const handle = await open(file, 'a', 0o600);
  const { size } = await handle.stat();
  return {
    handle,
    tail: async () => (await readFile(file)).subarray(size).toString().trim().slice(-TAIL_CHARACTERS),
  };
}
