export { playAll, playOne } from './play';
export { SCENARIOS } from './registry';
export { listText } from './text';
