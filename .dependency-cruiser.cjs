// The layers of docs/architecture.md, checked. Type-only imports count.
const folder = (name) => `^src/${name}/`;
const only = (name, allowed) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `src/${name} may import only: ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: folder(name) },
  to: {
    path: '^src/',
    pathNot: [folder(name), ...allowed.map((a) => (a.endsWith('.ts') ? `^src/${a}$` : folder(a)))],
  },
});
const packageOnlyIn = (pattern, places) => ({
  name: `${pattern}-only-in`,
  severity: 'error',
  comment: `the package ${pattern} is used only in: ${places.join(', ')}`,
  from: { path: '^src/', pathNot: places.map((p) => `^src/${p}`) },
  to: { path: `node_modules/(@types/)?(${pattern})/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('job', ['errors.ts', 'duration.ts', 'read-duration.ts']),
    only('schedule', ['errors.ts', 'duration.ts']),
    only('search', ['errors.ts', 'read-duration.ts', 'job']),
    only('storage', ['errors.ts', 'duration.ts', 'version.ts', 'job', 'schedule', 'search']),
    only('adapters', ['errors.ts', 'storage', 'job']),
    only('engine', ['errors.ts', 'storage', 'job']),
    only('client', [
      'errors.ts',
      'duration.ts',
      'options.ts',
      'engine',
      'storage',
      'job',
      'schedule',
      'search',
      'adapters',
    ]),
    only('server', ['errors.ts', 'duration.ts', 'options.ts', 'engine', 'storage', 'job', 'schedule']),
    only('dashboard', ['errors.ts', 'storage', 'client', 'job', 'schedule', 'search']),
    only('embedded', ['errors.ts']),
    {
      name: 'cli-is-outermost',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    packageOnlyIn('pg|kysely', ['storage/', 'engine/', 'adapters/', 'embedded/', 'firelock.ts']),
    packageOnlyIn('express|ejs', ['dashboard/', 'firelock.ts']),
    packageOnlyIn('graphile-worker', ['engine/']),
    packageOnlyIn('commander', ['cli/']),
    packageOnlyIn('luxon', ['schedule/']),
    packageOnlyIn('cronstrue', ['dashboard/']),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
