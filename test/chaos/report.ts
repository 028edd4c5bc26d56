import { arch, cpus } from 'node:os';
import type { Finding } from './checks/finding.js';
import type { Figures } from './figures.js';
import type { ChaosOptions } from './options.js';
import type { Spread } from './recovery-times.js';

/** Everything that a run has to say. */
export interface Report {
  readonly options: Omit<ChaosOptions, 'databaseUrl'>;
  readonly versions: { readonly firelock: string; readonly node: string; readonly postgres: string };
  readonly host: { readonly cores: number; readonly processor: string };
  readonly disturbances: Figures;
  readonly jobs: Figures;
  /** In seconds: from the kill of a process to the next attempts of the jobs that it was running. */
  readonly recovery: Readonly<Record<string, Spread>>;
  readonly serversDeclaredLost: Figures;
  readonly findings: readonly Finding[];
}

const SHOWN = 10;

export function holds({ findings }: Report): boolean {
  return findings.every(({ broken }) => broken.length === 0);
}

export function hostFacts(): Report['host'] {
  const all = cpus();
  return { cores: all.length, processor: `${all[0]?.model ?? 'unknown'} (${arch()})` };
}

/** The report for people. */
export function text(report: Report): string {
  const { options, versions, host } = report;
  const minutes = options.durationMs / 60_000;
  return [
    `chaos, seed ${options.seeds.join(' and ')}: ${minutes} minutes, ${options.servers} servers, ${options.clients} clients`,
    `Firelock ${versions.firelock}, Node.js ${versions.node}, ${versions.postgres}; ${host.cores} cores of ${host.processor}`,
    ...section('done to it', lines(report.disturbances)),
    ...section('jobs', lines(report.jobs)),
    ...section('servers declared lost', lines(report.serversDeclaredLost)),
    ...section(
      'from a kill to the next attempt of what it cut off, in seconds',
      Object.entries(report.recovery).map(spread),
    ),
    ...section('claims', report.findings.flatMap(finding)),
    '',
    holds(report) ? 'Everything holds.' : 'BROKEN.',
    '',
  ].join('\n');
}

function section(title: string, content: readonly string[]): string[] {
  return ['', title, ...content.map((line) => `  ${line}`)];
}

function lines(figures: Figures): string[] {
  return Object.entries(figures).map(([what, count]) => `${String(count).padStart(8)}  ${what}`);
}

function spread([despite, { count, p50, p99, max }]: [string, Spread]): string {
  if (count === 0) return `${String(count).padStart(8)}  ${despite}`;
  const [half, most, all] = [p50, p99, max].map((seconds) => seconds.toFixed(1));
  return `${String(count).padStart(8)}  ${despite}: p50 ${half}, p99 ${most}, max ${all}`;
}

function finding({ claim, broken }: Finding): string[] {
  if (broken.length === 0) return [`   holds  ${claim}`];
  const rest = broken.length > SHOWN ? [`          … and ${broken.length - SHOWN} more`] : [];
  return [
    `  BROKEN  ${claim}: ${broken.length}`,
    ...broken.slice(0, SHOWN).map((line) => `          ${line}`),
    ...rest,
  ];
}
