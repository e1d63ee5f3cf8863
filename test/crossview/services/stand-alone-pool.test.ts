import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import * as assert from 'uvu/assert';
import { runDoor, startDoor } from '../../support/door.js';
import { temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';
import { testToolchain } from '../../support/toolchain.js';

const test = suite('crossview pool', undefined, { timeout: 60_000 });

test('serves a foreign client by the string it prints, and ends on Ctrl+C', async () => {
  const directory = temporaryDirectory('pool');
  const child = startDoor(['pool', '-d', directory], { CROSSVIEW_POOL_PASSWORD: 'Correct-Horse-1' });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line);
    if (line.startsWith('Ctrl+C')) break;
  }
  const settings = /Server=tcp:127\.0\.0\.1,(\d+);.*User ID=(\w+);Password=([^;]+);/.exec(lines.join('\n'));
  assert.ok(settings, lines.join('\n'));
  const [, port = '', user = '', password = ''] = settings;
  assert.is(password, 'Correct-Horse-1');
  const script = `import pytds, sys
c = pytds.connect(dsn='127.0.0.1', port=int(sys.argv[1]), user=sys.argv[2], password=sys.argv[3], database='master', autocommit=True)
k = c.cursor(); k.execute('SELECT 40 + 2'); print(k.fetchone()[0])`;
  const answer = execFileSync(testToolchain().python, ['-c', script, port, user, password], { encoding: 'utf8' });
  assert.is(answer.trim(), '42');
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  assert.is(code, 0);
});

test('refuses what is no port', () => {
  const run = runDoor(['pool', '-p', 'abc'], {});
  assert.is(run.code, 1);
  assert.match(run.stderr, /POOL_ARGUMENTS/);
});

test.run();
