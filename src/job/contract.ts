import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Priority } from './priority.js';
import type { RetryPolicy } from './retry-policy.js';

/** A job without its code: what a process that only enqueues imports. */
export interface JobContract<Input> {
  readonly name: string;
  readonly schema: StandardSchemaV1 | undefined;
  readonly queue: string;
  readonly priority: Priority;
  readonly timeoutMs: number | undefined;
  readonly retry: RetryPolicy;
  readonly tags: readonly string[];
  /** Never set: it carries the type of the args. */
  readonly '~input'?: (input: Input) => void;
}
