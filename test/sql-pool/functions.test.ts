import { defineCorpus } from './corpus/case.js';
import { cases, prepare } from './corpus/functions.js';

defineCorpus('functions', prepare, cases);
