import { beforeEach, expect, test } from 'vitest';
import { Queues } from '../../src/client/queues.js';
import { retry } from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { claimSuspect } from '../../src/storage/claim-suspect.js';
import { claimsUnderWay } from '../../src/storage/claims-under-way.js';
import { registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { connect } from '../firelock.js';
import { jobRow, putJob } from '../job-rows.js';
import { Contender } from './contender.js';

/** A pause against claims that are under way: they hold their locks in an open transaction, as long as the test likes. */

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const queues = new Queues(database);
const serverId = await registerServer(database, { name: 'server', queues: {}, jobNames: [] });

beforeEach(() => client.query('truncate firelock.jobs, firelock.queue_pauses'));

const claims: readonly (readonly [string, number, (executor: Executor) => Promise<readonly string[]>])[] = [
  [
    'a claim',
    0,
    async (executor) => {
      const claim = { queue: 'default', names: ['job'], limit: 5 };
      return (await settleAndClaim(executor, serverId, { settled: [], claim })).claimed.map(({ id }) => id);
    },
  ],
  [
    'a claim of a suspect',
    2,
    async (executor) => {
      const claimed = await claimSuspect(executor, serverId, { queue: 'default', names: ['job'] });
      return claimed === undefined ? [] : [claimed.id];
    },
  ],
];

const isPaused = async () => (await client.query('select from firelock.queue_pauses')).rowCount === 1;

function pause() {
  const pause = { isOver: false, answer: queues.pause('default') };
  void pause.answer.then(() => (pause.isOver = true));
  return pause;
}

test.each(claims)(
  'I11: %s that began before the pause is waited for, and what it has claimed is claimed when pauseQueue resolves',
  async (_, recoveries, claim) => {
    const id = await putJob(client, { state: 'enqueued', recoveries });
    const claimer = await Contender.connect(url);
    await claimer.begin();
    expect(await claim(claimer)).toEqual([id]);
    const pausing = pause();
    await eventually('the pause is committed', isPaused);
    // Looks of the pause pass: each of them sees the claim.
    for (let looks = 0; looks < 5; looks += 1) expect(await claimsUnderWay(database)).toHaveLength(1);
    expect(pausing.isOver).toBe(false);
    await claimer.end('commit');
    expect(await pausing.answer).toBe(true);
    expect(await jobRow(client, id)).toMatchObject({ state: 'processing' });
  },
);

test.each(claims)('I11: %s that begins after the pause claims nothing', async (_, recoveries, claim) => {
  await putJob(client, { state: 'enqueued', recoveries });
  await queues.pause('default');
  expect(await claim(database)).toEqual([]);
  await queues.resume('default');
  expect(await claim(database)).toHaveLength(1);
});

test.each(claims)(
  'I11: %s holds its lock on the jobs before it takes its snapshot: one that has planned but not run sees the pause',
  async (_, recoveries, claim) => {
    // Prepared by now, as the statements of a server are.
    for (let times = 0; times < 10; times += 1) await claim(database);
    await putJob(client, { state: 'enqueued', recoveries });
    // It is held at another of the locks that it takes to be planned, before its snapshot.
    const holder = await connect(url);
    await holder.query('begin');
    await holder.query('lock table firelock.queue_pauses in access exclusive mode');
    const claimed = claim(database);
    await eventually('the claim waits', async () => (await claimsUnderWay(database)).length === 1);
    await holder.query("insert into firelock.queue_pauses (queue) values ('default')");
    await holder.query('commit');
    expect(await claimed).toEqual([]);
  },
);

test('claims that begin while a pause waits are not waited for', async () => {
  const [first, second] = await Promise.all([Contender.connect(url), Contender.connect(url)]);
  const [, , claim] = claims[0] ?? expect.fail();
  await first.begin();
  await claim(first);
  const pausing = pause();
  await eventually('the pause is committed', isPaused);
  await second.begin();
  await claim(second);
  await first.end('commit');
  await pausing.answer;
  expect(await claimsUnderWay(database)).toHaveLength(1);
  await second.end('rollback');
});

test("a person's open transaction holds a pause up for 2 s and no longer", async () => {
  const id = await putJob(client, { state: 'dead' });
  const person = await Contender.connect(url);
  await person.begin();
  await applyAct(person, retry, { ids: [id], from: retry.from });
  const startedAt = performance.now();
  expect(await queues.pause('default')).toBe(true);
  const tookMs = performance.now() - startedAt;
  expect(tookMs).toBeGreaterThan(1900);
  expect(tookMs).toBeLessThan(10_000);
  await person.end('rollback');
});

test('transactions that enqueue do not hold a pause up', async () => {
  const enqueuer = await connect(url);
  await enqueuer.query('begin');
  await enqueuer.query(
    `insert into firelock.jobs (name, queue, state, priority, attempt_limit, args)
     values ('job', 'default', 'enqueued', 2, 3, 'null')`,
  );
  expect(await claimsUnderWay(database)).toEqual([]);
});
