import { statSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyJobDefinition } from '../job/definition.js';
import { CommandError } from './command-error.js';

/** What `firelock server` runs. */
export interface JobModule {
  readonly jobs: readonly AnyJobDefinition[];
  readonly queues?: Readonly<Record<string, number>>;
}

const EXPECTED =
  "Export jobs of defineJob by name, or 'export default [jobA, jobB]', or 'export default { jobs, queues }'.";

/**
 * Imports a module and finds its jobs. A list says exactly which: the default export, or `jobs` beside `queues` in it or
 * in the module. Without a list, every exported job with a handler counts.
 * @throws CommandError when there is no such module or no job in it; what the module itself throws is passed on
 */
export async function loadJobModule(path: string): Promise<JobModule> {
  const file = resolve(path);
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new CommandError(`There is no module '${path}' (looked for the file ${file}).`);
  }
  const exports = await importFile(file);
  const found = listed(exports) ?? { jobs: jobsAmong(Object.values(exports)) };
  if (found.jobs.length > 0) return found;
  const names = Object.keys(exports).join(', ') || 'nothing';
  throw new CommandError(`'${path}' exports no job with a handler (it exports ${names}). ${EXPECTED}`);
}

async function importFile(file: string): Promise<object> {
  try {
    // A module's namespace is an object, whatever it exports.
    return (await import(pathToFileURL(file).href)) as object;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_UNKNOWN_FILE_EXTENSION'))
      throw error;
    const name = relative('', file);
    throw new CommandError(
      `This Node.js cannot import '${name}'. Compile it to JavaScript, or install tsx and run ` +
        `node --import tsx node_modules/firelock/dist/cli/main.js server ${name}`,
    );
  }
}

/**
 * The list that the module gives, if it gives one. Of CommonJS the whole module is the default export, and in it lies
 * the default that a compiler has put there.
 */
function listed(exports: object): JobModule | undefined {
  const byDefault = member(exports, 'default');
  return listIn(member(byDefault, 'default')) ?? listIn(byDefault) ?? listIn(exports);
}

function listIn(value: unknown): JobModule | undefined {
  const jobs = Array.isArray(value) ? value : member(value, 'jobs');
  if (!Array.isArray(jobs)) return undefined;
  const queues = member(value, 'queues');
  // createServer checks both.
  return queues === undefined ? { jobs } : { jobs, queues: queues as NonNullable<JobModule['queues']> };
}

function member(value: unknown, key: string): unknown {
  return isObject(value) ? Reflect.get(value, key) : undefined;
}

/** Each once: a job may be exported by name and as the default, too. */
function jobsAmong(values: readonly unknown[]): readonly AnyJobDefinition[] {
  const all = values.flatMap((value) => (isObject(value) && !isJob(value) ? Object.values(value) : [value]));
  return [...new Set(all.filter(isJob))];
}

/** By shape: the module may have imported another copy of Firelock. */
function isJob(value: unknown): value is AnyJobDefinition {
  if (!isObject(value) || !('name' in value && 'retry' in value && 'handler' in value)) return false;
  return typeof value.handler === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
