import { coSimulate } from '../coSimulate.ts';
import { FIXED_POINT } from '../matrix/fixedPoint.ts';

coSimulate(FIXED_POINT);
