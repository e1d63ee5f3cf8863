import type { PoolDirectory } from '@crossview/contracts';
import type { TestPool } from './pool.js';

/** Every name of a server leads to this pool, as with the profile `local`. */
export function poolsOf(
  pool: () => Promise<TestPool>,
  onResolve: (asked: { server: string; database: string }) => void = () => {},
  standIn: string | null = 'local pool',
): PoolDirectory {
  return {
    async resolve({ server = 'servername.database.windows.net', database = 'sqlpool' }) {
      onResolve({ server, database });
      const { port, certificateAuthority, user, password } = await pool();
      return {
        server,
        database,
        host: '127.0.0.1',
        port,
        certificateAuthority,
        certificateName: 'localhost',
        login: { kind: 'sql', user, password },
        standIn: standIn ?? undefined,
      };
    },
  };
}
