import type { CellOutput } from '@crossview/contracts';

/** Shows nothing; questions to the user still reach them. */
export function withoutOutputs(output: CellOutput): CellOutput {
  return {
    stream() {},
    display() {},
    updateDisplay() {},
    result() {},
    clear() {},
    input: (prompt, password) => output.input(prompt, password),
  };
}
