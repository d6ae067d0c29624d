import { coSimulate } from '../coSimulate.ts';
import { MINIFLOAT } from '../matrix/minifloat.ts';

coSimulate(MINIFLOAT);
