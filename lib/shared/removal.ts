import { RemovalPolicy } from 'aws-cdk-lib';
import type { Environment } from '../config/schema';

/** What happens to what keeps state when its stack, or it alone, is deleted. */
export function removalPolicy(environment: Environment): RemovalPolicy {
  return environment.removal === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}
