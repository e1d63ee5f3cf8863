import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './definitions.js';

defineCorpus('definitions', prepare, cases);
