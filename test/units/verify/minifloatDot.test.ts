import { coSimulate } from '../coSimulate.ts';
import { MINIFLOAT_DOT } from '../matrix/minifloatDot.ts';

coSimulate(MINIFLOAT_DOT);
