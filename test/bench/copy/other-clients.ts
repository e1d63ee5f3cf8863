import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, temporaryDirectory } from '../../support/paths.js';
import { testToolchain } from '../../support/toolchain.js';

const run = promisify(execFile);

/** Rows and the seconds from the query to its last row, measured where the rows arrive. */
export interface Reading {
  readonly rows: number;
  readonly seconds: number;
}

/** Reads all rows of a query from a server that speaks Binary without SASL, with each row as the client gives it. */
export type Client = (port: number, query: string) => Promise<Reading>;

const fetchSize = 10_000;
const place = temporaryDirectory('bench-clients');

const readingOf = (line: string): Reading => {
  const [rows, seconds] = line.trim().split(' ').map(Number);
  return { rows: rows!, seconds: seconds! };
};

/** npm's hive-driver, brought into a folder of the bench. */
export function hiveDriver(): Client {
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', place, 'hive-driver@1.0.0'], {
    encoding: 'utf8',
  });
  if (npm.status !== 0) throw new Error(`npm install hive-driver: ${npm.stderr}`);
  const hive = createRequire(join(place, 'package.json'))('hive-driver');
  const { TCLIService, TCLIService_types } = hive.thrift;
  const utils = new hive.HiveUtils(TCLIService_types);
  return async (port, query) => {
    const client = new hive.HiveClient(TCLIService, TCLIService_types);
    await client.connect(
      { host: '127.0.0.1', port },
      new hive.connections.TcpConnection(),
      new hive.auth.NoSaslAuthentication(),
    );
    const session = await client.openSession({
      client_protocol: TCLIService_types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V8,
    });
    const began = performance.now();
    const operation = await session.executeStatement(query, { runAsync: true });
    await utils.waitUntilReady(operation, false, () => {});
    operation.setMaxRows(fetchSize);
    let rows = 0;
    for (;;) {
      await operation.fetch();
      const got = utils.getResult(operation).getValue().length;
      operation.flush();
      rows += got;
      if (got === 0) break;
    }
    const seconds = (performance.now() - began) / 1_000;
    await operation.close();
    await session.close();
    await client.close();
    return { rows, seconds };
  };
}

/** PyPI's PyHive, brought into a folder of the bench. */
export function pyHive(): Client {
  const { python } = testToolchain();
  const target = join(place, 'python');
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--target', target, 'pyhive==0.7.0', 'thrift==0.20.0'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return async (port, query) => {
    const script = join(root, 'test/bench/copy/pyhive_read.py');
    const { stdout } = await run(python, [script, String(port), query, String(fetchSize)], {
      env: { ...process.env, PYTHONPATH: target },
    });
    return readingOf(stdout);
  };
}

/** Hive's own JDBC driver, out of pyspark's jars. */
export function hiveJdbc(): Client {
  const { java, sparkHome } = testToolchain();
  const classes = join(place, 'classes');
  const jars = join(sparkHome, 'jars', '*');
  if (!existsSync(classes)) mkdirSync(classes);
  const source = join(root, 'test/bench/copy/JdbcReader.scala');
  execFileSync(java, ['-cp', jars, 'scala.tools.nsc.Main', '-usejavacp', '-nowarn', '-d', classes, source], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return async (port, query) => {
    const url = `jdbc:hive2://127.0.0.1:${port}/;auth=noSasl`;
    const argv = ['-cp', `${classes}:${jars}`, 'crossview.bench.JdbcReader', url, query, String(fetchSize)];
    const { stdout } = await run(java, argv, { maxBuffer: 64_000_000 });
    return readingOf(stdout.trim().split('\n').at(-1)!);
  };
}
