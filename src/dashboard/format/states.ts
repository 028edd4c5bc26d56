import type { State } from '../../job/state.js';
import { english as t } from '../english.js';

// In the order of the navigation. Object.keys is typed string[]; the Record type guarantees exactly the states.
export const stateOrder = Object.keys(t.states) as readonly State[];
