import type { Settings } from './settings';

/** Environment by which SDK clients and the emulator's functions speak to the stand-in. */
export interface CodeDeployEnvironment {
  /** CodeDeploy. */
  readonly AWS_ENDPOINT_URL_CODEDEPLOY: string;
  /** ECS, the emulator's with the task sets added. */
  readonly AWS_ENDPOINT_URL_ECS: string;
}

/** See {@link CodeDeployEnvironment}. */
export function codeDeployEnvironment({
  port,
  ecsPort,
}: Pick<Settings, 'port' | 'ecsPort'>): CodeDeployEnvironment {
  return {
    AWS_ENDPOINT_URL_CODEDEPLOY: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_ECS: `http://127.0.0.1:${ecsPort}`,
  };
}
