import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataDir } from './data-dir.js';
import { run } from './program.js';
import type { Transport } from './transport.js';

const DRAFT = 'cluster.draft-';

/** UTF-8 with an order that no update of libc or ICU can change, so that indexes stay right. */
const LOCALE = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];

/**
 * Makes the cluster unless it exists; only under the lock. initdb works in a draft that becomes the cluster by one
 * rename, so a killed initdb never leaves half a cluster behind.
 */
export async function ensureCluster(dataDir: DataDir, bin: string, transport: Transport): Promise<void> {
  await removeDrafts(dataDir.path);
  if (existsSync(dataDir.cluster)) return;
  // A name of its own: the initdb of a starter that was killed may still be writing into an older draft.
  const draft = join(dataDir.path, `${DRAFT}${randomUUID()}`);
  await mkdir(draft, { mode: 0o700 });
  const { account } = dataDir;
  if (account !== undefined) await chown(draft, account.uid, account.gid);
  const access = await transport.authentication(dataDir);
  await run(join(bin, 'initdb'), ['--pgdata', draft, '--username=firelock', ...access, ...LOCALE], account);
  await rename(draft, dataDir.cluster);
}

async function removeDrafts(path: string): Promise<void> {
  const drafts = (await readdir(path)).filter((name) => name.startsWith(DRAFT));
  // An orphaned initdb may add files meanwhile, and the removal fails; the next start removes the rest.
  await Promise.allSettled(drafts.map((name) => rm(join(path, name), { recursive: true, force: true })));
}
