// A process that holds a lock until it is killed. Run by lock.test.ts.
import { setTimeout } from 'node:timers/promises';
import { withLock } from '../../src/embedded/lock.js';

await withLock(process.argv[2] ?? '', async () => {
  process.stdout.write('locked');
  await setTimeout(60_000);
});
