/** What a deployment says of itself; CodeDeploy keeps it, and hooks and people read it. */
export interface DeploymentWords {
  /** What it is. */
  readonly kind: 'release' | 'rollback' | 'quick';
  /** Commit that the new tasks tell as theirs. */
  readonly commit: string;
  /** Who or what started it. */
  readonly by: string;
}

const FORM = /^(release|rollback|quick) of ([\w.+-]{1,64}) by (.+)$/;
/** CodeDeploy takes 256 (its API model, DescriptionTooLongException). */
const LONGEST = 256;

/** The description of a deployment. */
export function describeDeployment({ kind, commit, by }: DeploymentWords): string {
  return `${kind} of ${commit} by ${by}`.slice(0, LONGEST);
}

/** What a description says; nothing when it is not one of ours. */
export function readDescription(text: string | undefined): DeploymentWords | undefined {
  const [, kind, commit, by] = FORM.exec(text ?? '') ?? [];
  if (kind === undefined || commit === undefined || by === undefined) return undefined;
  return { kind: kind as DeploymentWords['kind'], commit, by };
}
