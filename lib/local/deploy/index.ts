export { assemblyFolders } from './assembly';
export { bridgeArn, ensureBridge } from './bridge-function';
export { cdk } from './cdk';
export { deployLocal, type Deployment, type DeployOptions } from './deploy';
export { diffLocal } from './diff';
export { DeploymentError } from './failure';
