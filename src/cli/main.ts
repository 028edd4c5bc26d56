#!/usr/bin/env node
import { explain } from './explanation.js';
import { firelockProgram } from './program.js';
import { redacted } from './redaction.js';

try {
  await firelockProgram().parseAsync();
} catch (error) {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  console.error(redacted(explain(error) ?? stack));
  process.exitCode = 1;
}
// The module of `firelock server` may hold connections of its own, which would keep the process alive.
process.exit();
