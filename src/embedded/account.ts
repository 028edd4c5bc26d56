import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A user of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Present in every Unix without a `useradd`, and owner of nothing that Postgres could harm. */
const NOBODY: Account = { uid: 65_534, gid: 65_534 };

/**
 * Whom Postgres must run as; undefined: the user of this process. Postgres refuses to run as root, so root hands it to
 * the owner of an existing cluster (its own user, before somebody said `sudo`), or else to nobody.
 */
export async function accountFor(cluster: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(cluster).catch(() => undefined);
  return owner === undefined || owner.uid === 0 ? NOBODY : { uid: owner.uid, gid: owner.gid };
}

/** Whether the account may walk into the folder: one ancestor without the x bit, say a root-only home, is enough for no. */
export async function canEnter(account: Account | undefined, folder: string): Promise<boolean> {
  if (account === undefined) return true;
  const { uid, gid, mode } = await stat(folder);
  const others = gid === account.gid ? 0o010 : 0o001;
  if ((mode & (uid === account.uid ? 0o100 : others)) === 0) return false;
  return dirname(folder) === folder || canEnter(account, dirname(folder));
}
