import type { StandardSchemaV1 } from '@standard-schema/spec';
import { InvalidArgsError, type Problem } from '../errors.js';
import { serialiseArgs } from './serialisation.js';

/** The part of a job's definition that says what its args are. */
interface ArgsContract {
  readonly name: string;
  readonly schema: StandardSchemaV1 | undefined;
}

/**
 * Checks args as a handler will read them, that is after their way through JSON, and returns the JSON to store. What is
 * stored is what the caller gave; defaults and transforms of the schema are applied when the job runs.
 * @throws InvalidArgsError, UnstorableValueError
 */
export async function encodeArgs(job: ArgsContract, args: unknown): Promise<string> {
  const text = serialiseArgs(args);
  await decodeArgs(job, JSON.parse(text));
  return text;
}

/** The handler's args: stored JSON through the job's schema. @throws InvalidArgsError */
export async function decodeArgs(job: ArgsContract, stored: unknown): Promise<unknown> {
  if (job.schema === undefined) return withoutSchema(job, stored);
  const validated = job.schema['~standard'].validate(stored);
  const outcome = validated instanceof Promise ? await validated : validated;
  if (outcome.issues === undefined) return outcome.value;
  throw new InvalidArgsError(job.name, outcome.issues.map(problemOf));
}

function withoutSchema(job: ArgsContract, stored: unknown): undefined {
  if (stored === null || stored === undefined || isEmptyObject(stored)) return undefined;
  throw new InvalidArgsError(job.name, [
    {
      path: '',
      message: "it takes no args, but some were given. Declare 'args: <schema>' in defineJob to accept them",
    },
  ]);
}

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

function problemOf(issue: StandardSchemaV1.Issue): Problem {
  const path = issue.path?.map((part) => String(typeof part === 'object' ? part.key : part)) ?? [];
  return { path: path.join('.'), message: issue.message };
}
