import { specifyCaptured } from '../decorators/captured-spec.ts';
import * as subjects from './captured-subjects.ts';

specifyCaptured(subjects);
