import { z } from 'zod';
import { InvalidOptionsError } from '../errors.js';
import { storable } from './serialisation.js';

const TAGS_LIMIT = 20;
const LENGTH_LIMIT = 128;

const tagSchema = z
  .string()
  .transform((tag) => storable(tag.trim()))
  .refine(
    (tag) => tag.length > 0 && tag.length <= LENGTH_LIMIT,
    `expected 1 to ${LENGTH_LIMIT} characters beside spaces at the ends`,
  );

/** Trimmed, and each once. */
export const tagsSchema = z
  .array(tagSchema)
  .transform((tags) => [...new Set(tags)])
  .refine((tags) => tags.length <= TAGS_LIMIT, `expected ${TAGS_LIMIT} tags at most`);

/**
 * The tags of a job: those of its definition, then those of the call; undefined if there are none.
 * @throws InvalidOptionsError if they are too many together
 */
export function tagsOf(
  call: string,
  defined: readonly string[],
  given: readonly string[] = [],
): readonly string[] | undefined {
  const tags = [...new Set([...defined, ...given])];
  if (tags.length > TAGS_LIMIT) {
    const message = `expected ${TAGS_LIMIT} tags at most, the ${defined.length} of the job's definition among them`;
    throw new InvalidOptionsError(call, [{ path: 'tags', message }]);
  }
  return tags.length === 0 ? undefined : tags;
}
