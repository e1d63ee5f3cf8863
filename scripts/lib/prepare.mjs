// From a fresh clone to built packages, with nothing but Node's own modules: npm ci when it is due, then the compiler.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const door = join(root, 'packages', 'crossview', 'bin', 'crossview.mjs');

const oldestNode = [20, 11];

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Runs a program in the root with our terminal; ends this process when it failed or was stopped. */
export function runStep(what, command, argv, options = {}) {
  const { status, signal, error } = spawnSync(command, argv, { cwd: root, stdio: 'inherit', ...options });
  if (status === 0) return;
  const reason = error?.message ?? (signal ? `ended by ${signal}` : `exit code ${status}`);
  process.stderr.write(`${what} did not work (${reason}). Run the same command again to go on from here.\n`);
  process.exit(signal === 'SIGINT' ? 130 : (status ?? 1));
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  process.stderr.write(`Node ${process.versions.node} is too old: ${oldestNode.join('.')} or newer is needed.\n`);
  process.exit(1);
}

/** npm writes its own record last, so a record that is missing or older than the lock file means work to do. */
function packagesAreThere(lockHash, mark) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lockHash) return true;
  return statSync(record).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function installPackages() {
  const mark = join(root, 'node_modules', '.crossview-lock');
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (!packagesAreThere(lockHash, mark)) {
    say('Installing npm packages …');
    const npm = process.env.npm_execpath;
    const argv = ['ci', '--no-audit', '--no-fund'];
    if (npm?.endsWith('.js')) runStep('npm ci', process.execPath, [npm, ...argv]);
    else
      runStep('npm ci', process.platform === 'win32' ? 'npm.cmd' : 'npm', argv, {
        shell: process.platform === 'win32',
      });
  }
  writeFileSync(mark, lockHash);
}

/** @param projects for the compiler; it does only what changed since the last time. */
export function build(projects) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  runStep('The build', process.execPath, [compiler, '-b', ...projects]);
}

/** Everything up to built packages. Safe to stop and to repeat. */
export function prepare() {
  checkNode();
  installPackages();
  say('Building …');
  build(['packages/crossview']);
}
