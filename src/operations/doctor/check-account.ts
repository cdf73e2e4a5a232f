import type { WikiConfig } from '../../config/farm-config.ts';
import type { DatabaseConnection } from '../../mediawiki/database/database-connection.ts';
import { type Finding, ok, warning } from './finding.ts';

/** Privileges with which an account changes what a wiki holds, or reads files of the server. */
const harmful = /^(ALL( PRIVILEGES)?|INSERT|UPDATE|DELETE|DROP|ALTER|CREATE|TRUNCATE|SUPER|FILE)$/;

/** Rota only reads: an account that may do more is a risk without a use. */
export async function checkAccount(
  area: string,
  wiki: WikiConfig,
  connection: DatabaseConnection,
): Promise<readonly Finding[]> {
  const { database } = wiki;
  if (!connection.dialect.capabilities.grants || database.kind !== 'mysql') return [];
  const rows = await connection.query('SHOW GRANTS');
  const lines = rows.map(([line]) => line?.toString('utf8') ?? '');
  const excess = excessGrants(lines, database.database);
  if (excess.length === 0) return [ok(area, 'the account may only read')];
  return [
    warning(
      area,
      'ACCOUNT_MAY_WRITE',
      `the account ${database.user} may do more than read: ${excess.join(', ')}`,
      `Make an account for Rota with GRANT SELECT ON ${database.database}.* and nothing else.`,
    ),
  ];
}

/** What stands in the lines of SHOW GRANTS beyond reading, for a database, as in `INSERT` or `ALL PRIVILEGES`. */
export function excessGrants(lines: readonly string[], database: string): readonly string[] {
  const found = lines.flatMap((line) => {
    const [, privileges = '', on = ''] = /^GRANT (.+?) ON (?:TABLE )?(\S+) TO /.exec(line) ?? [];
    const scope = (on.split('.')[0] ?? '').replaceAll(/[`"\\]/g, '');
    // A pattern may mean this database.
    if (scope !== '*' && scope !== database && !scope.includes('%')) return [];
    return privileges
      .replaceAll(/\([^)]*\)/g, '')
      .split(',')
      .map((privilege) => privilege.trim())
      .filter((privilege) => harmful.test(privilege));
  });
  return [...new Set(found)];
}
