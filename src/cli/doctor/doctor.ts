import type { Command } from 'commander';
import { targetOf } from '../target.js';
import { diagnose } from './diagnosis.js';
import type { Finding } from './finding.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'look whether everything that Firelock needs is there; exit code 1 if something is to be done',
    )
    .action(async (_flags: object, command: Command) => {
      const findings = await diagnose(targetOf(command));
      for (const finding of findings) console.log(line(finding));
      const open = findings.filter((finding) => !finding.ok).length;
      console.log(open === 0 ? '\nEverything is ok.' : `\n${open} to fix.`);
      process.exitCode = open === 0 ? 0 : 1;
    });
}

function line({ ok, topic, text }: Finding): string {
  return `${ok ? 'ok ' : 'fix'}  ${topic.padEnd(14)} ${text}`;
}
