import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { CrossviewError } from '@crossview/contracts';
import { type SparkConnection, SparkSource } from '@crossview/copy';
import * as assert from 'uvu/assert';
import { ThriftSession } from '../../packages/copy/src/thrift/session.js';
import { binaryTransport } from '../../packages/copy/src/thrift/socket-transport.js';
import { suite } from '../support/suite.js';
import {
  type Authentication,
  type Certificate,
  certificates,
  serverPassword,
  serverSql,
  thriftServer,
} from '../support/thrift.js';

const test = suite('copy: sessions of a Spark Thrift server', undefined, { timeout: 120_000 });

type Given = Partial<SparkConnection>;

const base: SparkConnection = {
  version: '1.0',
  host: 'localhost',
  port: 1,
  serverType: 'SparkThriftServer',
  transport: 'Binary',
  authenticationType: 'Anonymous',
  username: undefined,
  password: undefined,
  httpPath: 'cliservice',
  tls: undefined,
};

const tls = (more: object = {}): NonNullable<SparkConnection['tls']> => ({
  validate: true,
  trustedCertPath: undefined,
  useSystemTrustStore: false,
  allowHostNameMismatch: false,
  allowSelfSigned: false,
  ...more,
});

const login: Given = { authenticationType: 'UsernameAndPassword', username: 'ada', password: serverPassword };

async function count(given: Given, query = 'SELECT id FROM range(25000)', signal?: AbortSignal): Promise<number> {
  const source = await SparkSource.open({ ...base, ...given }, query, {
    version: '1.0',
    destination: 'interim',
    signal,
  });
  try {
    let rows = 0;
    for await (const batch of source.batches()) rows += batch.numRows;
    return rows;
  } finally {
    await source.close();
    await source.close();
  }
}

async function failure(work: Promise<unknown>): Promise<CrossviewError> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, CrossviewError);
    return error as CrossviewError;
  }
  throw new Error('it did not fail');
}

const ways: readonly [SparkConnection['transport'], 'binary' | 'http', Authentication, Given][] = [
  ['Binary', 'binary', 'NOSASL', {}],
  ['SASL', 'binary', 'NONE', {}],
  ['SASL', 'binary', 'CUSTOM', login],
  ['SASL', 'binary', 'NONE', { authenticationType: 'Username', username: 'ada' }],
  ['HTTP', 'http', 'NONE', {}],
  ['HTTP', 'http', 'CUSTOM', login],
];

for (const [transport, mode, authentication, given] of ways) {
  for (const certificate of [undefined, 'localhost'] as const) {
    test(`${transport} to ${mode}/${authentication} as ${given.authenticationType ?? 'Anonymous'}${certificate ? ' over TLS' : ''}`, async () => {
      const port = await thriftServer(mode, authentication, certificate);
      const secure = certificate ? { tls: tls({ trustedCertPath: join(certificates(), 'ca.pem') }) } : {};
      assert.is(await count({ ...given, transport, port, ...secure }), 25_000);
    });
  }
}

test('a wrong password is refused in words, and stands in no message', async () => {
  for (const [transport, mode] of [
    ['SASL', 'binary'],
    ['HTTP', 'http'],
  ] as const) {
    const port = await thriftServer(mode, 'CUSTOM');
    const error = await failure(count({ ...login, transport, port, password: 'wrong-secret' }));
    assert.is(error.code, 'COPY_LOGIN_REFUSED');
    assert.is(error.facts.user, 'ada');
    assert.not.match(JSON.stringify(error), /wrong-secret/);
  }
});

const trust = (): string => join(certificates(), 'ca.pem');
const refusals: readonly [string, Certificate, () => NonNullable<SparkConnection['tls']>, string | undefined][] = [
  ['an authority that is not trusted', 'localhost', () => tls(), 'SELF_SIGNED_CERT_IN_CHAIN'],
  ['a self-signed certificate', 'self-signed', () => tls(), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['a self-signed certificate that is allowed', 'self-signed', () => tls({ allowSelfSigned: true }), undefined],
  [
    'a self-signed certificate that is trusted by path',
    'self-signed',
    () => tls({ trustedCertPath: join(certificates(), 'self-signed.pem') }),
    undefined,
  ],
  [
    'an expired certificate',
    'expired',
    () => tls({ trustedCertPath: join(certificates(), 'expired.pem') }),
    'CERT_HAS_EXPIRED',
  ],
  [
    'an expired certificate, though self-signed is allowed',
    'expired',
    () => tls({ allowSelfSigned: true }),
    'CERT_HAS_EXPIRED',
  ],
  ['another host name', 'other-name', () => tls({ trustedCertPath: trust() }), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  [
    'another host name that is allowed',
    'other-name',
    () => tls({ trustedCertPath: trust(), allowHostNameMismatch: true }),
    undefined,
  ],
  ['no validation at all', 'expired', () => tls({ validate: false }), undefined],
];

for (const [title, certificate, settings, reason] of refusals) {
  test(`TLS: ${title}`, async () => {
    // Spark's HTTP server itself refuses a name that is not in its certificate, so Binary it is.
    const port = await thriftServer('binary', 'NOSASL', certificate);
    const attempt = count({ port, tls: settings() });
    if (reason === undefined) assert.is(await attempt, 25_000);
    else {
      const error = await failure(attempt);
      assert.is(error.code, 'COPY_CERTIFICATE_REFUSED');
      assert.is(error.facts.reason, reason);
    }
  });
}

test('TLS: the system’s trust store, as SSL_CERT_FILE names it', async () => {
  const port = await thriftServer('http', 'NONE', 'localhost');
  process.env.SSL_CERT_FILE = trust();
  try {
    assert.is(await count({ transport: 'HTTP', port, tls: tls({ useSystemTrustStore: true }) }), 25_000);
  } finally {
    delete process.env.SSL_CERT_FILE;
  }
});

test('the wrong transport is told apart from a server that is down', async () => {
  const binary = await thriftServer('binary', 'NOSASL');
  const plain = await thriftServer('binary', 'NONE');
  const http = await thriftServer('http', 'NONE');
  const codes = async (given: Given) => (await failure(count(given))).code;
  assert.is(await codes({ transport: 'Binary', port: http }), 'COPY_NOT_THRIFT');
  assert.is(await codes({ transport: 'SASL', port: binary }), 'COPY_NOT_THRIFT');
  assert.is(await codes({ transport: 'Binary', port: plain }), 'COPY_CONNECTION_LOST');
  assert.is(await codes({ transport: 'HTTP', port: http, httpPath: '/elsewhere' }), 'COPY_NOT_THRIFT');
  assert.is(await codes({ transport: 'HTTP', port: http, tls: tls() }), 'COPY_SERVER_UNREACHABLE');
  assert.is(await codes({ transport: 'HTTP', port: 1 }), 'COPY_SERVER_UNREACHABLE');
  assert.is(await codes({ host: 'no-such-host.invalid', port: 1 }), 'COPY_SERVER_UNREACHABLE');
  assert.is(await codes({ serverType: 'SharkServer', port: http }), 'COPY_SERVER_TYPE_UNSUPPORTED');
});

test('the server’s own words for a missing table, a syntax error, and a row that fails late', async () => {
  const port = await thriftServer('http', 'NONE');
  const missing = await failure(count({ transport: 'HTTP', port }, 'SELECT * FROM nowhere.nothing'));
  assert.is(missing.code, 'COPY_QUERY_FAILED');
  assert.is(missing.facts.condition, 'TABLE_OR_VIEW_NOT_FOUND');
  assert.match(missing.message, /`nowhere`\.`nothing`/);
  assert.not.match(missing.message, /\bat org\.apache/);
  const syntax = await failure(count({ transport: 'HTTP', port }, 'SELEC 1'));
  assert.is(syntax.facts.condition, 'PARSE_SYNTAX_ERROR');
  const late = await failure(
    count(
      { transport: 'HTTP', port },
      "SELECT id, IF(id = 999999, raise_error('row one million'), 1) AS x FROM range(1000001)",
    ),
  );
  assert.match(late.message, /row one million/);
});

test('a statement that is no query gives what the server gives', async () => {
  const port = await thriftServer('http', 'NONE');
  assert.ok((await count({ transport: 'HTTP', port }, 'SHOW FUNCTIONS')) > 100);
});

test('cancel ends the query on the server', async () => {
  const port = await thriftServer('binary', 'NOSASL');
  const stop = new AbortController();
  const slow = 'SELECT count(*) FROM range(100000000000) WHERE hash(id, rand()) = 1';
  const began = Date.now();
  setTimeout(() => stop.abort(), 1_000);
  const error = await failure(count({ port }, slow, stop.signal));
  assert.is(error.code, 'COPY_CANCELLED');
  assert.ok(Date.now() - began < 10_000, 'cancelled in time');
  // The server has two cores: were the query still running, this one would wait.
  assert.is(await count({ port }, 'SELECT 1'), 1);
});

test('cancel while the server has not answered yet', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined).resume());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    for (const transport of ['Binary', 'SASL', 'HTTP'] as const) {
      const stop = new AbortController();
      const began = Date.now();
      setTimeout(() => stop.abort(), 300);
      const given = { transport, host: '127.0.0.1', port: portOf(silent) };
      assert.is((await failure(count(given, 'SELECT 1', stop.signal))).code, 'COPY_CANCELLED', transport);
      assert.ok(Date.now() - began < 10_000, transport);
    }
  } finally {
    silent.close();
  }
});

/** Sends what the first server says to a client, and can break the line or say something else. */
async function between(
  port: number | (() => number),
  act: (client: Socket, chunk: Buffer, seen: number) => boolean,
): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(typeof port === 'number' ? port : port(), '127.0.0.1');
    let seen = 0;
    upstream.on('data', (chunk) => {
      seen += chunk.length;
      if (act(client, chunk, seen)) client.write(chunk);
      else upstream.destroy();
    });
    client.on('data', (chunk) => upstream.write(chunk));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined);
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

const portOf = (server: Server): number => (server.address() as { port: number }).port;

/** A proxy that breaks its first connections when so many bytes came from the server. */
async function breaking(port: number, bytes: number, times: number): Promise<{ server: Server; broken: () => number }> {
  let broken = 0;
  const server = await between(port, (client, _, seen) => {
    if (seen < bytes || broken >= times) return true;
    broken += 1;
    client.destroy();
    return false;
  });
  return { server, broken: () => broken };
}

for (const [transport, mode, bytes, title] of [
  ['HTTP', 'http', 120_000, 'where it was'],
  ['Binary', 'binary', 400_000, 'behind the last full batch when the query gives the same again'],
] as const)
  test(`${transport} goes on ${title}, and no row is lost or doubled`, async () => {
    const { server, broken } = await breaking(await thriftServer(mode, mode === 'http' ? 'NONE' : 'NOSASL'), bytes, 2);
    try {
      const source = await SparkSource.open(
        { ...base, transport, host: '127.0.0.1', port: portOf(server) },
        'SELECT id FROM range(0, 100000, 1, 1)',
        { version: '1.0', destination: 'interim' },
      );
      let next = 0n;
      for await (const batch of source.batches())
        for (const id of batch.getChildAt(0)!) {
          assert.is(id, next);
          next += 1n;
        }
      await source.close();
      assert.is(next, 100_000n);
      assert.is(source.rowsRead, 100_000);
      assert.is(broken(), 2);
    } finally {
      server.close();
    }
  });

test('HTTP asks again when the server was started anew in the middle and knows no session any more', async () => {
  const [before, after] = [await thriftServer('http', 'NONE'), await thriftServer('http', 'CUSTOM')];
  let lost = false;
  let fromNew = 0;
  const proxy = await between(
    () => (lost ? after : before),
    (client, _, seen) => {
      if (lost) fromNew += 1;
      if (lost || seen < 120_000) return true;
      lost = true;
      client.destroy();
      return false;
    },
  );
  try {
    const endpoint = { ...login, transport: 'HTTP' as const, host: '127.0.0.1', port: portOf(proxy) };
    assert.is(await count(endpoint, 'SELECT id FROM range(0, 100000, 1, 1)'), 100_000);
    assert.ok(fromNew > 0);
  } finally {
    proxy.close();
  }
});

test('Binary asks again when the connection broke before the first row', async () => {
  const port = await thriftServer('binary', 'NOSASL');
  let broken = false;
  const proxy = await between(port, (client, chunk) => {
    if (broken || chunk.length < 5_000) return true;
    broken = true;
    client.destroy();
    return false;
  });
  try {
    assert.is(await count({ host: '127.0.0.1', port: portOf(proxy) }, 'SELECT id FROM range(0, 30000, 1, 1)'), 30_000);
    assert.ok(broken);
  } finally {
    proxy.close();
  }
});

test('an idle session is kept alive by a question now and then', async () => {
  let answers = 0;
  const proxy = await between(await thriftServer('binary', 'NOSASL'), () => {
    answers += 1;
    return true;
  });
  const endpoint = {
    host: '127.0.0.1',
    port: portOf(proxy),
    tls: undefined,
    connectTimeout: 5_000,
    callTimeout: 5_000,
  };
  const session = await ThriftSession.open({
    connect: () => binaryTransport(endpoint),
    credentials: undefined,
    keepAliveAfter: 100,
  });
  try {
    const before = answers;
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    assert.ok(answers >= before + 2, `${answers - before} answers`);
    assert.match(await session.serverName(), /Spark/);
  } finally {
    await session.close();
    proxy.close();
  }
});

test('a query that gives other rows each time ends clearly instead of going on', async () => {
  const port = await thriftServer('binary', 'NOSASL');
  const { server } = await breaking(port, 400_000, 1);
  try {
    const error = await failure(
      count({ host: '127.0.0.1', port: portOf(server) }, 'SELECT id, rand() AS r FROM range(0, 100000, 1, 1)'),
    );
    assert.is(error.code, 'COPY_QUERY_NOT_REPEATABLE');
    assert.ok(Number(error.facts.rowsRead) >= 10_000);
  } finally {
    server.close();
  }
});

test('a connection that breaks again and again at the same place ends clearly', async () => {
  const port = await thriftServer('binary', 'NOSASL');
  const { server } = await breaking(port, 200_000, Number.POSITIVE_INFINITY);
  try {
    const error = await failure(
      count({ host: '127.0.0.1', port: portOf(server) }, 'SELECT id FROM range(0, 100000, 1, 1)'),
    );
    assert.is(error.code, 'COPY_CONNECTION_LOST');
    assert.ok(Number(error.facts.rowsRead) >= 10_000);
  } finally {
    server.close();
  }
});

test('a row that fails while rows are fetched, behind a million others', async () => {
  const port = await thriftServer('http', 'NONE');
  await serverSql('SET spark.sql.thriftServer.incrementalCollect = true');
  try {
    const source = await SparkSource.open(
      { ...base, transport: 'HTTP', port },
      "SELECT id, IF(id = 1000000, raise_error('row one million'), 1) AS x FROM range(0, 1500000, 1, 30)",
      { version: '1.0', destination: 'interim' },
    );
    const late = await failure(
      (async () => {
        for await (const _ of source.batches());
      })(),
    );
    await source.close();
    assert.is(late.code, 'COPY_QUERY_FAILED');
    assert.match(late.message, /row one million/);
    assert.ok(source.rowsRead >= 900_000, `${source.rowsRead} rows came before`);
  } finally {
    await serverSql('SET spark.sql.thriftServer.incrementalCollect = false');
  }
});

test('a server that answers garbage, and one that closes at once', async () => {
  const garbage = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  });
  await new Promise<void>((resolve) => garbage.listen(0, '127.0.0.1', resolve));
  const silent = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    for (const transport of ['Binary', 'SASL', 'HTTP'] as const) {
      const given = { transport, host: '127.0.0.1' };
      assert.is((await failure(count({ ...given, port: portOf(garbage) }))).code, 'COPY_NOT_THRIFT', transport);
      assert.match(
        (await failure(count({ ...given, port: portOf(silent) }))).code,
        /COPY_(NOT_THRIFT|CONNECTION_LOST|SERVER_UNREACHABLE)/,
      );
    }
  } finally {
    garbage.close();
    silent.close();
  }
});

test.run();
