/**
 * `npm run chaos`: evidence that nothing is lost. Real servers and clients on a real Postgres are killed, stopped, cut off and
 * restarted at random; in the end every job is checked by what it did. See docs/evidence/README.md.
 */
import { writeFile } from 'node:fs/promises';
import { runChaos } from './chaos.js';
import { HELP, parseOptions } from './options.js';
import { holds, text } from './report.js';

const BROKEN = 1;
const INTERRUPTED = 130;

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort(signal));
// Whoever has started this with a channel wants it to end with him.
process.once('disconnect', () => interruption.abort('the end of the process that started this'));
process.channel?.unref();

if (process.argv.includes('--help')) process.stdout.write(HELP);
else await main();

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env['DATABASE_URL']);
  say(`chaos with --seed ${options.seeds.join(' --seed ')}`);
  try {
    const report = await runChaos(options, { interrupted: interruption.signal, say });
    process.stdout.write(`\n${text(report)}`);
    if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (!holds(report)) process.exitCode = BROKEN;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    say(`interrupted by ${interruption.signal.reason}: everything was ended`);
    process.exitCode = INTERRUPTED;
  }
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString()}  ${line}\n`);
}
