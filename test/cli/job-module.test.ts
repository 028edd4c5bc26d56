import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadJobModule } from '../../src/cli/job-module.js';
import { scratchFolder } from './scratch-folder.js';

/** Definitions by shape, as another copy of Firelock in the user's project makes them. */
const JOBS = `
  const a = { name: 'a', retry: {}, handler() {} };
  const b = { name: 'b', retry: {}, handler() {} };
  const contract = { name: 'c', retry: {}, withHandler() {} };
`;

async function load(text: string, name = 'jobs.mjs') {
  const folder = await scratchFolder({ [name]: JOBS + text });
  const { jobs, queues } = await loadJobModule(join(folder, name));
  return { jobs: jobs.map((job) => job.name), queues };
}

test.each([
  ['jobs by name', 'export { a, b }'],
  ['a list by default', 'export default [a, b]'],
  ['a list in an object by default', 'export default { jobs: [a, b] }'],
  ['a list named jobs', 'export const jobs = [a, b]'],
  ['an object of jobs by default', 'export default { a, b }'],
  [
    'jobs among other things',
    'export { a, b, contract }; export const limit = 5; export function other() {}',
  ],
  ['a job twice', 'export { a, b }; export default a'],
])('finds the jobs of a module that exports %s', async (_what, text) => {
  expect(await load(text)).toEqual({ jobs: ['a', 'b'], queues: undefined });
});

test.each([
  ['by default', 'export default { jobs: [a], queues: { emails: 5 } }'],
  ['by name', 'export const jobs = [a]; export const queues = { emails: 5 }'],
])('finds the queues beside a list of jobs %s', async (_what, text) => {
  expect(await load(text)).toEqual({ jobs: ['a'], queues: { emails: 5 } });
});

test.each([
  ['jobs by name', 'exports.a = a; exports.b = b'],
  ['a list', 'module.exports = [a, b]'],
  ['itself as its default', 'module.exports = { a, b }; module.exports.default = module.exports'],
  [
    'what a compiler makes of a default export',
    'exports.__esModule = true; exports.default = { jobs: [a, b] }',
  ],
])('finds the jobs of a CommonJS module that exports %s', async (_what, text) => {
  expect(await load(text, 'jobs.cjs')).toEqual({ jobs: ['a', 'b'], queues: undefined });
});

test('takes a list as it is: the jobs beside it are not run', async () => {
  expect(await load('export const jobs = [a]; export { b }')).toMatchObject({ jobs: ['a'] });
});

test.each([
  ['only other things', 'export const limit = 5', /exports no job with a handler \(it exports limit\)/],
  ['only a contract', 'export { contract }', /exports no job with a handler \(it exports contract\)/],
  ['nothing', '', /exports no job with a handler \(it exports nothing\)/],
  ['an empty list', 'export default []', /exports no job with a handler \(it exports default\)/],
])('refuses a module that exports %s', async (_what, text, message) => {
  await expect(load(text)).rejects.toThrow(message);
});

test('refuses a path at which there is no module', async () => {
  await expect(loadJobModule('dist/nothing.js')).rejects.toThrow(
    /^There is no module 'dist\/nothing.js' \(looked for the/,
  );
  await expect(loadJobModule('.')).rejects.toThrow(/^There is no module '.'/);
});
