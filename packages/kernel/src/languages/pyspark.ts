import { CrossviewError, type LanguageModule } from '@crossview/contracts';
import { toCellError } from '../cell/to-jupyter-error.js';
import { frameOptions } from '../sql/frame-output.js';
import { ipythonMagics, pythonInfo } from '../sub-kernels/ipython.js';
import { PythonLanguage } from '../sub-kernels/python-language.js';

function sparkEnded(lastWords: string): CrossviewError {
  return new CrossviewError(
    'SPARK_ENDED',
    `The Spark JVM ended while it worked for the cell. Its last words were:\n${lastWords}`,
    {
      hint: 'The next Spark cell starts a new one; views and variables that lived in Spark are gone.',
      facts: { lastWords },
    },
  );
}

const pyspark: LanguageModule = {
  name: 'pyspark',
  aliases: [],
  title: 'PySpark',
  summary: 'Python attached to the notebook’s Spark session (spark, sc, sqlContext)',
  fileExtension: '.py',
  mimeType: 'text/x-python',
  info: pythonInfo,
  // `frame = %sql …` is Spark's own there, and makes no view.
  ownMagics: [...ipythonMagics, 'sql'],
  options: frameOptions,
  assignment: (name) => `${name} = spark.table(${JSON.stringify(name)})`,
  create(context) {
    const { spark, views } = context;
    let lastWords: string | undefined;
    spark.onExit((words) => {
      lastWords = words;
    });
    return new PythonLanguage({
      name: 'pyspark',
      context,
      async beforeCell() {
        lastWords = undefined;
        const environment = await spark.pythonEnvironment();
        await views.offerToSpark();
        return { attach: environment };
      },
      async explain(error) {
        // Py4J only says that nobody answers; that the JVM is gone is noticed a moment later.
        const nobodyAnswers = /^(Py4JNetworkError|Py4JError|Connection\w*Error|EOFError)$/.test(error.name);
        for (let waited = 0; nobodyAnswers && lastWords === undefined && waited < 2000; waited += 50)
          await new Promise((resolve) => setTimeout(resolve, 50));
        return lastWords === undefined ? error : toCellError(sparkEnded(lastWords));
      },
      onStop: (cell) => spark.cancelJobs(cell.id),
    });
  },
};

export default pyspark;
