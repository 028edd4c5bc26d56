import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinal } from '../../src/job/state.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';
import { movesSeen, startAfresh, unlawful, watchJobs } from '../witness.js';
import { Model } from './model.js';
import { anyOperation, type Operation } from './operation.js';
import { System } from './system.js';

/** More, to look for what is rare: `MODEL_RUNS=5000 npx vitest run test/model`. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 150);
const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
await watchJobs(client);

/** Performs an operation on both, and compares what they answer and what has become of every job. */
class Step implements fc.AsyncCommand<Model, System> {
  readonly #operation: Operation;

  constructor(operation: Operation) {
    this.#operation = operation;
  }

  check({ jobCount }: Readonly<Model>): boolean {
    return this.#operation.kind !== 'act' || jobCount > 0;
  }

  async run(model: Model, system: System): Promise<void> {
    const expected = model.perform(this.#operation);
    expect(await system.perform(this.#operation)).toEqual(expected);
    expect(await system.facts()).toEqual(model.facts());
  }

  toString(): string {
    return JSON.stringify(this.#operation);
  }
}

/** Two servers, and nothing else in the database. */
async function afresh(system: System): Promise<{ readonly model: Model; readonly real: System }> {
  await startAfresh(client);
  const model = new Model();
  for (const join of [{ kind: 'join' }, { kind: 'join' }] as const) {
    model.perform(join);
    await system.perform(join);
  }
  return { model, real: system };
}

test(
  'whatever clients and servers do, every job is where the model says, and none is lost (I1, I2, I4, I5)',
  async () => {
    const firelock = openFirelock(url);
    const steps = [anyOperation({ jobsPerAct: 3 }).map((operation) => new Step(operation))];
    const property = fc.asyncProperty(
      fc.commands(steps, { maxCommands: 100, size: 'max' }),
      async (commands) => {
        const system = new System({ firelock, database, client });
        await fc.asyncModelRun(() => afresh(system), commands);
        await system.drain();
        expect((await system.facts()).filter((job) => job !== undefined && !isFinal(job.state))).toEqual([]);
        expect(unlawful(await movesSeen(client))).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: RUNS, interruptAfterTimeLimit: RUNS * 300 });
  },
  RUNS * 400,
);
