/** What can be asked of a job, with what the search box says of it. */
export const qualifiers = {
  id: 'a job by its id',
  name: 'the name of the job; * stands for anything',
  queue: 'the queue; * stands for anything',
  state: 'the state',
  tag: 'a tag; * stands for anything',
  server: 'the name or id of the server that ran it last; * stands for anything',
  recurring: 'the id of the recurring job that it is a run of; * stands for anything',
  error: 'text that occurs in the last error; * stands for anything',
  priority: 'the priority',
  args: 'a value in the args, for example args.user.id:42',
  after: 'from an instant (2026-11-19T10:00, in UTC) or a time ago (2h) on',
  before: 'up to an instant or a time ago',
} as const satisfies Readonly<Record<string, string>>;

export type Qualifier = keyof typeof qualifiers;

// Object.keys is typed string[]; the object above has exactly these.
export const qualifierNames = Object.keys(qualifiers) as readonly Qualifier[];

export function isQualifier(text: string): text is Qualifier {
  return Object.hasOwn(qualifiers, text);
}
