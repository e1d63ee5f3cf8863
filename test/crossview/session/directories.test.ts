import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { places } from '../../../packages/crossview/src/places.js';
import {
  liveSessions,
  makeSessionDirectories,
  removeDeadSessions,
  removeSessionDirectories,
} from '../../../packages/crossview/src/session/directories.js';
import { root, temporaryDirectory } from '../../support/paths.js';
import { suite } from '../../support/suite.js';

const test = suite('session directories', undefined, { timeout: 30_000 });

test('are for this user only, and removed twice without harm', () => {
  const here = places({ CROSSVIEW_HOME: temporaryDirectory('home') });
  const session = makeSessionDirectories(here);
  for (const path of [session.root, session.arrow]) assert.is(statSync(path).mode & 0o777, 0o700, path);
  if (existsSync('/dev/shm')) assert.match(session.arrow, /^\/dev\/shm\//);
  assert.equal(
    liveSessions(here).map(({ id }) => id),
    [session.id],
  );
  removeSessionDirectories(session);
  removeSessionDirectories(session);
  assert.not.ok(existsSync(session.root));
  assert.not.ok(existsSync(session.arrow));
});

test('of a killed process are removed by the next start, those of a live one are not', async () => {
  const home = temporaryDirectory('home');
  const here = places({ CROSSVIEW_HOME: home });
  const alive = makeSessionDirectories(here);
  const module = join(root, 'packages/crossview/src');
  const script = `
    import { makeSessionDirectories } from '${module}/session/directories.ts';
    import { places } from '${module}/places.ts';
    console.log(JSON.stringify(makeSessionDirectories(places())));
    setInterval(() => {}, 1000);`;
  const file = join(home, 'session.ts');
  writeFileSync(file, script);
  const child = spawn(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    env: { ...process.env, CROSSVIEW_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const dead = JSON.parse(line.toString()) as { root: string; arrow: string };
  writeFileSync(join(dead.arrow, 'view.arrow'), 'x');
  assert.is(removeDeadSessions(here), 0);
  child.kill('SIGKILL');
  await once(child, 'close');
  assert.is(removeDeadSessions(here), 1);
  assert.not.ok(existsSync(dead.root));
  assert.not.ok(existsSync(dead.arrow));
  assert.ok(existsSync(alive.arrow));
  removeSessionDirectories(alive);
});

test('a root without an owner is left alone while it is young', () => {
  const here = places({ CROSSVIEW_HOME: temporaryDirectory('home') });
  const young = join(here.sessions, 'young');
  mkdirSync(young, { recursive: true });
  assert.is(removeDeadSessions(here), 0);
  utimesSync(young, 0, 0);
  assert.is(removeDeadSessions(here), 1);
  assert.not.ok(existsSync(young));
});

test('an owner file that names a foreign path removes nothing there', () => {
  const here = places({ CROSSVIEW_HOME: temporaryDirectory('home') });
  const foreign = temporaryDirectory('foreign');
  const session = join(here.sessions, 'bad');
  mkdirSync(session, { recursive: true });
  writeFileSync(join(session, 'owner.json'), JSON.stringify({ pid: 999_999_999, startTime: '1', arrow: foreign }));
  assert.is(removeDeadSessions(here), 1);
  assert.ok(existsSync(foreign));
});

test.run();
