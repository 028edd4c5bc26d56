import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, test } from 'vitest';
import { eventually } from '../eventually.js';
import type { Report } from './report.js';

/** Small and short: stops for longer than the lease, and everything else at least once for each seed meanwhile. */
const SHORT = [
  ['--minutes', '0.4'],
  ['--servers', '4'],
  ['--clients', '1'],
  ['--jobs', '20'],
  ['--block', '10'],
  ['--poisons', '0'],
  ['--recovery-limit', '30'],
  ['--length', 'stop=22-23'],
  ['--length', 'deafen=2-6'],
  ['--rate', 'kill=6'],
  ['--rate', 'vanish=0'],
].flat();

const LIMIT_MS = 150_000;

interface Run {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown>;
  output(): string;
}

/** Over an embedded Postgres, whatever DATABASE_URL says. Should this process die, its channel tells the other to clean up. */
function chaos(...args: readonly string[]): Run {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/chaos/main.ts', ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    child,
    exited: once(child, 'close').then(([code, signal]) => code ?? signal),
    output: () => output,
  };
}

/** The command lines of the processes of a run. */
async function processesOf(run: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eww', '-o', 'args=']);
  return stdout.split('\n').filter((line) => new RegExp(`chaos[-_]${run}(?!\\d)`).test(line));
}

function randomSeed(): string {
  return String(1_000_000 + Math.floor(Math.random() * 1_000_000));
}

describe.concurrent('chaos', () => {
  test.for([['1', randomSeed()]])(
    'nothing is lost while processes are killed, stopped and cut off, and Postgres is restarted, by seeds %s and %s',
    { timeout: LIMIT_MS },
    async (seeds, { expect, onTestFinished }) => {
      const json = `.firelock/chaos-report-${seeds.join('_')}.json`;
      onTestFinished(() => rm(json, { force: true }));
      const run = chaos(...SHORT, ...seeds.flatMap((seed) => ['--seed', seed]), '--json', json);
      const exit = await run.exited;
      expect(exit, run.output()).toBe(0);
      // Our own file.
      const { disturbances, jobs } = JSON.parse(await readFile(json, 'utf8')) as Report;
      // Else the run would have shown nothing.
      expect(disturbances['restarts of Postgres']).toBe(2);
      expect(disturbances['stop']).toBeGreaterThan(0);
      expect(disturbances['SIGKILLs of servers']).toBeGreaterThan(3);
      expect(jobs['succeeded']).toBeGreaterThan(100);
      expect(await processesOf(seeds.join('_'))).toEqual([]);
    },
  );

  test.for(['SIGTERM', 'SIGKILL'] as const)(
    'a run leaves no process behind when it is ended by %s',
    { timeout: LIMIT_MS },
    async (signal, { expect, onTestFinished }) => {
      const seed = randomSeed();
      onTestFinished(() => rm(`.firelock/chaos-${seed}`, { recursive: true, force: true }));
      const run = chaos('--seed', seed, '--servers', '1', '--clients', '1', '--rate', 'stop=20');
      await eventually('it is at work', () => run.output().includes('processes work'), LIMIT_MS);
      expect(await processesOf(seed)).not.toEqual([]);
      run.child.kill(signal);
      expect(await run.exited).toBe(signal === 'SIGTERM' ? 130 : signal);
      await eventually('all are gone', async () => (await processesOf(seed)).length === 0);
    },
  );
});
