import { defineCorpus } from '../../support/corpus.js';
import { cases, prepare } from './changes.js';

defineCorpus('changes', prepare, cases);
