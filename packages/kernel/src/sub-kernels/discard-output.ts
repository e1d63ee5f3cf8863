import { type CellOutput, CrossviewError } from '@crossview/contracts';

/** For questions that the kernel asks itself: nobody sees what they print. */
export const discard: CellOutput = {
  stream() {},
  display() {},
  updateDisplay() {},
  result() {},
  clear() {},
  input: () => Promise.reject(new CrossviewError('STDIN_NOT_ALLOWED', 'There is nobody to ask here')),
};
