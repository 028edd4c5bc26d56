import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chown, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { DataDir } from './data-dir.js';
import type { Transport } from './transport.js';

/** For Windows, where `pg` knows no Unix sockets. Every user of the machine can connect, so a password is needed. */
export const loopbackTransport: Transport = {
  async authentication(dataDir) {
    const file = passwordFile(dataDir);
    await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 });
    if (dataDir.account !== undefined) await chown(file, dataDir.account.uid, dataDir.account.gid);
    return ['--auth', 'scram-sha-256', '--pwfile', file];
  },

  async open() {
    return {
      settings: {
        listen_addresses: '127.0.0.1',
        port: String(await freePort()),
        unix_socket_directories: '',
      },
      close: () => Promise.resolve(),
    };
  },
};

/** The password that initdb was given. */
export function readPassword(dataDir: DataDir): Promise<string> {
  return readFile(passwordFile(dataDir), 'utf8');
}

function passwordFile(dataDir: DataDir): string {
  return join(dataDir.path, 'cluster.password');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  return address.port;
}
