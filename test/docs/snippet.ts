import { Server } from 'node:http';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import type { Firelock } from '../../src/index.js';
import { eventually } from '../eventually.js';

const folder = `${process.cwd()}/.firelock/docs/mounting`;

/** An example of docs/mounting.md: its heading, and the path that its first line names. */
export interface Snippet {
  readonly name: string;
  readonly path: string;
  readonly code: string;
}

export async function mountingSnippets(): Promise<readonly Snippet[]> {
  const sections = (await readFile('docs/mounting.md', 'utf8')).split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const [heading = ''] = section.split('\n');
    const examples = section.matchAll(/```ts\n(\/\/ http:\/\/localhost:3000(\S*)\n.*?)```/gs);
    return [...examples].map(([, code = '', path = ''], place) => ({
      name: `${heading} ${place + 1}`,
      path,
      code,
    }));
  });
}

export interface RunningSnippet {
  readonly origin: string;
  readonly firelock: Firelock;
}

/** Runs an example as it stands, but for its port and its database, until the test ends. */
export async function runSnippet({ name, code }: Snippet, connectionString: string): Promise<RunningSnippet> {
  const own = `${folder}/${name.replaceAll(/\W/g, '-')}`;
  await mkdir(own, { recursive: true });
  await writeFile(`${own}/jobs.ts`, jobsModule(connectionString));
  await writeFile(`${own}/app.module.ts`, APP_MODULE);
  await writeFile(`${own}/main.ts`, code.replaceAll('3000', '0'));
  const listen = vi.spyOn(Server.prototype, 'listen');
  await import(`${own}/main.ts`);
  const { firelock } = (await import(`${own}/jobs.ts`)) as { readonly firelock: Firelock };
  onTestFinished(() => firelock.close());
  // `this` of a method of Server.
  return { origin: await originOf(listen.mock.contexts as readonly Server[]), firelock };
}

/** Fastify listens at each address of localhost with a server of its own. */
async function originOf(servers: readonly Server[]): Promise<string> {
  onTestFinished(() => {
    vi.restoreAllMocks();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });
  return eventually('the example listens', () => {
    const address = servers[0]?.address();
    // Listening on a port answers an AddressInfo.
    return address && `http://localhost:${(address as AddressInfo).port}`;
  });
}

function jobsModule(connectionString: string): string {
  return `
    import { createFirelock } from '../../../../src/index.js';
    export const firelock = createFirelock({ connectionString: ${JSON.stringify(connectionString)} });`;
}

/** A decorator is a function of the class: nothing needs to understand its syntax. */
const APP_MODULE = `
  import 'reflect-metadata';
  import { Logger, Module } from '@nestjs/common';
  Logger.overrideLogger(false);
  export class AppModule {}
  Module({})(AppModule);`;
