import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinal } from '../../src/job/state.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';
import { type Move, movesSeen, startAfresh, unlawful, watchJobs } from '../witness.js';
import { anyOperation, type Operation } from './operation.js';
import { System } from './system.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
await watchJobs(client);

type Script = readonly Operation[];

/** One of these is as long as many of model.test.ts, which says how to have more. */
const RUNS = Math.ceil(Number(process.env['MODEL_RUNS'] ?? 150) / 15);
const ACTORS = 6;
const SCENES = 60;
const scene = anyOperation({ jobsPerAct: 3 });
const script = fc.array(scene, { minLength: SCENES, maxLength: SCENES, size: 'max' });
const play = fc.array(script, { minLength: ACTORS, maxLength: ACTORS, size: 'max' });

/** Everybody at once, each doing one thing after the other; answers all that they were told. */
async function perform(system: System, scripts: readonly Script[]): Promise<readonly string[]> {
  const told: string[] = [];
  const act = async (script: Script) => {
    for (const operation of script) {
      const answer = await system.perform(operation);
      // The witness does not see that a scheduled job is scheduled for another instant.
      if (operation.kind !== 'act' || operation.act !== 'reschedule') told.push(...answer);
    }
  };
  await Promise.all(scripts.map(act));
  return told;
}

/** The moves as those who make them are told of them. */
function asTold(moves: readonly Move[], system: System): readonly string[] {
  return moves
    .filter(({ from, to }) => from !== null && to !== null && (to !== 'scheduled' || from === 'processing'))
    .map(({ jobId, to, attempt }) => {
      return `${system.jobs.indexOf(jobId)} → ${to}${to === 'processing' ? `, attempt ${attempt}` : ''}`;
    });
}

/** Attempts that did not succeed, of jobs that have not expired: each is a row of the history. */
function attemptsSeen(moves: readonly Move[]): readonly string[] {
  const expired = new Set(moves.filter(({ to }) => to === null).map(({ jobId }) => jobId));
  return moves
    .filter(({ from, to, jobId }) => from === 'processing' && to !== 'succeeded' && !expired.has(jobId))
    .map(({ jobId, to, attempt, serverId }) => `${jobId} ${to} ${attempt} ${serverId}`);
}

async function attemptsRecorded(): Promise<readonly string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select job_id || ' ' || to_state || ' ' || attempt || ' ' || server_id as line
     from firelock.transitions where from_state = 'processing' and to_state <> 'succeeded'`,
  );
  return rows.map(({ line }) => line);
}

test(
  'of many who act at once each changes what it is told, and no job is lost (I1, I2, I4, I5)',
  async () => {
    const firelock = openFirelock(url);
    const property = fc.asyncProperty(play, async (scripts) => {
      const system = new System({ firelock, database, client });
      await startAfresh(client);
      await system.perform({ kind: 'join' });
      await system.perform({ kind: 'join' });
      const told = await perform(system, scripts);
      const moves = await movesSeen(client);
      expect(unlawful(moves)).toEqual([]);
      expect(told.filter((line) => line.includes('→')).toSorted()).toEqual(asTold(moves, system).toSorted());
      expect((await attemptsRecorded()).toSorted()).toEqual(attemptsSeen(moves).toSorted());
      await system.drain();
      const facts = await system.facts();
      const expired = moves.filter(({ to }) => to === null).length;
      expect(facts.filter((job) => job !== undefined && isFinal(job.state))).toHaveLength(
        system.jobs.length - expired,
      );
      expect(unlawful(await movesSeen(client))).toEqual([]);
    });
    // Another run of the same operations meets at other moments: there is nothing to shrink.
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true, interruptAfterTimeLimit: RUNS * 5000 });
  },
  RUNS * 6000,
);
