import { z } from 'zod';
import { storable } from '../job/serialisation.js';

/** Who acts, and why: shown with what was done. An act that says who is a line in the audit log. */
export interface Attribution {
  /** Up to 200 characters. */
  readonly by?: string;
  /** Up to 2,000 characters. */
  readonly reason?: string;
}

/** For the schemas of acts. */
export const attributionFields = {
  by: z.string().max(200).transform(storable).optional(),
  reason: z.string().max(2000).transform(storable).optional(),
};

export const attributionSchema = z.strictObject(attributionFields).prefault({});

export type CheckedAttribution = z.output<typeof attributionSchema>;
