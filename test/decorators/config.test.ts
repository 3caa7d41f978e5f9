import { specifyConfig } from './config-spec.ts';
import * as subjects from './config-subjects.ts';

specifyConfig(subjects);
