import { expect, onTestFinished, test } from 'vitest';
import { connect } from '../../src/storage/connections.js';
import { Database } from '../../src/storage/database.js';
import { Listener } from '../../src/storage/listener.js';
import { channelOf, notify } from '../../src/storage/notification.js';
import { Notifier } from '../../src/storage/notifier.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const channel = channelOf('firelock');

function listen(connectionString: string) {
  const own = new Database(
    connect({ connectionString }, () => undefined),
    'firelock',
  );
  const listener = new Listener(own, () => undefined);
  const heard: string[] = [];
  listener.hear((what) => heard.push('queue' in what ? `${what.kind} ${what.queue}` : what.kind));
  listener.start();
  onTestFinished(async () => {
    await listener.stop();
    await own.close();
  });
  return { listener, heard };
}

test('what is notified is heard, and what a newer release would say is passed over', async () => {
  const { heard } = listen(url);
  await eventually('it listens', () => heard.includes('reconnected'));
  await client.query('select pg_notify($1, $2)', [channel, 'from the future']);
  await notify(database, channel, [{ kind: 'ready', queue: 'mail' }, { kind: 'recurring' }]);
  await eventually('both are heard', () => heard.length === 3);
  expect(heard).toEqual(['reconnected', 'ready mail', 'recurring']);
});

test('a broken connection is replaced, and everyone is told to look for work', async () => {
  const network = await networkTo(url);
  const { heard } = listen(network.connectionString);
  await eventually('it listens', () => heard.length === 1);
  network.cut();
  await eventually('it listens again', () => heard.length === 2);
  await notify(database, channel, [{ kind: 'ready', queue: 'mail' }]);
  await eventually('it hears', () => heard.length === 3);
  expect(heard).toEqual(['reconnected', 'reconnected', 'ready mail']);
});

test('it stops while it connects to a Postgres that does not answer', async () => {
  const network = await networkTo(url);
  network.loseAnswersTo('');
  const { listener } = listen(network.connectionString);
  await network.silence();
  await listener.stop();
});

test('a burst of notifications leaves in few statements, the first of it at once', async () => {
  const { heard } = listen(url);
  await eventually('it listens', () => heard.length === 1);
  const failures: unknown[] = [];
  const notifier = new Notifier(database, channel, (error) => failures.push(error));
  for (let n = 0; n < 1000; n += 1) notifier.notify({ kind: 'ready', queue: `q${n % 3}` });
  await notifier.flush();
  await eventually('all queues are heard of', () => new Set(heard).size === 4);
  expect(heard.length).toBeLessThanOrEqual(1 + 3 * 2);
  expect(failures).toEqual([]);
});
