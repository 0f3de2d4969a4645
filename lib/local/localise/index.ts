export { coverage, type Coverage } from './coverage';
export { localiseAssembly } from './localise-assembly';
export { type LocaliseOptions } from './localise-template';
