import { type Finding, fix, ok } from './finding.js';
import type { PostgresFacts } from '../../storage/postgres-facts.js';

/**
 * 13 has autovacuum_vacuum_insert_scale_factor, which our tables set; everything else that our SQL uses is older
 * (materialized CTEs: 12, identity columns: 10).
 */
const OLDEST_VERSION = 130_000;
/** 10 for calls of the application, 5 for its servers, one that listens, and one that keeps a server's lease. */
const CONNECTIONS_OF_A_PROCESS = 17;
const SHORT_TIMEOUT_MS = 10_000;

/** What the facts alone tell. */
export function checkSettings(facts: PostgresFacts): readonly Finding[] {
  return [
    version(facts),
    writable(facts),
    connections(facts),
    isolation(facts),
    durability(facts),
    ...hindrances(facts),
  ];
}

function version({ version, versionNumber }: PostgresFacts): Finding {
  const text = `Postgres ${version}; Firelock needs 13 or later (tested on 15 and 18)`;
  return versionNumber >= OLDEST_VERSION ? ok('version', text) : fix('version', `${text}. Upgrade Postgres.`);
}

function writable({ inRecovery, role, settings }: PostgresFacts): Finding {
  if (inRecovery) return fix('writable', 'this is a read-only replica. Point DATABASE_URL at the primary.');
  if (settings['default_transaction_read_only'] !== 'on')
    return ok('writable', 'this is a primary, and transactions may write');
  return fix(
    'writable',
    `transactions are read-only. Run: alter role "${role}" set default_transaction_read_only = off`,
  );
}

function connections({ connections, connectionLimit, settings }: PostgresFacts): Finding {
  const text = `${connections} of ${connectionLimit} connections are in use; a process takes up to ${CONNECTIONS_OF_A_PROCESS}`;
  if (connectionLimit - connections >= CONNECTIONS_OF_A_PROCESS) return ok('connections', text);
  return fix(
    'connections',
    `${text}. Raise max_connections (${settings['max_connections']}), or the limit of role or database.`,
  );
}

function isolation({ role, settings }: PostgresFacts): Finding {
  const level = settings['default_transaction_isolation'] ?? '';
  if (level === 'read committed') return ok('isolation', level);
  const advice = `Run: alter role "${role}" set default_transaction_isolation = 'read committed'`;
  return fix(
    'isolation',
    `transactions are ${level}: claims that meet would fail instead of passing each other. ${advice}`,
  );
}

/** A person's choice, which development and tests make on purpose: told, never wrong. */
function durability({ settings }: PostgresFacts): Finding {
  const off = ['fsync', 'full_page_writes', 'synchronous_commit'].filter((name) => settings[name] === 'off');
  if (off.length === 0) return ok('durability', 'what was committed survives a crash');
  return ok(
    'durability',
    `note: ${off.join(' and ')} off, so a crash of Postgres or its machine may lose committed jobs`,
  );
}

/** Only those that are there: few people know them, and a line each for what is right would hide the others. */
function hindrances({ role, settings }: PostgresFacts): readonly Finding[] {
  const findings: Finding[] = [];
  const statementTimeoutMs = Number(settings['statement_timeout']);
  if (statementTimeoutMs > 0 && statementTimeoutMs < SHORT_TIMEOUT_MS) {
    const advice = `Run: alter role "${role}" set statement_timeout = '1min'`;
    findings.push(
      fix(
        'settings',
        `statement_timeout is ${statementTimeoutMs} ms, which cuts off migrations and expiry. ${advice}`,
      ),
    );
  }
  if (Number(settings['idle_session_timeout'] ?? 0) > 0) {
    const advice = `Run: alter role "${role}" set idle_session_timeout = 0`;
    findings.push(
      fix(
        'settings',
        `idle_session_timeout ends the connection that listens for jobs, again and again. ${advice}`,
      ),
    );
  }
  if (settings['autovacuum'] === 'off') {
    findings.push(fix('settings', 'autovacuum is off: claims become slower with every job. Turn it on.'));
  }
  if (settings['server_encoding'] !== 'UTF8') {
    const advice = "Create the database anew with encoding 'UTF8'.";
    findings.push(
      fix(
        'settings',
        `the encoding is ${settings['server_encoding']}: not every text can be stored. ${advice}`,
      ),
    );
  }
  return findings;
}
