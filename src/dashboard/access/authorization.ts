import { z } from 'zod';
import { storable } from '../../job/serialisation.js';
import type { Authorization } from '../options.js';
import { allRights, noRights, readOnlyRights, type Right, type Rights, rights } from './rights.js';

/** Who acts where nobody has a name. */
export const ACTOR = 'dashboard';

const schema = z.strictObject({
  name: z.string().trim().min(1).max(200).transform(storable).default(ACTOR),
  rights: z.union([z.enum(['all', 'read-only']), z.array(z.enum(rights))]),
});

export interface Admission {
  readonly rights: Rights;
  readonly actor: string;
  /** What is wrong with the answer, if it is none that `authorize` may give. */
  readonly problem?: string;
}

/** What an answer of `authorize` opens: nothing, unless it is one that it may give. */
export function admissionBy(answer: Authorization): Admission {
  if (answer === true) return { rights: allRights, actor: ACTOR };
  if (answer === 'read-only') return { rights: readOnlyRights, actor: ACTOR };
  if (answer === false) return { rights: noRights, actor: ACTOR };
  const { success, data, error } = schema.safeParse(answer);
  if (!success) return { rights: noRights, actor: ACTOR, problem: z.prettifyError(error) };
  return { rights: rightsOf(data.rights), actor: data.name };
}

function rightsOf(given: 'all' | 'read-only' | readonly Right[]): Rights {
  if (given === 'all') return allRights;
  if (given === 'read-only') return readOnlyRights;
  return given.includes('view') ? new Set(given) : noRights;
}
