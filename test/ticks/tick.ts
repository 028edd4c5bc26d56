import { defineJob } from '../../src/job/definition.js';

export const tick = defineJob({ name: 'tick' });
