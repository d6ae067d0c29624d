import { coSimulate } from '../coSimulate.ts';
import { MULTIPLIER_FREE } from '../matrix/multiplierFree.ts';

coSimulate(MULTIPLIER_FREE);
