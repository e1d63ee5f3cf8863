/** Says how a long piece of work goes on. One line that changes on a terminal, plain lines elsewhere. */
export interface Progress {
  /** Begins a step; the one before it is finished. */
  step(title: string): void;
  /** What is done just now. `fraction` is 0 to 1 where it is known. */
  update(detail: string, fraction?: number): void;
  /** A line that stays. */
  note(text: string): void;
  /** Ends the last step. May be called twice. */
  end(): void;
}

export const silentProgress: Progress = { step() {}, update() {}, note() {}, end() {} };

const tenSeconds = 10_000;

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}

/** @param stream usually standard error, so that standard output stays for results. */
export function terminalProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const live = stream.isTTY === true;
  let title = '';
  let started = 0;
  let drawn = false;
  let lastLine = '';
  let lastWritten = 0;
  let announcement: ReturnType<typeof setTimeout> | undefined;

  // Without a terminal a step says its name when it has taken a moment, so that steps with nothing to do stay silent.
  const announce = (): void => {
    if (announcement === undefined) return;
    clearTimeout(announcement);
    announcement = undefined;
    stream.write(`  ${title} …\n`);
  };
  const clear = (): void => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  const finish = (): void => {
    clear();
    clearTimeout(announcement);
    announcement = undefined;
    if (title !== '' && Date.now() - started > 300) stream.write(`  ${title} (${seconds(started)})\n`);
    title = '';
  };
  return {
    step(next) {
      finish();
      title = next;
      started = Date.now();
      lastLine = '';
      if (live) {
        stream.write(`  ${next} …`);
        drawn = true;
      } else {
        announcement = setTimeout(announce, 300);
      }
    },
    update(detail, fraction) {
      const percent = fraction === undefined ? '' : ` ${Math.floor(Math.min(1, fraction) * 100)} %`;
      if (live) {
        const width = (stream.columns ?? 80) - 1;
        clear();
        stream.write(`  ${title}: ${detail}${percent}`.slice(0, width));
        drawn = true;
        return;
      }
      announce();
      // Without a terminal each new thing gets one line, and a slow download one every ten seconds.
      if (detail === lastLine && (fraction === undefined || Date.now() - lastWritten < tenSeconds)) return;
      lastLine = detail;
      lastWritten = Date.now();
      stream.write(`    ${detail}${percent}\n`);
    },
    note(text) {
      clear();
      stream.write(`  ${text}\n`);
    },
    end: finish,
  };
}
