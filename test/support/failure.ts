import { CrossviewError } from '@crossview/contracts';

/** The error of a call that must fail. @throws Error when it does not, or fails with another kind of error. */
export async function failure(run: () => unknown): Promise<CrossviewError> {
  try {
    await run();
  } catch (thrown) {
    if (thrown instanceof CrossviewError) return thrown;
    throw thrown;
  }
  throw new Error('it should have failed');
}
