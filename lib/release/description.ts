/** What a deployment says of itself; CodeDeploy keeps it, and hooks and people read it. */
export interface DeploymentWords {
  /** What it is. */
  readonly kind: 'release' | 'rollback' | 'quick';
  /** Commit that the new tasks tell as theirs. */
  readonly commit: string;
  /** Who or what started it. */
  readonly by: string;
  /**
   * `family:revision` of what had the traffic before: once it is over nothing else in CodeDeploy or ECS tells it.
   * @default - it does not say
   */
  readonly inPlaceOf?: string;
}

const FORM = /^(release|rollback|quick) of ([\w.+-]{1,64}) by (.+?)(?: in place of ([\w-]+:\d+))?$/;
/** CodeDeploy takes 256 (its API model, DescriptionTooLongException). */
const LONGEST = 256;
/** Room that is left for who started it. */
const LEAST_BY = 40;

/** The description of a deployment. Too long, who started it is cut. */
export function describeDeployment({ kind, commit, by, inPlaceOf }: DeploymentWords): string {
  const head = `${kind} of ${commit} by `;
  const tail = inPlaceOf === undefined ? '' : ` in place of ${inPlaceOf}`;
  const room = LONGEST - head.length - tail.length;
  return room < LEAST_BY ? `${head}${by}`.slice(0, LONGEST) : `${head}${by.slice(0, room)}${tail}`;
}

/** What a description says; nothing when it is not one of ours. */
export function readDescription(text: string | undefined): DeploymentWords | undefined {
  const [, kind, commit, by, inPlaceOf] = FORM.exec(text ?? '') ?? [];
  if (kind === undefined || commit === undefined || by === undefined) return undefined;
  return {
    ...{ kind: kind as DeploymentWords['kind'], commit, by },
    ...(inPlaceOf !== undefined && { inPlaceOf }),
  };
}
