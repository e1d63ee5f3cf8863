import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Reads `+ GROUP` and `- GROUP`; when the input ends, because we ended however that came, it kills the groups that are left.
 * A shell, for it has to be small and to outlive us by a moment.
 */
const watch = `trap '' INT TERM HUP
groups=''
while read -r what group; do
  if [ "$what" = + ]; then groups="$groups $group"; continue; fi
  left=''
  for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done
  groups=$left
done
for each in $groups; do kill -9 "-$each" 2>/dev/null; done`;

let watcher: ChildProcess | undefined;

function tell(line: string): void {
  if (process.platform === 'win32') return;
  if (!watcher?.stdin?.writable) {
    watcher = spawn('/bin/sh', ['-c', watch], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    watcher.on('error', () => {});
    watcher.stdin?.on('error', () => {});
    watcher.unref();
    (watcher.stdin as unknown as { unref(): void }).unref();
  }
  watcher.stdin?.write(`${line}\n`);
}

/**
 * The process group of a child that was started with `detached` ends with us, also when we are killed: not every kernel watches its parent,
 * and what a cell has started watches nobody.
 */
export function endsWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  tell(`+ ${pid}`);
  child.once('close', () => tell(`- ${pid}`));
}
