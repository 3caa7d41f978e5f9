import { specifyExperiment } from './experiment-spec.ts';
import * as subjects from './experiment-subjects.ts';

specifyExperiment(subjects);
