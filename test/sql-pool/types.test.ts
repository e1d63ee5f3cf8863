import { defineCorpus } from './corpus/case.js';
import { cases, prepare } from './corpus/types.js';

defineCorpus('types', prepare, cases);
