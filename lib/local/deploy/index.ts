export { assemblyFolders, deployLocal, type Deployment, type DeployOptions } from './deploy';
export { DeploymentError } from './failure';
