import { coSimulate } from '../coSimulate.ts';
import { BLOCK_FLOATING_POINT } from '../matrix/blockFloatingPoint.ts';

coSimulate(BLOCK_FLOATING_POINT);
