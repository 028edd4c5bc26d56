// oxlint-disable max-lines -- all words in one file: a translation is another one of this shape
import type { State } from '../job/state.js';
import type { Right } from './access/rights.js';

/** All words that the dashboard's pages show, in one place: a translation is another file of this shape. */

const digits = new Intl.NumberFormat('en-US');

/** '1 job', '12,431 jobs' */
function quantity(count: number, noun: string): string {
  return `${digits.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}

/** How a state is shown: the name of its list, what it means for the one who looks, and what an empty list says. */
interface StateWords {
  readonly label: string;
  /** Said of one job. */
  readonly one: string;
  readonly meaning: string;
  readonly empty: string;
}

/** In the order of the navigation. */
const states: Readonly<Record<State, StateWords>> = {
  enqueued: {
    label: 'Enqueued',
    one: 'Enqueued',
    meaning: 'Ready to run, in the order in which servers claim them.',
    empty: 'No job waits for a server.',
  },
  scheduled: {
    label: 'Scheduled',
    one: 'Scheduled',
    meaning: 'Enqueued when their time comes.',
    empty: 'No job is planned for later.',
  },
  processing: {
    label: 'Processing',
    one: 'Processing',
    meaning: 'Claimed by a server: an attempt is under way.',
    empty: 'No server is running a job right now.',
  },
  failed: {
    label: 'Failed',
    one: 'Failed',
    meaning: 'The last attempt failed and another one is planned.',
    empty: 'No job waits to be tried again.',
  },
  dead: {
    label: 'Dead letters',
    one: 'Dead letter',
    meaning: 'No attempts left. They wait for someone to act, until their retention is over.',
    empty: 'No dead letters: no job has run out of attempts.',
  },
  succeeded: {
    label: 'Succeeded',
    one: 'Succeeded',
    meaning: 'Done, until their retention is over.',
    empty: 'No job has succeeded lately.',
  },
  deleted: {
    label: 'Deleted',
    one: 'Deleted',
    meaning: 'Cancelled, until their retention is over.',
    empty: 'No job was deleted lately.',
  },
  awaiting: {
    label: 'Awaiting',
    one: 'Awaiting',
    meaning: 'Waiting for the jobs that they follow.',
    empty: 'No job waits for another one.',
  },
};

export const english = {
  language: 'en',
  quantity,
  states,

  frame: {
    product: 'Firelock',
    skip: 'Skip to the content',
    navigation: 'Dashboard',
    readOnly: 'Read-only',
    signedInAs: 'Signed in as',
    home: 'Home',
    queues: 'Queues',
    jobs: 'Jobs',
    allJobs: 'All jobs',
    recurring: 'Recurring jobs',
    servers: 'Servers',
    audit: 'Audit log',
    search: 'Search jobs',
    searchHint: 'name:send-* args.userId:42 error:timeout',
    searchButton: 'Search',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    keys: 'Keyboard',
    close: 'Close',
    none: 'none',
    cancel: 'Cancel',
    reason: 'Reason, for the history and the audit log (optional)',
    utc: 'UTC',
  },

  keys: [
    { key: '/', does: 'Search' },
    { key: 'j', does: 'Next row' },
    { key: 'k', does: 'Previous row' },
    { key: 'Enter', does: 'Open the row' },
    { key: 'x', does: 'Tick the row' },
    { key: 'n', does: 'Next page of a list' },
    { key: 'g h', does: 'Home' },
    { key: 'g q', does: 'Queues' },
    { key: 'g f', does: 'Failed jobs' },
    { key: 'g d', does: 'Dead letters' },
    { key: 'g r', does: 'Recurring jobs' },
    { key: 'g s', does: 'Servers' },
    { key: '?', does: 'This list' },
  ],

  refused: {
    visitor: {
      title: 'You may not see this dashboard',
      advice: 'The app that it belongs to did not authorize this request.',
    },
    remote: {
      title: 'This dashboard answers local requests only',
      advice: (sign: string) =>
        `This request is not certainly a local one: ${sign}. To open the dashboard to others, say who they are:`,
      example:
        "app.use('/jobs', firelock.dashboard({\n  authorize: (req) => req.user?.isAdmin === true, // or 'read-only', or { name, rights }\n}));",
    },
    right: {
      title: 'You may look, but not do this',
      advice: (right: Right) =>
        `The app that this dashboard belongs to did not give you the right '${right}'. Nothing was changed.`,
    },
    elsewhere: {
      title: 'This request came from elsewhere',
      advice:
        "Acts are accepted from the dashboard's own pages only: nothing was changed. Open the page again and repeat it there; a script sends the header 'Sec-Fetch-Site: same-origin'.",
    },
    tooMany: {
      title: 'Too many acts at once',
      advice: (limit: number) =>
        `At most ${limit} acts a minute are accepted of one visitor. Nothing was changed. To act on many jobs, act on all that match a search.`,
    },
  },

  errors: {
    noPage: {
      title: 'There is no such page',
      advice: 'The address may be mistyped, or belong to another release of Firelock.',
      noId: 'It is neither a page of the dashboard nor the id of a job, which is a number.',
    },
    noJob: {
      title: (id: string) => `There is no job ${id}`,
      advice: 'It never was, or its retention is over: jobs that ended are removed after a while.',
    },
    noRecurringJob: {
      title: (id: string) => `There is no recurring job '${id}'`,
      advice: 'It was removed, or its id is another one.',
    },
    noBulkAct: {
      title: 'There is no such act',
      advice: 'It never was, or it has been forgotten: acts on many jobs are kept for a while.',
    },
    wrongRelease: 'The database does not fit this release',
    impossible: 'That cannot be done',
    unreadable: { title: 'The request cannot be read', advice: 'Nothing was changed. Open the page again.' },
    unavailable: {
      title: 'The database does not answer',
      advice:
        'Postgres could not be reached, or refused the query. The log of this process tells more; jobs are not lost.',
    },
    example: 'Example',
  },

  /** What was done, after a post. */
  outcomes: {
    nothingSelected: (noun: string) => `Nothing was selected. Tick one or more ${noun}s first.`,
    done: (count: number, noun: string, done: string) => `${quantity(count, noun)} ${were(count)} ${done}.`,
    untouched: (count: number, noun: string) =>
      `${quantity(count, noun)} ${were(count)} left alone: no longer there, or in another state by now.`,
    nothingChanged: 'Nothing was changed.',
    acts: {
      retry: { noun: 'job', done: 'put back into the queue to be tried again' },
      requeue: { noun: 'job', done: 'put back into the queue' },
      delete: { noun: 'job', done: 'deleted' },
      reschedule: { noun: 'job', done: 'planned for another time' },
      change: { noun: 'job', done: 'changed' },
      again: { noun: 'job', done: 'enqueued: this is the new one' },
      pauseQueue: { noun: 'queue', done: 'paused: nothing is started from it' },
      resumeQueue: { noun: 'queue', done: 'resumed' },
      trigger: { noun: 'recurring job', done: 'triggered' },
      remove: { noun: 'recurring job', done: 'removed' },
      pause: { noun: 'recurring job', done: 'paused' },
      resume: { noun: 'recurring job', done: 'resumed' },
      override: { noun: 'recurring job', done: 'changed' },
      drop: { noun: 'recurring job', done: 'given back to what code says' },
      quiet: { noun: 'server', done: 'asked to take no more jobs' },
      wake: { noun: 'server', done: 'asked to take jobs again' },
      stop: { noun: 'server', done: 'asked to stop' },
    },
  },

  time: {
    now: 'now',
    ago: (length: string) => `${length} ago`,
    in: (length: string) => `in ${length}`,
    units: { ms: 'ms', s: 's', min: 'min', h: 'h', d: 'd', y: 'y' },
    days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  },

  jobs: {
    noun: 'job',
    job: 'Job',
    acts: 'Acts',
    title: 'All jobs',
    meaning: 'In every state, the latest first.',
    empty: 'No jobs yet.',
    emptyPage: 'No jobs on this page any more.',
    noMatch: 'No job matches.',
    noMatchYet: 'None matched so far.',
    groupsLink: 'Group by job and error',
    select: 'Select',
    selectAll: 'Select all jobs of this page',
    selectOne: (id: string) => `Select job ${id}`,
    selected: '{ticked} of {all} selected',
    tickSome: (noun: string) => `Tick the ${noun}s to act on.`,
    actsOnSelected: (noun: string) => `Acts on the selected ${noun}s`,
    allThatMatch: 'All that match:',
    allInState: 'All of them:',
    pages: 'Pages of this list',
    firstPage: 'First page',
    nextPage: 'Next page',
    goOn: 'Go on searching',
    looked: (count: string, backTo: string | undefined) =>
      `${count} jobs were looked at${backTo === undefined ? '' : `, as far as ${backTo}`}.`,
    searchState: (label: string) => `Search: ${label}`,
    order: 'Order',
    size: 'Jobs a page',
    perPage: (size: number) => `${size} a page`,
    didYouMean: (problem: string, suggestion: string) => `${problem} Did you mean: ${suggestion}`,
    argsLeftOut: '(args are hidden)',
    argsHidden: 'Searching in args needs the right to see them: that part was left out.',
    orders: {
      time: { first: 'Latest first', reversed: 'Earliest first' },
      plan: { first: 'Next first', reversed: 'Last first' },
      age: { first: 'Oldest first', reversed: 'Newest first' },
      claim: { first: 'In the order of claiming', reversed: 'Last to be claimed first' },
    },
    columns: {
      queue: 'Queue',
      state: 'State',
      created: 'Created',
      runs: 'Runs',
      next: 'Next attempt',
      attempts: 'Attempts',
      attempt: 'Attempt',
      error: 'Error',
      server: 'Server',
      started: 'Started',
      duration: 'Duration',
      ended: 'Ended',
    },
    attemptOf: (attempt: number, limit: number) => `${attempt} of ${limit}`,
    lostServers: (often: string) => `Its server was lost ${often} while it ran`,
    often: (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`),
    runsApart: (often: string) => `Runs apart: its server was lost ${often} while it ran`,
    acting: {
      retry: { label: 'Retry', title: 'Try again now; a job that is out of attempts gets one more' },
      requeue: { label: 'Requeue', title: 'Put back into the queue now' },
      delete: { label: 'Delete…', title: 'Cancel, after a confirmation' },
      reschedule: { label: 'Reschedule…', title: 'Plan it for another time' },
      change: { label: 'Change…', title: 'Another queue or priority' },
      again: { label: 'Run again…', title: 'A new job like this one, with other args if need be' },
    },
  },

  groups: {
    title: 'Dead letters by job and error',
    meaning: (count: string) => `The latest ${count} dead letters. Numbers and ids in errors are left out.`,
    listLink: 'List them one by one',
    what: 'Job and error',
    count: 'Count',
    first: 'First',
    last: 'Last',
    retryAll: 'Retry all…',
  },

  bulk: {
    titles: {
      retry: (matching: string) => `Retry ${matching}?`,
      requeue: (matching: string) => `Requeue ${matching}?`,
      delete: (matching: string) => `Delete ${matching}?`,
    },
    running: {
      retry: 'Retry all that match',
      requeue: 'Requeue all that match',
      delete: 'Delete all that match',
      reschedule: 'Reschedule all that match',
    },
    matchingJobs: (count: string, isOne: boolean) => `${count} ${isOne ? 'job' : 'jobs'}`,
    atLeast: (count: string) => `${count}+`,
    of: (state: string, query: string) =>
      query === '' ? `${state}, all of them` : `${state} that match ${query}`,
    buttons: { retry: 'Retry all…', requeue: 'Requeue all…', delete: 'Delete all…' },
    confirm: { retry: 'Retry all', requeue: 'Requeue all', delete: 'Delete all' },
    explanations: {
      retry:
        'Each of them is put back into its queue at once; one that is out of attempts gets one more. Jobs that come into the state from now on are left alone.',
      requeue:
        'Each of them is put back into its queue at once and runs again. Jobs that come into the state from now on are left alone.',
      delete:
        'None of them runs any more; those that run are told to stop. They stay among the deleted jobs until their retention is over. Jobs that come into the state from now on are left alone.',
    },
    state: 'State',
    query: 'Search',
    everything: 'all of them',
    matching: 'Matching now',
    examples: 'Among them:',
    progress: 'Progress',
    progressText: (applied: string, expected: string) => `${applied} of ${expected}`,
    outcomes: {
      running: (applied: string) => `At work: ${applied} so far.`,
      interrupted: (applied: string) =>
        `Interrupted: ${applied} so far. The process that was at it is gone; any other can go on.`,
      finished: (applied: string) => `Finished: ${applied}.`,
      stopped: (applied: string) => `Stopped by hand: ${applied}.`,
      failed: (applied: string, error: string) => `Failed after ${applied}: ${error}`,
    },
    marks: {
      running: 'at work',
      interrupted: 'interrupted',
      finished: 'finished',
      stopped: 'stopped',
      failed: 'failed',
    },
    facts: {
      by: 'By',
      reason: 'Reason',
      started: 'Started',
      ended: 'Ended',
      applied: 'Applied to',
      seen: 'Looked at',
    },
    stop: 'Stop after this batch',
    resume: 'Go on',
    back: 'Back to the list',
  },

  job: {
    acts: 'Acts on this job',
    call: 'The call',
    args: 'Args',
    result: 'Result',
    noArgs: 'No args.',
    noResult: 'The handler returned nothing.',
    hidden: 'Hidden: seeing args and results needs a right of its own.',
    whole: 'The whole',
    cut: (shown: string, length: string) => `Only the first ${shown} of ${length} characters are shown.`,
    progress: 'Progress',
    mainBar: 'Progress',
    log: 'Log',
    logOf: (attempt: number) => `Log of attempt ${attempt}`,
    attempts: 'Attempts',
    earlierAttempts: (count: number) => quantity(count, 'earlier attempt'),
    noAttempts: 'No server has tried it yet.',
    attempt: (number: number) => `Attempt ${number}`,
    server: 'Server',
    started: 'Started',
    duration: 'Duration',
    handler: 'Handler',
    soFar: (length: string) => `${length} so far`,
    errorMessage: 'Message of the error',
    errorStack: 'Stack of the error',
    stack: 'Stack',
    causedBy: 'caused by',
    innerError: 'inner error',
    enqueuedJobs: 'Jobs that it enqueued',
    moreEnqueued: (shown: number) => `Only the first ${shown} are shown.`,
    history: 'History',
    historyCaption: 'What has happened to this job, the latest first',
    what: 'What',
    when: 'When',
    attemptColumn: 'Attempt',
    who: 'Who',
    why: 'Why',
    planned: 'planned:',
    created: 'Created',
    enqueuedBy: (id: string) => `Enqueued by job ${id}`,
    copyOf: (id: string) => `Job ${id}, run again`,
    changed: 'Changed',
    ranAgain: (id: string) => `Run again as job ${id}`,
    facts: {
      queue: 'Queue',
      priority: 'Priority',
      attempt: 'Attempt',
      created: 'Created',
      next: 'Next attempt',
      runs: 'Runs',
      started: 'Started',
      ended: 'Ended',
      server: 'Server',
      tags: 'Tags',
      recurring: 'Recurring job',
      occurrence: 'Occurrence',
      timeout: 'Timeout',
      origin: 'Enqueued by',
      model: 'Run again from',
      lost: 'Servers lost',
    },
    notCounted: (count: number) => `${count} not counted`,
    outcomes: {
      enqueuedLost: 'Server lost, does not count',
      enqueued: 'Given back, does not count',
      scheduled: 'Snoozed, does not count',
      processing: 'Running',
      failed: 'Failed',
      timedOut: 'Timed out',
      deadLost: 'Server lost, once too often',
      outOfAttempts: (failed: string) => `${failed}, out of attempts`,
    },
    reasons: {
      lostOnceTooOften: 'Its server was lost once too often',
      lost: 'Its server was lost; the attempt does not count',
      givenBack: 'Its server gave it back unfinished; the attempt does not count',
      snoozed: 'It asked to be run again later; the attempt does not count',
    },
    handlers: {
      stopped: (after: string) => `stopped after ${after}`,
      finished: (after: string) => `finished all the same after ${after}`,
      running: (server: string) => `still running on ${server}`,
      unknown: (server: string) => `not known to have ended: ${server} has left`,
      note: (handler: string) => `Handler: ${handler}`,
    },
    forgottenServer: (id: string) => `server ${id}`,
    whereabouts: {
      suspect: (lost: string) => `${lost}: it may be what kills them. Find out before you retry it.`,
      deletedWhileRunning: (handler: string) => `Deleted while it ran. Its handler: ${handler}.`,
      paused: (queue: string, by: string, ago: string) =>
        `It waits: queue '${queue}' is paused${by}, since ${ago}.`,
      pausedBy: (by: string, reason: string | undefined) =>
        ` by ${by}${reason === undefined ? '' : ` (${reason})`}`,
      noServer: (queue: string) => `It waits: no running server takes jobs from queue '${queue}'.`,
      noHandler: (name: string, queue: string) =>
        `It waits: no running server that takes jobs from queue '${queue}' has a handler for '${name}'.`,
      noSlot: (queue: string, slots: number, ahead: string) =>
        `It waits for a slot: ${slots === 1 ? 'the one slot' : `all ${slots} slots`} of queue '${queue}' ${slots === 1 ? 'is' : 'are'} busy, and ${ahead} jobs wait in it.`,
      quiet: (queue: string) =>
        `It waits: every running server of queue '${queue}' has been asked to take no more jobs.`,
      soon: 'A server claims it within a moment.',
      scheduled: (when: string) => `It waits for its time: ${when}.`,
      failed: (when: string) => `Its last attempt failed; the next is planned ${when}.`,
      processing: (server: string) => `It runs on ${server}.`,
      lost: (server: string) => `It ran on ${server}, which is silent: another server takes it over.`,
      queueLink: 'The queue',
    },
    forms: {
      delete: {
        title: (name: string) => `Delete ${name}?`,
        titleOfMany: (jobs: string) => `Delete ${jobs}?`,
        explanation:
          'What is deleted does not run any more. It stays among the deleted jobs until its retention is over, and can be put back into its queue from there.',
        running:
          'A server is at work on it: its handler is told to stop at once, and its page says when it has. Whatever the attempt ends with changes nothing any more; what it has done outside stays done.',
        button: 'Delete',
      },
      reschedule: {
        title: (name: string) => `Reschedule ${name}`,
        explanation: 'It waits until then, whatever its state was.',
        when: 'When: from now on, such as 30m or 2h, or an instant such as 2026-12-24T18:00:00Z',
        button: 'Reschedule',
      },
      change: {
        title: (name: string) => `Change ${name}`,
        explanation: 'It keeps its place in time; only where it waits is another one.',
        queue: 'Queue',
        priority: 'Priority',
        button: 'Change',
      },
      again: {
        title: (name: string) => `Run ${name} again`,
        explanation:
          'A new job with the same name, queue and options, which names this one. This one stays as it is.',
        args: 'Args, as JSON',
        fixed:
          'The args hold something that is hidden here, so they cannot be edited: the new job gets the same.',
        notShown: 'You may not see the args: the new job gets the same.',
        notJson: (problem: string) => `The args are not JSON: ${problem}`,
        button: 'Run again',
      },
    },
  },

  queues: {
    meaning: 'Where jobs wait, and who takes them.',
    caption: 'Queues with what waits in them and what takes from them',
    empty: 'No job waits, and no server takes any.',
    queue: 'Queue',
    waiting: 'Waiting',
    oldest: 'Oldest',
    perMinute: 'Per minute',
    wait: 'Wait p50 / p95',
    run: 'Run p50 / p95',
    slots: 'Slots in use',
    slotsShort: 'Slots',
    noServer: 'no server',
    noServerTakes: 'No running server takes jobs from it.',
    paused: 'paused',
    pausedBy: (by: string, ago: string, reason: string | undefined) =>
      `by ${by}, ${ago}${reason === undefined ? '' : `: ${reason}`}`,
    somebody: 'a program',
    pauseLink: 'Pause…',
    resume: 'Resume',
    pause: {
      title: (queue: string) => `Pause queue '${queue}'?`,
      explanation:
        'Nothing is started from it until it is resumed. What runs goes on, and jobs may still be enqueued.',
      button: 'Pause',
    },
    pair: (one: string, other: string) => `${one} / ${other}`,
  },

  servers: {
    meaning: 'Processes that take jobs, running ones first, then those that left lately.',
    caption: 'Servers, running ones first',
    empty: 'No server has run yet. Start one with',
    server: 'Server',
    state: 'State',
    states: {
      running: 'running',
      quiet: 'quiet',
      stopping: 'stopping',
      silent: 'silent',
      stopped: 'stopped',
      lost: 'lost',
    },
    running: 'Jobs running',
    queues: 'Queues and slots',
    heartbeat: 'Heartbeat',
    lag: 'Lag',
    started: 'Started',
    slotsInUse: 'Slots in use',
    of: (used: number, slots: number) => `${used} of ${slots}`,
    version: (version: string) => `Firelock ${version}`,
    askedBy: (by: string, ago: string) => `asked by ${by}, ${ago}`,
    acts: {
      quiet: { label: 'Quiet', title: 'It takes no more jobs and finishes what it runs' },
      wake: { label: 'Wake', title: 'It takes jobs again' },
      stop: { label: 'Stop…', title: 'It finishes what it runs, gives back the rest and leaves' },
    },
    stop: {
      title: (name: string) => `Stop server ${name}?`,
      explanation:
        'It takes no more jobs, lets those that run finish for its grace, gives back the rest, and leaves. What starts it again is your own supervisor, if there is one.',
      button: 'Stop',
    },
  },

  audit: {
    meaning: 'What people have done, the latest first.',
    empty: 'Nobody has done anything yet.',
    bulkActs: 'Acts on all that match',
    by: 'By',
    filter: 'Filter',
    showAll: 'Show all',
    act: 'Act',
    actOn: (act: string, subject: string) => `${act} ${subject}`,
    target: 'On what',
    change: 'Before and after',
    changed: (before: string, after: string) => `${before} → ${after}`,
  },

  home: {
    summary: (servers: string, busy: number, slots: string) =>
      `${servers} running, ${busy} of ${slots} in use.`,
    noServer: 'No server is running.',
    empty: 'No jobs yet. Your app creates them with',
    live: 'The last 10 minutes',
    history: { day: 'The last day', week: 'The last week', month: 'The last 30 days' },
    periods: { day: 'Day', week: 'Week', month: 'Month' },
    series: { succeeded: 'Succeeded', failed: 'Failed', dead: 'Dead letters' },
    chartSummary: (title: string, totals: string) =>
      `${title}: ${totals}. The figures are in the table below.`,
    barTitle: (at: string, figures: string) => `${at}: ${figures}`,
    asTable: 'As a table',
    from: 'From',
    failing: 'Failures by job, of the last day',
    failingCaption: 'The jobs whose attempts failed most often in the last day',
    failed: 'Failed',
    dead: 'Dead letters',
    ofAll: 'Of all attempts',
    percent: (share: number) => `${share < 1 ? share.toFixed(1) : Math.round(share)} %`,
    failures: 'Latest failures',
    noFailures: 'No attempt has failed lately.',
    failuresCaption: 'The jobs whose attempts failed last and were to be repeated',
    byNow: 'By now',
    attempt: (attempt: number, limit: number) => `attempt ${attempt} of ${limit}`,
    deadLetters: 'Latest dead letters',
    deadLettersCaption: 'The jobs that ran out of attempts last',
    servers: 'Running servers',
    noServers: 'No server is running: nothing is taken from any queue. Start one with',
    recurring: 'Recurring jobs due next',
    noRecurring: 'No recurring job is due.',
  },

  recurring: {
    noun: 'recurring job',
    one: 'Recurring job',
    meaning: 'Enqueued by a schedule, the next one first. A run by hand leaves the schedule alone.',
    empty: 'No recurring jobs. Your app adds them with',
    selectAll: 'Select all recurring jobs',
    selectOne: (id: string) => `Select ${id}`,
    inQueue: (name: string, queue: string) => `${name} in ${queue}`,
    schedule: 'Schedule',
    timeZone: 'Time zone',
    next: 'Next run',
    last: 'Last run',
    paused: 'paused',
    incomputable: 'cannot be computed',
    neverAgain: 'never again',
    once: 'Once',
    atInstants: (count: number) => `At ${count} instants`,
    actsOnThis: 'Acts on this recurring job',
    acts: {
      trigger: { label: 'Run now', title: 'Enqueue a run now; the schedule goes on' },
      run: { label: 'Run with other args…', title: 'Enqueue a run now, with args for this run alone' },
      pause: { label: 'Pause…', title: 'It fires no more until it is resumed' },
      resume: { label: 'Resume', title: 'It fires again at its next instant' },
      change: {
        label: 'Change…',
        title: 'Another schedule, time zone, queue or args, in the place of what code says',
      },
      drop: { label: 'Drop the override', title: 'What code says counts again' },
      remove: { label: 'Remove…', title: 'Remove, after a confirmation' },
    },
    marks: {
      error: { label: 'error', title: 'Its schedule cannot be computed' },
      late: { label: 'late', title: 'Its next run is due, and no server has fired it' },
      paused: { label: 'paused', title: 'It fires when it is resumed' },
      overridden: { label: 'overridden', title: 'A person has changed what code says' },
      noHandler: { label: 'no handler', title: 'No running server has a handler for its job' },
      vanished: {
        label: 'not in code',
        title: 'The latest start of the program that defined it did not do so again',
      },
    },
    notices: {
      error: (message: string) => `It is not fired, because its schedule cannot be computed: ${message}`,
      late: 'Its next run is due, and no server has fired it. Is one running?',
      paused: (said: string, until: string | undefined) =>
        `Paused${said}. ${until === undefined ? 'It fires again when it is resumed.' : `It goes on at ${until}.`}`,
      overridden: (said: string) =>
        `What code says is overridden${said}. It stays so through deploys until it is dropped.`,
      noHandler: (name: string) =>
        `No running server has a handler for '${name}': its runs wait in the queue.`,
      vanished: (program: string | undefined) =>
        `The latest start of ${program ?? 'the program'} did not define it any more. Remove it, if that was meant.`,
      said: (by: string | undefined, reason: string | undefined) =>
        `${by === undefined ? '' : ` by ${by}`}${reason === undefined ? '' : `: ${reason}`}`,
    },
    facts: {
      job: 'Job',
      queue: 'Queue',
      priority: 'Priority',
      timeZone: 'Time zone',
      notBefore: 'Not before',
      notAfter: 'Not after',
      calendars: 'Calendars',
      jitter: 'Jitter',
      missed: 'Missed occurrences',
      overlapping: 'Overlapping runs',
      lateAfter: 'Late after',
      pending: 'Waits for an earlier run',
      defined: 'Defined',
      definedBy: 'Defined by',
    },
    upTo: (length: string) => `up to ${length}`,
    misfires: {
      once: 'the latest makes up for all',
      skip: (grace: string) => `left out if later than ${grace}`,
      all: (limit: number) => `each is made up for, ${limit} at most`,
    },
    overlaps: {
      allow: 'runs beside an earlier run',
      skip: 'left out while an earlier run has not ended',
      'queue-one': 'one waits for an earlier run to end',
      replace: 'cancels an earlier run',
    },
    lastRuns: 'Last runs',
    allRuns: 'All its jobs',
    notRun: 'It has not run yet.',
    runsCaption: 'What became of the latest occurrences, the latest first',
    occurrence: 'Occurrence',
    outcome: 'Outcome',
    lateBy: 'Late by',
    expired: 'expired',
    leftOut: 'left out',
    missed: (count: number) => `${quantity(count, 'occurrence')} missed`,
    byHand: (said: string) => `by hand${said}`,
    earlierRun: 'an earlier run had not ended',
    until: (instant: string) => `until ${instant}: no server fired them in time`,
    anInstant: 'then',
    nextRuns: 'Next runs',
    noNextRuns: 'It is not known to run again.',
    inCode: 'What code says',
    argsInCode: 'Args in code',
    forms: {
      remove: {
        title: (jobs: string) => `Remove ${jobs}?`,
        explanation:
          'Its schedule ends; jobs that it has enqueued stay. If your app adds it when it starts, it is back after the next start.',
        button: 'Remove',
      },
      pause: {
        title: (jobs: string) => `Pause ${jobs}?`,
        explanation:
          'It fires no more until it is resumed, through deploys too. What falls into the pause is not made up for.',
        until: 'For how long, such as 30m, 2h or 3 days (empty: until it is resumed)',
        button: 'Pause',
      },
      run: {
        title: (id: string) => `Run now with other args: ${id}`,
        explanation:
          'A run of its own, now, whatever its pause and its overlap say. The schedule goes on as if nothing had happened.',
        args: 'Args of this run, as JSON',
        button: 'Run now',
      },
      change: {
        title: (id: string) => `Change: ${id}`,
        explanation:
          'What you put here counts instead of what code says, through deploys, until it is dropped. What you leave as code says follows the code.',
        schedule: (inCode: string) => `Schedule: a cron expression, or every 40s (in code: ${inCode})`,
        timeZone: (inCode: string) => `Time zone (in code: ${inCode})`,
        queue: (inCode: string) => `Queue (in code: ${inCode})`,
        args: 'Args, as JSON',
        argsHidden: 'The args are not shown here, so they stay as they are.',
        button: 'Change',
      },
    },
  },
} as const;
