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
        `NODE_OPTIONS='--import tsx' npx firelock server ${name}`,
    );
  }
}

/** The list that the module gives, if it gives one; of CommonJS, the whole module is the default export. */
function listed(exports: object): JobModule | undefined {
  const inner: unknown = Reflect.get(exports, 'default');
  if (typeof inner === 'object' && inner !== null && !isJob(inner)) {
    const found = listed(inner);
    if (found !== undefined) return found;
  }
  if (Array.isArray(exports)) return { jobs: exports };
  const { jobs, queues } = { jobs: undefined, queues: undefined, ...exports };
  // createServer checks each of them, and the queues.
  return Array.isArray(jobs) ? { jobs, ...(queues === undefined ? {} : { queues }) } : undefined;
}

/** Each once: a job may be exported by name and as the default, too. */
function jobsAmong(values: readonly unknown[]): readonly AnyJobDefinition[] {
  const all = values.flatMap((value) =>
    typeof value === 'object' && value !== null && !isJob(value) ? Object.values(value) : [value],
  );
  return [...new Set(all.filter(isJob))];
}

/** By shape: the module may have imported another copy of Firelock. */
function isJob(value: unknown): value is AnyJobDefinition {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'retry' in value &&
    'handler' in value &&
    typeof value.handler === 'function'
  );
}
