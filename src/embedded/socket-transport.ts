import { chown, mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { type Account, canEnter } from './account.js';
import type { Transport } from './transport.js';

const PORT = 5432;
const SOCKET = `.s.PGSQL.${PORT}`;
/** What `sockaddr_un` of macOS takes, the shortest of all, without its final NUL; Linux takes 107. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Everybody who can enter the folder is trusted: its mode is 0700 and nothing listens on TCP. It is a new one for each
 * start: its name cannot be guessed and taken by another user, and no stale socket of an earlier server lies in it.
 */
export const socketTransport: Transport = {
  authentication: () => Promise.resolve(['--auth', 'trust']),

  async open({ account }) {
    const folder = await mkdtemp(join(await shortTempFolder(account), 'firelock-'));
    if (account !== undefined) await chown(folder, account.uid, account.gid);
    return {
      settings: { listen_addresses: '', port: String(PORT), unix_socket_directories: quoteListItem(folder) },
      close: () => removeSocketFolder(folder),
    };
  },
};

/** Removes what was opened above, also of a server that was killed: nothing but its own two files and their folder. */
export async function removeSocketFolder(folder: string): Promise<void> {
  if (!/^firelock-[a-z0-9]{6}$/i.test(basename(folder))) return;
  await Promise.all(['', '.lock'].map((end) => rm(join(folder, SOCKET + end), { force: true })));
  await rmdir(folder).catch(() => undefined); // an empty folder in /tmp is no reason to fail
}

async function shortTempFolder(account: Account | undefined): Promise<string> {
  const preferred = resolve(tmpdir());
  const socket = join(preferred, 'firelock-XXXXXX', SOCKET);
  const fits = Buffer.byteLength(socket) <= MAX_SOCKET_PATH_BYTES;
  return fits && (await canEnter(account, preferred)) ? preferred : '/tmp';
}

/** The setting is a list: a comma or a quote in TMPDIR would split it. */
function quoteListItem(item: string): string {
  return `"${item.replaceAll('"', '""')}"`;
}
