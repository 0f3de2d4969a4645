import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Environment } from '../config/schema';

/** What every stack of an environment is given. */
export interface PlatformStackProps extends StackProps {
  /** The environment the stack belongs to. */
  readonly environment: Environment;
}

/** A stack of one environment: its account, region and zones come from the configuration, so that synth looks nothing up. */
export abstract class PlatformStack extends Stack {
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, {
      ...props,
      env: { account: props.environment.account, region: props.environment.region },
      terminationProtection: props.environment.tier === 'production',
    });
    this.zones = props.environment.availabilityZones;
  }

  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}
