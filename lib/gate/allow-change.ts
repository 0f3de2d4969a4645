import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { type Waiver, WAIVERS } from '../release/guard/model';
import { problemsOfLeave } from './waivers';

/**
 * Lets one change of one resource through the guard of a release, until a day. Write it beside the resource; for what is
 * removed, one release before. The guard refuses what it does not name exactly; the gate refuses at synth what has expired,
 * holds for more than a year, or was written without it in another form.
 * @param construct - the resource, or the construct whose own resource it is
 * @param leave - the change in the guard's own words, why it is right, who answers for it and until when
 * @throws Error with everything that is wrong with it
 */
export function allowChange(construct: IConstruct, leave: Waiver): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  const { path } = construct.node;
  const problems = problemsOfLeave(leave);
  if (!resource || !CfnResource.isCfnResource(resource))
    problems.push('it stands beside no resource: name the construct whose default child is the resource');
  else if (problems.length === 0) {
    const others = (resource.getMetadata(WAIVERS) as readonly Waiver[] | undefined) ?? [];
    if (!others.some(({ change }) => change === leave.change)) {
      resource.addMetadata(WAIVERS, [...others, leave]);
      return;
    }
    problems.push(`the change "${leave.change}" has its leave already: say it once`);
  }
  throw new Error(`allowChange on ${path}: ${problems.join('; ')}.`);
}
