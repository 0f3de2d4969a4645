/* Every environment there is. To add one, write its file beside this one and export it here. */
export { dev } from './dev';
export { staging } from './staging';
export { prod } from './prod';
export { local } from './local';
