import { type KernelSession, startKernelSession } from './kernel-session.js';
import { newSpark, type TestSpark } from './spark.js';
import type { suite } from './suite.js';

/** A kernel whose cells are PySpark by default, on a Spark of its own, from before the suite's first test until after its last. */
export function kernelOnSpark(test: ReturnType<typeof suite>): {
  readonly session: KernelSession;
  readonly spark: TestSpark;
} {
  const started: { session?: KernelSession; spark?: TestSpark } = {};
  test.before(
    async () => {
      started.spark = await newSpark();
      started.session = await startKernelSession({ defaultLanguage: 'pyspark', on: started.spark });
    },
    { timeout: 180_000 },
  );
  test.after(async () => {
    await started.session?.close();
    await started.spark?.host.close();
    await started.spark?.session.close();
  });
  return {
    get session() {
      return started.session!;
    },
    get spark() {
      return started.spark!;
    },
  };
}
