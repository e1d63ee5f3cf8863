import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root, temporaryDirectory } from './paths.js';
import { testToolchain } from './toolchain.js';

/** The password that servers with CUSTOM authentication take. */
export const serverPassword = 'Pa55 word!';

export type Authentication = 'NONE' | 'NOSASL' | 'CUSTOM';
export type Certificate = 'localhost' | 'self-signed' | 'expired' | 'other-name';

interface Jvm {
  readonly process: ChildProcess;
  readonly ask: (line: string) => Promise<string>;
}

let jvm: Promise<Jvm> | undefined;
let answers: Promise<unknown> = Promise.resolve();
const ports = new Map<string, Promise<number>>();

/** The zone of the servers' sessions: it has hours twice. */
export const serverZone = 'America/New_York';

/** Spark's own Thrift server on a free port of this host; servers and their one JVM are shared by the tests of a process. */
export function thriftServer(
  mode: 'binary' | 'http',
  authentication: Authentication,
  certificate?: Certificate,
): Promise<number> {
  const key = [mode, authentication, ...(certificate ? [keystore(certificate)] : [])].join(' ');
  let port = ports.get(key);
  if (!port) {
    port = request(`start ${key}`).then((answer) => Number(answer.replace('PORT ', '')));
    ports.set(key, port);
  }
  return port;
}

/** Runs SQL in the session that all servers share. */
export const serverSql = async (text: string): Promise<void> =>
  void (await request(`sql ${text.replace(/\s+/g, ' ')}`));

function request(line: string): Promise<string> {
  jvm ??= start();
  const answer = answers.then(async () => (await jvm!).ask(line));
  answers = answer.catch(() => undefined);
  return answer;
}

const opened = [
  'java.base/java.lang',
  'java.base/java.lang.invoke',
  'java.base/java.lang.reflect',
  'java.base/java.io',
  'java.base/java.net',
  'java.base/java.nio',
  'java.base/java.util',
  'java.base/java.util.concurrent',
  'java.base/java.util.concurrent.atomic',
  'java.base/jdk.internal.ref',
  'java.base/sun.nio.ch',
  'java.base/sun.nio.cs',
  'java.base/sun.security.action',
  'java.base/sun.util.calendar',
].map((name) => `--add-opens=${name}=ALL-UNNAMED`);

async function start(): Promise<Jvm> {
  const { java, sparkHome } = testToolchain();
  const directory = temporaryDirectory('thrift');
  const classes = join(directory, 'classes');
  mkdirSync(classes);
  const jars = join(sparkHome, 'jars', '*');
  const source = join(root, 'test/support/scala/ThriftServers.scala');
  execFileSync(
    java,
    [
      '-Xss8m',
      '-cp',
      jars,
      'scala.tools.nsc.Main',
      '-usejavacp',
      '-nowarn',
      '-encoding',
      'UTF-8',
      '-d',
      classes,
      source,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const settings = {
    'file.encoding': 'UTF-8',
    'jdk.reflect.useDirectMethodHandle': 'false',
    'io.netty.tryReflectionSetAccessible': 'true',
    'spark.ui.enabled': 'false',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.sql.warehouse.dir': join(directory, 'warehouse'),
    'spark.local.dir': join(directory, 'local'),
    'spark.sql.hive.thriftServer.singleSession': 'true',
    'spark.sql.catalogImplementation': 'in-memory',
    'spark.sql.session.timeZone': serverZone,
    'spark.sql.shuffle.partitions': '2',
    'java.io.tmpdir': directory,
  };
  const child = spawn(
    java,
    [
      '-Xmx2g',
      ...opened,
      ...Object.entries(settings).map(([key, value]) => `-D${key}=${value}`),
      '-cp',
      `${classes}:${jars}`,
      'crossview.test.ThriftServers',
    ],
    {
      cwd: directory,
      env: { ...process.env, SPARK_HOME: sparkHome, SPARK_LOCAL_IP: '127.0.0.1', SPARK_LOCAL_HOSTNAME: 'localhost' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error(`the JVM of the Thrift servers ended:\n${log}`);
    return value;
  };
  if ((await next()) !== 'READY') throw new Error('the JVM of the Thrift servers did not greet');
  unreference(child);
  return {
    process: child,
    async ask(line) {
      child.ref();
      (child.stdout as unknown as { ref(): void }).ref();
      try {
        child.stdin.write(`${line}\n`);
        const answer = await next();
        if (answer.startsWith('FAILED')) throw new Error(`${line}: ${answer}\n${log}`);
        return answer;
      } finally {
        unreference(child);
      }
    },
  };
}

/** The JVM must not keep the test process alive; standard input ends with us, and that ends the JVM. */
function unreference(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
}

let folder: string | undefined;

/** A folder with one PKCS12 store per certificate, and `ca.pem`, `self-signed.pem`, `expired.pem`. */
export function certificates(): string {
  if (folder) return folder;
  folder = temporaryDirectory('certificates');
  const { java } = testToolchain();
  const program = java === 'java' ? 'keytool' : join(dirname(java), 'keytool');
  const keytool = (...given: string[]) =>
    execFileSync(program, [...given, '-storepass', 'changeit', '-noprompt'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const pair = (name: string, host: string, ...more: string[]) =>
    keytool(
      '-genkeypair',
      '-alias',
      name,
      '-keyalg',
      'EC',
      '-dname',
      `CN=${host}`,
      '-keystore',
      `${name}.p12`,
      '-storetype',
      'PKCS12',
      '-keypass',
      'changeit',
      ...more,
    );
  const here = ['-ext', 'san=dns:localhost,ip:127.0.0.1'];
  const pem = (name: string) =>
    keytool('-exportcert', '-rfc', '-alias', name, '-keystore', `${name}.p12`, '-file', `${name}.pem`);
  pair('ca', 'Test authority', '-ext', 'bc:c', '-validity', '30');
  pem('ca');
  pair('self-signed', 'localhost', ...here, '-validity', '30');
  pem('self-signed');
  pair('expired', 'localhost', ...here, '-startdate', '-20d', '-validity', '10');
  pem('expired');
  for (const [name, host, san] of [
    ['localhost', 'localhost', here],
    ['other-name', 'other.example', ['-ext', 'san=dns:other.example']],
  ] as const) {
    pair(name, host, '-validity', '30');
    keytool('-certreq', '-alias', name, '-keystore', `${name}.p12`, '-file', `${name}.csr`);
    keytool(
      '-gencert',
      '-rfc',
      '-alias',
      'ca',
      '-keystore',
      'ca.p12',
      '-infile',
      `${name}.csr`,
      '-outfile',
      `${name}.pem`,
      '-validity',
      '30',
      ...san,
    );
    keytool('-importcert', '-alias', 'ca', '-keystore', `${name}.p12`, '-file', 'ca.pem');
    keytool('-importcert', '-alias', name, '-keystore', `${name}.p12`, '-file', `${name}.pem`);
  }
  return folder;
}

const keystore = (certificate: Certificate): string => join(certificates(), `${certificate}.p12`);

/** Text of a certificate in PEM form. */
export const certificatePem = (name: 'ca' | 'self-signed' | 'expired'): string =>
  readFileSync(join(certificates(), `${name}.pem`), 'utf8');
