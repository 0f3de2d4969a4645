/** Parameters that the bridge keeps what is deployed of CodeDeploy in; below it `applications`, `groups`, `configs`. */
export const CATALOGUE_PATH = '/local/codedeploy';
