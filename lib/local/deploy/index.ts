export { assemblyFolders } from './assembly';
export { deployLocal, type Deployment, type DeployOptions } from './deploy';
export { diffLocal } from './diff';
export { DeploymentError } from './failure';
