import type { LanguageModule } from '@crossview/contracts';
import { frameOptions } from '../sql/frame-output.js';
import { ipythonMagics, pythonInfo } from '../sub-kernels/ipython.js';
import { PythonLanguage } from '../sub-kernels/python-language.js';

const pyspark: LanguageModule = {
  name: 'pyspark',
  aliases: [],
  title: 'PySpark',
  summary: 'Python attached to the notebook’s Spark session (spark, sc, sqlContext)',
  fileExtension: '.py',
  mimeType: 'text/x-python',
  info: pythonInfo,
  ownMagics: ipythonMagics,
  options: frameOptions,
  assignment: (name) => `${name} = spark.table(${JSON.stringify(name)})`,
  create(context) {
    const { spark, views } = context;
    return new PythonLanguage({
      name: 'pyspark',
      context,
      async beforeCell() {
        const environment = await spark.pythonEnvironment();
        await views.offerToSpark();
        return { attach: environment };
      },
      onStop: (cell) => spark.cancelJobs(cell.id),
    });
  },
};

export default pyspark;
