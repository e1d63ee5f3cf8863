import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Reads `+ GROUP` and `- GROUP`, `add KERNEL ADDRESS` and `drop KERNEL`; when the input ends, because we ended however that
 * came, it kills the groups that are left and has the kernels deleted. A shell, for it has to be small and to outlive us by a
 * moment. What it is told stands on no command line.
 */
const watch = `trap '' INT TERM HUP
groups=''
kernels=''
while read -r what which rest; do
  case $what in
  +) groups="$groups $which" ;;
  -)
    left=''
    for each in $groups; do [ "$each" = "$which" ] || left="$left $each"; done
    groups=$left ;;
  add) kernels="$kernels $which=$rest" ;;
  drop)
    left=''
    for each in $kernels; do [ "\${each%%=*}" = "$which" ] || left="$left $each"; done
    kernels=$left ;;
  esac
done
for each in $groups; do kill -9 "-$each" 2>/dev/null; done
[ -z "$kernels" ] || printf '%s' "$kernels" | "$1" "$2"`;

const deleteKernels = fileURLToPath(new URL('./sub-kernels/delete-kernels.js', import.meta.url));

let watcher: ChildProcess | undefined;

function tell(line: string): void {
  if (process.platform === 'win32') return;
  if (!watcher?.stdin?.writable) {
    watcher = spawn('/bin/sh', ['-c', watch, 'sh', process.execPath, deleteKernels], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
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

/**
 * A kernel on a Jupyter Server is deleted there when we end, also when we are killed: nobody else would.
 * @returns what says that it is deleted already
 */
export function deletedWithUs(kernel: {
  readonly id: string;
  readonly url: string;
  readonly token: string;
}): () => void {
  tell(`add ${kernel.id} ${encodeURIComponent(JSON.stringify([kernel.url, kernel.token]))}`);
  return () => tell(`drop ${kernel.id}`);
}
