import { specifyConfig } from '../decorators/config-spec.ts';
import * as subjects from './config-subjects.ts';

specifyConfig(subjects as never);
