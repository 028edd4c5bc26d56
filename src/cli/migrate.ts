import type { Command } from 'commander';
import type { Firelock } from '../firelock.js';
import { withFirelock } from './installation.js';
import { targetOf } from './target.js';

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description(
      "create Firelock's tables, or bring them to this release; may be repeated, by several processes at once",
    )
    .action(async (_flags: object, command: Command) => {
      const target = targetOf(command);
      await withFirelock(target, async (firelock) => console.log(await migrated(firelock, target.schema)));
    });
}

/** Migrates, and says what that changed. */
export async function migrated(firelock: Firelock, schema: string): Promise<string> {
  const applied = await firelock.migrate();
  if (applied.length === 0) return `Schema '${schema}' is up to date.`;
  return `Schema '${schema}' was migrated: ${applied.join(', ')}.`;
}
