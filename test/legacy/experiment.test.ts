import { specifyExperiment } from '../decorators/experiment-spec.ts';
import * as subjects from './experiment-subjects.ts';

specifyExperiment(subjects);
