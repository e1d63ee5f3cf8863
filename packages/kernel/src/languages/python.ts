import type { LanguageModule } from '@crossview/contracts';
import { ipythonMagics, pythonInfo } from '../sub-kernels/ipython.js';
import { PythonLanguage } from '../sub-kernels/python-language.js';

const python: LanguageModule = {
  name: 'python',
  aliases: ['local'],
  title: 'Python',
  summary: 'local Python with pandas and pyarrow, without Spark',
  fileExtension: '.py',
  mimeType: 'text/x-python',
  info: pythonInfo,
  ownMagics: ipythonMagics,
  assignment: (name) => `${name} = views[${JSON.stringify(name)}].to_pandas()`,
  create: (context) => new PythonLanguage({ name: 'python', context }),
};

export default python;
