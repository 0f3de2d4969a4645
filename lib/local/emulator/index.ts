export { clientEnvironment } from './environment';
export { installEmulator, missingForInstallation, MissingPythonError } from './install';
export {
  emulatorStatus,
  startEmulator,
  stopEmulator,
  type Emulator,
  type EmulatorOptions,
  type EmulatorStatus,
} from './start';
export { eraseState } from './state';
